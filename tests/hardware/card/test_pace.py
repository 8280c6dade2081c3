"""PACE with generic mapping: the printed example, and a chip computed with plain arithmetic for the other curves."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from hardware.card import pace, pace_info
from hardware.card.apdu import Command, Response
from hardware.card.refusal import Refused
from kiosk.domain.access_key import MrzKey
from kiosk.domain.faults import ProtocolError
from kiosk.domain.secret import Secret
from tests.hardware.card.school_chip import CURVES, KEY_BYTES, SchoolChip

# ICAO Doc 9303-11, appendix G.1: ECDH, generic mapping, brainpoolP256r1, AES-128, the password of the zone T22000129.
PASSWORD = "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD"
K_PI = "89DED1B26624EC1E634C1989302849DD"
CARD_ACCESS = "31143012060A04007F0007020204020202010202010D"
NONCE = 0x3F00C4D39D153F2B2A214A078D899B22
SK_MAP = 0x7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99
SK = 0xA73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595
SHARED_H = "60332EF2450B5D247EF6D3868397D398852ED6E8CAF6FFEEF6BF85CA57057FD50840CA7415BAF3E43BD414D35AA4608B93A2CAF3A4E3EA4E82C9C13D03EB7181"
MAPPED_G = "8CED63C91426D4F0EB1435E7CB1D74A46723A0AF21C89634F65A9AE87A9265E28C879506743F8611AC33645C5B985C80B5F09A0B83407C1B6A4D857AE76FE522"
SECRET_K = "28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925"
KS_ENC, KS_MAC = "F5F0E35C0D7161EE6724EE513A0D9A7F", "FE251C7858B356B24514B3BD5F4297D1"
DIALOGUE = [
    ("0022C1A412800A04007F0007020204020283010184010D", "9000"),
    ("10860000027C0000", "7C12801095A3A016522EE98D01E76CB6B98B42C39000"),
    (
        "10860000457C438141047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D00",
        "7C43824104824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C549000",
    ),
    (
        "10860000457C438341042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB3646200",
        "7C438441049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F0949000",
    ),
    ("008600000C7C0A8508C2B0BD78D94BA86600", "7C0A86083ABB9674BCE93C089000"),
]
AES_128_ON_P256 = pace_info.PaceInfo("0.4.0.127.0.7.2.2.4.2.2", 13)


def played(dialogue: list[tuple[str, str]], sent: list[str] | None = None) -> pace.Transmit:
    """Return a card that answers as printed, whatever it is sent; ``sent`` keeps what it was."""
    answers = iter(dialogue)

    def transmit(command: Command) -> Response:
        if sent is not None:
            sent.append(command.to_bytes().hex().upper())
        return Response.from_bytes(bytes.fromhex(next(answers)[1]))

    return transmit


def draws(*keys: int) -> Callable[[int], int]:
    rest: Iterator[int] = iter(keys)
    return lambda _: next(rest)


def test_the_printed_example():
    """With the keys of Doc 9303-11 G.1 every command and both session keys are the printed ones."""
    sent: list[str] = []
    info = pace_info.choose(pace_info.parse_card_access(bytes.fromhex(CARD_ACCESS)))
    talk = pace.open_session(
        played(DIALOGUE, sent), info, bytes.fromhex(PASSWORD), reference=pace.MRZ, draw=draws(SK_MAP, SK)
    )
    assert sent == [command for command, _ in DIALOGUE]
    assert (talk._enc.hex().upper(), talk._mac.hex().upper()) == (KS_ENC, KS_MAC)


def test_the_printed_intermediate_values(monkeypatch: pytest.MonkeyPatch):
    """K_π, the nonce, H, the mapped generator and the shared secret of G.1 come up on the way, and no other secrets."""
    derived: list[tuple[str, int, str]] = []
    original = pace.cipher.derive

    def derive(secret: bytes | bytearray, counter: int, key_bytes: int) -> bytearray:
        key = original(secret, counter, key_bytes)
        derived.append((bytes(secret).hex().upper(), counter, key.hex().upper()))
        return key

    monkeypatch.setattr(pace.cipher, "derive", derive)
    run = pace._Run(played(DIALOGUE[1:]), AES_128_ON_P256, draws(SK_MAP))
    nonce = run._nonce(bytes.fromhex(PASSWORD))
    assert int.from_bytes(nonce, "big") == NONCE
    group = AES_128_ON_P256.group
    assert group.encode(run._mapped(nonce).generator)[1:].hex().upper() == MAPPED_G
    assert not any(nonce), "the nonce was left in memory"
    chip_mapping_key = group.decode(bytes.fromhex(DIALOGUE[2][1])[4:-2])
    assert group.encode(group.power(chip_mapping_key, SK_MAP))[1:].hex().upper() == SHARED_H
    pace.open_session(played(DIALOGUE), AES_128_ON_P256, bytes.fromhex(PASSWORD), draw=draws(SK_MAP, SK))
    assert derived[1:] == [(PASSWORD, 3, K_PI), (SECRET_K, 1, KS_ENC), (SECRET_K, 2, KS_MAC)]


@pytest.mark.parametrize("parameters", sorted(CURVES))
@pytest.mark.parametrize("aes", sorted(KEY_BYTES))
def test_every_curve_and_key_length(aes: int, parameters: int):
    """With each supported combination terminal and chip come to the same session keys, and the CAN opens."""
    chip = SchoolChip(aes, parameters, b"123456")
    info = pace_info.PaceInfo(f"0.4.0.127.0.7.2.2.4.2.{aes}", parameters)
    talk = pace.open_session(chip, info, Secret("123456"))
    assert (bytes(talk._enc), bytes(talk._mac)) == chip.keys


def test_the_zone_opens_as_the_zone():
    """An MrzKey is the password that Doc 9303-11 G.1 prints, and MSE says that it is the zone's, whatever the caller says."""
    sent: list[str] = []
    key = MrzKey("T22000129", "640812", "101031")
    talk = pace.open_session(played(DIALOGUE, sent), AES_128_ON_P256, key, draw=draws(SK_MAP, SK))
    assert sent == [command for command, _ in DIALOGUE]
    assert (talk._enc.hex().upper(), talk._mac.hex().upper()) == (KS_ENC, KS_MAC)


