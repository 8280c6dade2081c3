"""PACE with every mapping, group and cipher: the other printed examples, and a chip of school arithmetic for the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hardware.card import cipher, pace, pace_info
from hardware.card.apdu import Command, Response
from hardware.card.domain_parameters import GROUPS
from hardware.card.groups import masked_power
from hardware.card.mapping import field_element
from hardware.card.pace_info import PaceInfo
from hardware.card.refusal import Refused
from kiosk.domain.faults import ProtocolError
from kiosk.domain.secret import Secret
from tests.hardware.card.pace_examples import CHIP_DATA, CHIP_KEY, EXAMPLES, Example
from tests.hardware.card.school_chip import CURVES, DH_GM, DH_IM, ECDH_CAM, ECDH_GM, ECDH_IM, SchoolChip
from tests.hardware.card.school_primes import PRIME_FIELDS

ARC = "0.4.0.127.0.7.2.2.4"
CAM = next(example for example in EXAMPLES if example.branch == ECDH_CAM)


def info_of(example: Example) -> PaceInfo:
    return PaceInfo(f"{ARC}.{example.branch}.2", example.parameters)


def run(example: Example, monkeypatch: pytest.MonkeyPatch, dialogue: list[tuple[str, str]] | None = None):
    """Run the example with the printed draws; return what was sent and what was opened."""
    original, sent = cipher.derive, []
    answers = iter(dialogue or example.dialogue)

    def derive(secret: bytes | bytearray, counter: int, key_bytes: int) -> bytearray:
        if counter == cipher.PASSWORD and not example.password:
            return bytearray.fromhex(example.k_pi)
        return original(secret, counter, key_bytes)

    def transmit(command: Command) -> Response:
        sent.append(command.to_bytes().hex().upper())
        return Response.from_bytes(bytes.fromhex(next(answers)[1]))

    monkeypatch.setattr(cipher, "derive", derive)
    drawn = iter(int(number, 16) for number in example.drawn)
    opened = pace.run(transmit, info_of(example), bytes.fromhex(example.password), pace.MRZ, lambda _: next(drawn))
    return sent, opened


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_printed_examples(example: Example, monkeypatch: pytest.MonkeyPatch):
    """With the printed draws every command and both session keys are the printed ones; MSE also names the group."""
    sent, opened = run(example, monkeypatch)
    assert sent[0] == f"0022C1A412{example.dialogue[0][0][10:]}8401{example.parameters:02X}"
    assert sent[1:] == [command for command, _ in example.dialogue[1:]]
    assert opened.session._enc.hex().upper() == example.ks_enc
    assert opened.session._mac.hex().upper() == example.ks_mac


@pytest.mark.parametrize(
    ("prime_of", "s", "t", "expected"),
    [
        (
            13,
            "2923BE84E16CD6AE529049F1F1BBE9EB",
            "5DD4CBFC96F5453B130D890A1CDBAE32",
            "A2F8FF2DF50E52C6599F386ADCB595D229F6A167ADE2BE5F2C3296ADD5B7430E",
        ),
        (
            0,
            "FA5B7E3E49753A0DB9178B7B9BD898C8",
            "B3A6DB3C870C3E99245E0D1C06B747DE",
            (
                "A0C7C50C002061A51CC87D254EF38068607417B6EE1B36473CFB800D2D2E5FA2B6980F01105D24FAB22ACD1BFA5C8A4C"
                "093ECDFAFE6D7125D42A843E338603835CF19AFAFF75EFE21DC5F6AA1F9AE46C25087E7368166FB08C1E4627AFED7D93"
                "570417B790FF7F747E57F432B04E1236819E0DFEF5B6E77CA4999925328182D2"
            ),
        ),
    ],
    ids=["H.1", "H.2"],
)
def test_the_printed_field_elements(prime_of: int, s: str, t: str, expected: str):
    """Rp(s, t) is the printed one, and so is the generator that is made of it."""
    group = GROUPS[prime_of]
    found = field_element(group.prime, bytes.fromhex(s), bytes.fromhex(t), cipher.AES)
    assert found == int(expected, 16)
    printed = next(example.generator for example in EXAMPLES if example.drawn[0] == t)
    assert group.encode(group.from_field(found)).hex().upper() == printed


def test_the_printed_chip_is_proved(monkeypatch: pytest.MonkeyPatch):
    """The chip authentication data of I.1 is the printed one and fits the printed key of the chip, and no other key."""
    proof = run(CAM, monkeypatch)[1].proof
    assert proof.data.hex().upper() == CHIP_DATA
    assert proof.parameter_id == 13
    assert proof.proves(bytes.fromhex(CHIP_KEY))
    assert not proof.proves(GROUPS[13].encode(GROUPS[13].generator))
    with pytest.raises(ProtocolError):
        proof.proves(bytes.fromhex(CHIP_KEY[:-2] + "00"))


@pytest.mark.parametrize(
    "last",
    [
        "7C0A86088596CF055C67C1A39000",
        "7C0C86088596CF055C67C1A38A009000",
        CAM.dialogue[4][1][:-8] + "00009000",
    ],
    ids=["none", "empty", "padding"],
)
def test_damaged_chip_data_ends_the_run(last: str, monkeypatch: pytest.MonkeyPatch):
    """PACE-CAM without its proof, or with a damaged one, opens nothing, though both tokens are right."""
    with pytest.raises(ProtocolError):
        run(CAM, monkeypatch, [*CAM.dialogue[:4], ("", last)])


def test_chip_data_is_nothing_for_another_mapping(monkeypatch: pytest.MonkeyPatch):
    """A card that sends chip authentication data where none may be is not trusted (4.4.5)."""
    example = EXAMPLES[0]
    with pytest.raises(ProtocolError):
        run(example, monkeypatch, [*example.dialogue[:4], ("", "7C0C8608917F37B5C0E6D8D18A009000")])


def test_our_own_key_is_not_taken_back(monkeypatch: pytest.MonkeyPatch):
    """A card that mirrors our public value knows no password: the run ends there."""
    example = EXAMPLES[0]
    mirrored = "7C8183848180" + example.dialogue[3][0].removeprefix("10860000867C8183838180")[:256] + "9000"
    with pytest.raises(ProtocolError, match="our own"):
        run(example, monkeypatch, [*example.dialogue[:3], ("", mirrored), example.dialogue[4]])


def _table() -> list[tuple[int, int, int]]:
    """Every line of tables 2 and 3 with every group it may have; each group with every mapping, each cipher twice."""
    found = []
    for last in (1, 2, 3, 4):
        found += [(branch, last, parameters) for branch in (DH_GM, DH_IM) for parameters in PRIME_FIELDS]
        found += [(branch, last, 13) for branch in (ECDH_GM, ECDH_IM)]
        found += [(ECDH_CAM, last, 13)] if last > 1 else []
    found += [(ECDH_IM, 4, parameters) for parameters in CURVES if parameters != 10]
    found += [(ECDH_CAM, 3, parameters) for parameters in CURVES]
    return found + [(ECDH_GM, 1, parameters) for parameters in CURVES]


@pytest.mark.parametrize(("branch", "last", "parameters"), _table())
def test_every_line_of_the_table(branch: int, last: int, parameters: int):
    """Whatever the card offers of Doc 9303-11, terminal and chip come to the same keys; with CAM the chip is proved."""
    chip = SchoolChip(last, parameters, b"123456", branch)
    info = PaceInfo(f"{ARC}.{branch}.{last}", parameters)
    assert info.supported
    opened = pace.run(chip, info, Secret("123456"))
    assert (bytes(opened.session._enc), bytes(opened.session._mac)) == chip.keys
    if branch == ECDH_CAM:
        assert opened.proof is not None
        assert opened.proof.proves(chip.chip_public())
    else:
        assert opened.proof is None


@pytest.mark.parametrize(("branch", "last"), [(DH_GM, 1), (DH_IM, 4), (ECDH_IM, 1), (ECDH_CAM, 2)])
def test_another_password_opens_nothing(branch: int, last: int):
    """With every mapping a wrong number is a wrong key."""
    parameters = 0 if branch in (DH_GM, DH_IM) else 13
    with pytest.raises(Refused) as refused:
        pace.run(
            SchoolChip(last, parameters, b"123457", branch), PaceInfo(f"{ARC}.{branch}.{last}", parameters), Secret("1")
        )
    assert refused.value.refusal.reason == "wrong_key"


@pytest.mark.parametrize("parameters", sorted(PRIME_FIELDS))
def test_the_prime_fields_are_what_rfc_5114_says_they_are(parameters: int):
    """Both numbers pass Fermat's test, the order divides p - 1, and the generator has that order."""
    p, g, q = PRIME_FIELDS[parameters]
    group = GROUPS[parameters]
    assert (group.prime, group.generator, group.order) == (p, g, q)
    assert all(pow(base, n - 1, n) == 1 for n in (p, q) for base in (2, 3, 5))
    assert (p - 1) % q == 0
    assert pow(g, q, p) == 1


