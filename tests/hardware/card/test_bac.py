"""Basic Access Control: the worked example of Doc 9303-11, appendix D, and everything that must not lead to it."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs

from hardware.card import bac
from hardware.card.apdu import Command, Response
from hardware.card.dialogue import open_card, read_citizen
from hardware.card.refusal import Refused
from kiosk.domain.access_key import MrzKey
from kiosk.domain.faults import ProtocolError
from kiosk.domain.secret import Secret
from tests.hardware.card.hands import AYGUN
from tests.hardware.card.school_bac import BacChip

INFORMATION = "AA0000001190010113001019"
ZONE = "I<AZEAA000000117ABC1D2<<<<<<<<9001011F3001019AZE<<<<<<<<<<<6MAMMADOVA<<AYGUN<<<<<<<<<<<<<<"
DG1 = bytes.fromhex("615D5F1F5A") + ZONE.encode()
TODAY = date(2026, 11, 24)
IN_THE_ZONE = structs.replace(AYGUN, surname="MAMMADOVA", given_names="AYGUN")
CAN = Secret("123456")
RND_IFD, K_IFD = bytes.fromhex("781723860C06C226"), bytes.fromhex("0B795240CB7049B01C19B33E32804F0B")
ANSWER = "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449"
PACE_INFO = "31143012060A04007F0007020204020202010202010D"


def key() -> MrzKey:
    return MrzKey("AA0000001", "900101", "300101")


def printed(answer: str = ANSWER + "9000", sent: list[str] | None = None) -> bac.Transmit:
    """Return the chip of appendix D."""
    answers = iter(["4608F919887022129000", answer])

    def transmit(command: Command) -> Response:
        if sent is not None:
            sent.append(command.to_bytes().hex().upper())
        return Response.from_bytes(bytes.fromhex(next(answers)))

    return transmit


def draw(size: int) -> bytes:
    return {8: RND_IFD, 16: K_IFD}[size]


def opened(transmit: bac.Transmit) -> bac.SecureMessaging:
    return bac.open_session(transmit, MrzKey("L898902C", "690806", "940623"), draw)


def test_the_printed_example():
    """With the challenges of D.3 both commands, both session keys and the counter are the printed ones."""
    sent: list[str] = []
    talk = opened(printed(sent=sent))
    assert sent == [
        "0084000008",
        "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A728",
    ]
    assert talk._enc.hex().upper() == "979EC13B1CBFE9DCD01AB0FED307EAE5"
    assert talk._mac.hex().upper() == "F1CB1F1FB5ADF208806B89DC579DC1F8"
    assert talk._counter == 0x887022120C06C226


@pytest.mark.parametrize("bit", range(0, 320, 7))
def test_a_changed_answer_opens_nothing(bit: int):
    """Whatever bit of the card's answer is turned over, there is no session."""
    answer = bytearray.fromhex(ANSWER)
    answer[bit // 8] ^= 0x80 >> bit % 8
    with pytest.raises(ProtocolError):
        opened(printed(answer.hex() + "9000"))


@pytest.mark.parametrize("swap", [slice(0, 8), slice(8, 16)], ids=["its own challenge", "our challenge"])
def test_an_answer_to_another_challenge_opens_nothing(swap: slice):
    """A well sealed answer that does not return both challenges is no answer to us."""
    enc, mac = bac._document_keys(MrzKey("L898902C", "690806", "940623"))
    plain = bytearray(bac.TRIPLE_DES.decrypt(enc, bytes(8), bytes.fromhex(ANSWER)[:32]))
    plain[swap] = bytes(8)
    sealed = bac.TRIPLE_DES.encrypt(enc, bytes(8), bytes(plain))
    with pytest.raises(ProtocolError, match="both challenges"):
        opened(printed((sealed + bac.TRIPLE_DES.token(mac, sealed)).hex() + "9000"))


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("6300", "wrong_key"),
        ("63C1", "wrong_key"),
        ("6982", "wrong_key"),
        ("6985", "wrong_key"),
        ("6988", "wrong_key"),
        ("6A80", "wrong_key"),
        ("6A88", "wrong_key"),
        ("6A86", "unsupported"),
        ("6D00", "unsupported"),
    ],
)
def test_a_refused_authentication(status: str, reason: str):
    """However a card calls a cryptogram that does not fit, the key was wrong; a command that it does not know makes it unsupported."""
    with pytest.raises(Refused) as refused:
        opened(printed(status))
    assert refused.value.refusal.reason == reason


@pytest.mark.parametrize("answer", ["9000", "469000", ANSWER + "009000", "6F00"])
def test_a_damaged_answer_is_a_protocol_error(answer: str):
    """Too short, too long, no diagnosis."""
    with pytest.raises(ProtocolError):
        opened(printed(answer))


@pytest.mark.parametrize("card_access", [None, "3100", "310F300D060804007F0007020202020101"])
def test_a_card_without_pace_is_opened_with_its_zone(card_access: str | None):
    """No EF.CardAccess, or nothing about PACE in it: the zone's key opens the card, and the citizen is read."""
    chip = BacChip(INFORMATION, {0x0101: DG1}, bytes.fromhex(card_access) if card_access else None)
    assert read_citizen(chip, key(), TODAY) == IN_THE_ZONE
    done = chip.headers()
    first = done.index("00840000")
    assert done[first - 1 : first + 2] == ["00A4040C", "00840000", "00820000"]
    assert all(header.startswith("0C") for header in done[first + 2 :])


