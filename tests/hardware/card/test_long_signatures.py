"""Signatures of long RSA keys: by APDUs of which length they are asked for, and what becomes of a card that wants another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from traceback import walk_tb

import pytest

from hardware.card import active
from hardware.card.apdu import Command, Response
from hardware.card.dialogue import read_citizen
from hardware.card.files import AskedTooMuch, Files, ReadSize
from hardware.card.public_keys import RsaKey
from hardware.card.refusal import Refused
from hardware.card.secure_messaging import SecureMessaging
from kiosk.domain.proof import Check, Proof
from kiosk.domain.secret import Secret
from tests.hardware.card import pki
from tests.hardware.card.proving_chip import ProvingChip, Session
from tests.hardware.card.test_active import message, signed
from tests.hardware.card.test_passive import DG1
from tests.hardware.card.test_proving import TRUSTED, files_of

SHORT, EXTENDED = 0x100, 0x10000
RSA = pki.new_key("rsa")
GROUPS = {1: DG1, 15: pki.tlv(0x6F, RSA.info())}


def sign(challenge: bytes) -> bytes:
    return signed(RSA, message("sha256", "34CC", challenge=challenge))


class Ending:
    """A chip that ends its session, in the clear, at a signature of these lengths; each reading is a new one."""

    def __init__(self, *lengths: int, signs: Callable[[bytes], bytes] = sign) -> None:
        self.lengths, self.signs = lengths, signs
        self.asked: list[int] = []

    def read(self, size: ReadSize) -> Proof:
        chip = ProvingChip(files_of(GROUPS), self.signs)

        def transmit(command: Command) -> Response:
            if command.header == 0x0C880000:
                self.asked.append(command.le or 0)
                if command.le in self.lengths:
                    return Response(b"", 0x6700)
            return chip(command)

        return read_citizen(transmit, Secret("123456"), date(2026, 11, 24), size=size, anchors=TRUSTED).proof


@pytest.mark.parametrize("key_bytes", [128, 192, 215, 216, 223, 224, 225, 231, 232, 256, 512])
@pytest.mark.parametrize("cipher", [1, 2], ids=["3DES", "AES"])
def test_what_fits_a_short_answer(key_bytes: int, cipher: int):
    """An answer is asked for by a long APDU just where the chip's side of secure messaging makes it longer than a short one."""
    session = Session((bytes(16), bytes(range(16))), cipher)
    answer = session.seal(Response(bytes(key_bytes), 0x9000)).data
    key = RsaKey((1 << 8 * key_bytes) - 1, 65537)
    assert active.needs_extended_length(key, session.block) == (len(answer) > 256)


@pytest.mark.parametrize(("ends", "asked"), [(EXTENDED, [EXTENDED, SHORT]), (SHORT, [EXTENDED])])
def test_a_session_that_a_signature_ended_is_run_again_with_the_other_length(ends: int, asked: list[int]):
    """A card that ends its session at a long answer is asked for a short one the next time, and is genuine."""
    card, size = Ending(ends), ReadSize()
    if len(asked) > 1:
        with pytest.raises(AskedTooMuch):
            card.read(size)
    assert card.read(size).active == Check("held")
    assert card.asked == asked


def test_a_copy_that_ends_every_session_is_refused():
    """Whoever has no key and answers each length in the clear is a copy, not a card that cannot be read."""
    card, size = Ending(EXTENDED, SHORT), ReadSize()
    with pytest.raises(AskedTooMuch):
        card.read(size)
    for _ in range(2):
        with pytest.raises(Refused, match="the chip does not sign") as caught:
            card.read(size)
        assert caught.value.refusal.reason == "not_genuine"


def test_what_asks_for_a_second_try_holds_nothing_of_the_first():
    """The error is kept until the second try has ended: no frame that it leads to has the zone, the details, or a key of the session."""
    with pytest.raises(AskedTooMuch) as caught:
        Ending(EXTENDED).read(ReadSize())
    assert caught.value.__context__ is None
    frames = [frame.f_locals for frame, _ in walk_tb(caught.tb) if "hardware/card/" in frame.f_code.co_filename]
    held = [value for each in frames if "caught" not in each for value in each.values()]
    assert not any(isinstance(value, (bytes, bytearray, SecureMessaging, Files)) for value in held)