def test_the_other_can_does_not_open():
    """A chip with another CAN refuses our token, which is a wrong key."""
    with pytest.raises(Refused) as refused:
        pace.open_session(SchoolChip(2, 13, b"123457"), AES_128_ON_P256, Secret("123456"))
    assert refused.value.refusal.reason == "wrong_key"


@pytest.mark.parametrize("status", ["6300", "63C2"])
def test_a_wrong_can_is_a_wrong_key(status: str):
    """63xx at the token is a wrong key, and the session does not exist."""
    with pytest.raises(Refused) as refused:
        pace.open_session(played([*DIALOGUE[:4], ("", status)]), AES_128_ON_P256, Secret("000000"))
    assert refused.value.refusal.reason == "wrong_key"


@pytest.mark.parametrize("status", ["6A80", "6A86", "6D00"])
def test_a_card_that_refuses_the_protocol_is_unsupported(status: str):
    """MSE:Set AT refused means a card that we cannot read."""
    with pytest.raises(Refused) as refused:
        pace.open_session(played([("", status)]), AES_128_ON_P256, Secret("123456"))
    assert refused.value.refusal.reason == "unsupported"


@pytest.mark.parametrize("status", ["63C1", "63C2", "63CF"])
def test_a_card_that_counts_tries_is_opened(status: str):
    """63Cx to MSE:Set AT is a warning that tells how many tries are left: the password is selected, and the right one opens."""
    sent: list[str] = []
    dialogue = [(DIALOGUE[0][0], status), *DIALOGUE[1:]]
    pace.open_session(
        played(dialogue, sent), AES_128_ON_P256, bytes.fromhex(PASSWORD), pace.MRZ, draw=draws(SK_MAP, SK)
    )
    assert len(sent) == len(DIALOGUE)