@pytest.mark.parametrize("card_access", [None, "3100"])
def test_an_access_number_never_leads_to_it(card_access: str | None):
    """Without PACE a CAN opens nothing and is not even tried; an identity card says what it needs: the key of its zone."""
    chip = BacChip(INFORMATION, {0x0101: DG1}, bytes.fromhex(card_access) if card_access else None)
    with pytest.raises(Refused) as refused:
        open_card(chip, CAN)
    assert refused.value.refusal.reason == "zone_needed"
    assert not {"00840000", "00820000"} & set(chip.headers())


OFFERS = {
    "reserved parameters": "31143012060A04007F00070202040202020102020113",
    "version 1": "31143012060A04007F0007020204020202010102010D",
    "an unknown mapping": "31143012060A04007F0007020204050202010202010D",
    "parameters of its own": "3111300F060A04007F00070202040202020102",
    "a domain parameter info alone": "310F300D060904007F0007020204023000",
}


@pytest.mark.parametrize("name", OFFERS)
def test_pace_that_we_cannot_run_never_leads_to_it(name: str):
    """A card that offers PACE, however strange, is not opened by the older protocol: it may be made to look strange."""
    chip = BacChip(INFORMATION, {0x0101: DG1}, bytes.fromhex(OFFERS[name]))
    with pytest.raises(Refused) as refused:
        open_card(chip, key())
    assert refused.value.refusal.reason == "unsupported"
    assert "00840000" not in chip.headers()


@pytest.mark.parametrize("damaged", ["3114", "30003100", "31023000", PACE_INFO[:-2], "318401020304"])
def test_a_damaged_card_access_never_leads_to_it(damaged: str):
    """What cannot be understood may have been PACE."""
    chip = BacChip(INFORMATION, {0x0101: DG1}, bytes.fromhex(damaged))
    with pytest.raises(ProtocolError):
        open_card(chip, key())
    assert "00840000" not in chip.headers()


class Refusing(BacChip):
    """Answers some commands with a status."""

    def __init__(self, statuses: dict[int, int], card_access: str | None) -> None:
        super().__init__(INFORMATION, {0x0101: DG1}, bytes.fromhex(card_access) if card_access else None)
        self.statuses = statuses

    def plain(self, command: Command) -> Response:
        if command.header in self.statuses:
            return Response(b"", self.statuses[command.header])
        return super().plain(command)


@pytest.mark.parametrize("status", [0x6982, 0x6985, 0x6986, 0x6A81, 0x6A86, 0x6D00, 0x6E00, 0x6F00, 0x6A88])
def test_a_card_access_that_is_not_shown_never_leads_to_it(status: int):
    """Only 6A82 says that there is no EF.CardAccess; any other refusal of it ends the attempt."""
    for statuses in ({0x00B09C00: status, 0x00A4020C: status}, {0x00B09C00: status, 0x00B00000: status}):
        chip = Refusing(statuses, "3100")
        with pytest.raises(Refused) as refused:
            open_card(chip, key())
        assert refused.value.refusal.reason == "unsupported"
        assert "00840000" not in chip.headers()


@pytest.mark.parametrize(
    ("statuses", "error"),
    [
        ({0x0022C1A4: 0x9000, 0x10860000: 0x6300}, Refused),
        ({0x0022C1A4: 0x9000, 0x10860000: 0x63C0}, Refused),
        ({0x0022C1A4: 0x9000, 0x10860000: 0x6A80}, ProtocolError),
        ({0x0022C1A4: 0x9000, 0x10860000: 0x6983}, ProtocolError),
        ({0x0022C1A4: 0x6A80}, Refused),
        ({0x0022C1A4: 0x6A88}, Refused),
        ({0x0022C1A4: 0x6D00}, Refused),
    ],
)
def test_a_failed_pace_never_leads_to_it(statuses: dict[int, int], error: type[Exception]):
    """A wrong key, a refused step, a refused protocol: after PACE has been offered nothing else is tried."""
    chip = Refusing(statuses, PACE_INFO)
    with pytest.raises(error):
        open_card(chip, key())
    assert not {"00840000", "00820000"} & set(chip.headers())


def test_a_wrong_zone_is_a_wrong_key_and_is_not_tried_again():
    """One authentication, one refusal, nothing after it."""
    chip = BacChip(INFORMATION, {0x0101: DG1})
    with pytest.raises(Refused) as refused:
        open_card(chip, MrzKey("AA0000002", "900101", "300101"))
    assert refused.value.refusal.reason == "wrong_key"
    assert chip.headers()[-1] == "00820000"
    assert chip.headers().count("00820000") == 1


def test_the_derived_keys_are_overwritten(monkeypatch: pytest.MonkeyPatch):
    """What the zone's key became is zeros in the memory where it was, whether the card opened or not."""
    made: list[bytearray] = []
    original = bac._document_keys

    def watched(given: MrzKey) -> tuple[bytearray, bytearray]:
        keys = original(given)
        made.extend(keys)
        return keys

    monkeypatch.setattr(bac, "_document_keys", watched)
    opened(printed())
    with pytest.raises(Refused):
        opened(printed("6300"))
    assert len(made) == 4
    assert not any(any(each) for each in made)