def _outside(group: int) -> dict[str, bytes]:
    p = PRIME_FIELDS[group][0]
    numbers = {"0": 0, "1": 1, "p - 1": p - 1, "p": p, "2, of another order": 2}
    return {name: number.to_bytes((number.bit_length() + 7) // 8 or 1, "big") for name, number in numbers.items()}


@pytest.mark.parametrize("name", _outside(0))
def test_a_residue_outside_the_subgroup_is_refused(name: str):
    """A public value that would tell our private key is not even raised to a power (RFC 2631, 2.1.5)."""
    with pytest.raises(ProtocolError):
        GROUPS[0].decode(_outside(0)[name])


@pytest.mark.parametrize("number", sorted(GROUPS))
def test_a_masked_power_is_the_power(number: int):
    """The two random parts come to the whole, at the ends of the range too."""
    group = GROUPS[number]
    for exponent in (1, 2, group.order - 1, 0x3F00C4D39D153F2B2A214A078D899B22):
        assert group.encode(masked_power(group, exponent)) == group.encode(group.power(group.generator, exponent))


@pytest.mark.parametrize(
    ("offers", "chosen"),
    [
        (["2.1/13", "4.2/13", "2.2/13", "6.2/13"], "6.2/13"),
        (["4.2/13", "2.2/13"], "2.2/13"),
        (["1.2/2", "2.2/13"], "1.2/2"),
        (["2.2/8", "2.4/15", "2.2/13"], "2.4/15"),
        (["6.2/8", "2.2/12"], "2.2/12"),
        (["2.1/13", "2.2/8"], "2.2/8"),
        (["2.1/13", "2.2/19"], "2.1/13"),
        (["4.2/10", "2.1/10"], "2.1/10"),
    ],
)
def test_the_best_offer_is_taken(offers: list[str], chosen: str):
    """AES before 3DES, strong groups before weak ones, CAM before GM before IM, and then the card's own order."""
    infos = {offer: PaceInfo(f"{ARC}.{offer.split('/')[0]}", int(offer.split("/")[1])) for offer in offers}
    assert pace_info.choose(list(infos.values())) == infos[chosen]


UNSUPPORTED: dict[str, Callable[[], PaceInfo]] = {
    "parameters of the card's own": lambda: PaceInfo(f"{ARC}.2.2", None),
    "reserved parameters": lambda: PaceInfo(f"{ARC}.2.2", 19),
    "a curve for DH": lambda: PaceInfo(f"{ARC}.1.2", 13),
    "residues for ECDH": lambda: PaceInfo(f"{ARC}.2.2", 0),
    "CAM with 3DES": lambda: PaceInfo(f"{ARC}.6.1", 13),
    "IM on P-224": lambda: PaceInfo(f"{ARC}.4.2", 10),
    "an unknown mapping": lambda: PaceInfo(f"{ARC}.5.2", 13),
    "an unknown cipher": lambda: PaceInfo(f"{ARC}.2.5", 13),
    "version 1": lambda: PaceInfo(f"{ARC}.2.2", 13, 1),
    "no protocol": lambda: PaceInfo("1.2", 13),
}


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_is_not_in_the_table_is_not_run(name: str):
    """Each is an offer of PACE, named in the evidence, and none is run."""
    info = UNSUPPORTED[name]()
    with pytest.raises(Refused, match="not supported") as refused:
        pace_info.choose([info])
    assert refused.value.refusal.reason == "unsupported"