@pytest.mark.parametrize(
    ("status", "step"),
    [
        *((status, step) for status in ("63C0", "6283", "6983", "6984", "6A88") for step in (0, 1)),
        ("6982", 1),
        ("6985", 1),
    ],
)
def test_an_access_number_that_cannot_open_leads_to_the_zone(status: str, step: int):
    """Blocked, suspended, deactivated or not there: the card says so, at the first command or the second, and its zone is asked for."""
    with pytest.raises(Refused) as refused:
        pace.open_session(played([*DIALOGUE[:step], ("", status)]), AES_128_ON_P256, Secret("123456"))
    assert refused.value.refusal.reason == "zone_needed"


OWN_KEY = DIALOGUE[3][0][18:-2]
SPOILED = {
    "no nonce": (1, "7C009000"),
    "half a nonce": (1, "7C0A8008" + "95A3A016522EE98D" + "9000"),
    "a point beside the curve": (2, DIALOGUE[2][1][:-6] + "559000"),
    "a coordinate too large": (2, "7C43824104" + "FF" * 64 + "9000"),
    "a compressed point": (2, "7C23822102" + "11" * 32 + "9000"),
    "another tag": (2, DIALOGUE[2][1].replace("7C438241", "7C438441")),
    "our own key back": (3, "7C438441" + OWN_KEY + "9000"),
    "a wrong token": (4, "7C0A86083ABB9674BCE93C099000"),
    "a refused step": (3, "6985"),
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_a_damaged_run_is_a_protocol_error(spoiled: str):
    """Whatever is wrong with an answer, it is noticed there and then: nothing more is sent, and no session comes of it."""
    step, answer = SPOILED[spoiled]
    dialogue, sent = [*DIALOGUE[:step], ("", answer), *DIALOGUE[step + 1 :]], []
    with pytest.raises(ProtocolError):
        pace.open_session(played(dialogue, sent), AES_128_ON_P256, bytes.fromhex(PASSWORD), draw=draws(SK_MAP, SK))
    assert len(sent) == step + 1


def test_the_number_is_revealed_only_after_the_nonce():
    """A card that does not even send its nonce never makes the terminal look at the CAN."""

    class Watched(Secret):
        def reveal(self) -> str:
            raise AssertionError("revealed")

        def octets(self) -> bytearray:
            raise AssertionError("revealed")

    with pytest.raises(Refused):
        pace.open_session(played([("", "6A80")]), AES_128_ON_P256, Watched("123456"))
    with pytest.raises(ProtocolError):
        pace.open_session(played([("", "9000"), ("", "6F00")]), AES_128_ON_P256, Watched("123456"))


def test_the_offer_that_we_can_run_is_chosen():
    """Among Triple-DES, integrated mapping, a terminal authentication and generic mapping, the last is taken."""
    infos = [
        "3012060A04007F0007020204020102010202010D",  # Triple-DES
        "3012060A04007F0007020204040202010202010D",  # integrated mapping
        "300D060804007F0007020202020101",  # terminal authentication
        "3012060A04007F0007020204020402010202010F",  # generic mapping, AES-256, P-384
    ]
    body = bytes.fromhex("".join(infos))
    parsed = pace_info.parse_card_access(b"\x31" + bytes([len(body)]) + body)
    assert len(parsed) == 3
    assert pace_info.choose(parsed) == pace_info.PaceInfo("0.4.0.127.0.7.2.2.4.2.4", 15)


@pytest.mark.parametrize(
    "card_access",
    ["3100", "310F300D060804007F0007020202020101", "31143012060A04007F00070202040202020102020113"],
    ids=["nothing", "terminal authentication", "reserved parameters"],
)
def test_no_offer_of_ours_is_unsupported(card_access: str):
    """No PACE at all, or only with domain parameters that nobody knows: unsupported."""
    with pytest.raises(Refused) as refused:
        pace_info.choose(pace_info.parse_card_access(bytes.fromhex(card_access)))
    assert refused.value.refusal.reason == "unsupported"


@pytest.mark.parametrize("damaged", ["", "31", "3114301206", "0403010203", CARD_ACCESS + "00", CARD_ACCESS[:-2]])
def test_a_damaged_card_access_is_a_protocol_error(damaged: str):
    """EF.CardAccess that is no SET of SecurityInfo is damaged, not unsupported."""
    with pytest.raises(ProtocolError):
        pace_info.parse_card_access(bytes.fromhex(damaged))
