"""A card is proven from its power-up on: what holds, what fails, what is not offered, and what is asked in which order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from hardware.card import chip_authentication, proving
from hardware.card.apdu import Command, Response
from hardware.card.dialogue import read_citizen
from hardware.card.refusal import Refused
from hardware.card.sim_chip import Chip
from hardware.card.sim_mrz import check_digit
from hardware.card.sim_persons import PERSONS
from hardware.card.sim_pki import country_authority
from hardware.card.trust import Anchors
from kiosk.domain.access_key import MrzKey
from kiosk.domain.faults import ProtocolError
from kiosk.domain.proof import Check, Proof
from kiosk.domain.secret import Secret
from tests.hardware.card import pki
from tests.hardware.card.proof_examples import AGREEMENTS
from tests.hardware.card.proving_chip import CA_KEY, CARD_ACCESS, CARD_ACCESS_CAM, ProvingChip, dg14_of
from tests.hardware.card.school_chip import SchoolChip
from tests.hardware.card.test_passive import DG1, STATE, ZONE, anchors_of

TRUSTED = anchors_of(STATE.authority, lists=(STATE.revocations(),))
KEY = pki.new_key("plain")
DG15 = pki.tlv(0x6F, KEY.info())
HELD, NOT_OFFERED, NOT_CHECKED = Check("held"), Check("not_offered"), Check("not_checked")
WAYS = ["3des", "aes128", "aes192", "aes256"]


def files_of(groups: Mapping[int, bytes], sod: bytes = b"") -> dict[int, bytes]:
    """Return the files of a card by their short identifiers, signed by the state."""
    return {**groups, 0x1D: sod or STATE.sod(groups)}


def proof_of(chip: Callable[[Command], Response], anchors: Anchors | None = TRUSTED) -> Proof:
    citizen = read_citizen(chip, Secret("123456"), date(2026, 11, 24), anchors=anchors)
    assert citizen.full_name == "AYGUN MAMMADOVA"
    return citizen.proof


def refusal_of(chip: Callable[[Command], Response], anchors: Anchors = TRUSTED) -> str:
    with pytest.raises(Refused) as caught:
        proof_of(chip, anchors)
    assert caught.value.refusal.reason == "not_genuine"
    return caught.value.refusal.evidence


def test_without_trust_anchors_nothing_is_asked():
    """A kiosk that trusts nobody reads the card as it did before, and says that nothing was checked."""
    chip = ProvingChip(files_of({1: DG1}))
    assert proof_of(chip, None) == Proof()
    assert [told[2:4] for told in chip.told][-2:] == ["B0", "B0"]


def test_a_genuine_card_that_has_expired_is_told_so():
    """A card whose signatures hold and whose validity is over is refused as expired, not as false."""
    chip = ProvingChip(files_of({1: DG1}))
    with pytest.raises(Refused) as caught:
        read_citizen(chip, Secret("123456"), date(2031, 1, 1), anchors=TRUSTED)
    assert caught.value.refusal.reason == "expired"
    assert not any(each.isdigit() for each in caught.value.refusal.evidence), (
        "the date opens the card, and this is journalled"
    )


def expiring(field: bytes) -> ProvingChip:
    """Return a card whose zone has this date of expiry, with the right check digits."""
    first, second, third = ZONE[:30].decode(), ZONE[30:60].decode(), ZONE[60:]
    weighed = second[:8] + field.decode() + check_digit(field.decode()) + second[15:29]
    composite = check_digit(first[5:30] + weighed[:7] + weighed[8:15] + weighed[18:29])
    return ProvingChip(files_of({1: DG1[:5] + ZONE[:30] + (weighed + composite).encode() + third}))


@pytest.mark.parametrize(
    ("field", "last"), [(b"261123", "2026-11-23"), (b"2611<<", "2026-11-30"), (b"28<<<<", "2028-12-31")]
)
def test_a_card_is_valid_to_the_last_day_that_it_may_mean(field: bytes, last: str):
    """A date of which the issuer knew only the year, or year and month, is over when its last day is."""
    day = date.fromisoformat(last)
    assert read_citizen(expiring(field), Secret("123456"), day, anchors=TRUSTED).proof.passive == HELD
    with pytest.raises(Refused) as caught:
        read_citizen(expiring(field), Secret("123456"), day + timedelta(days=1), anchors=TRUSTED)
    assert caught.value.refusal.reason == "expired"


def test_a_card_without_a_date_of_expiry_has_not_expired():
    """Nobody can say that a card is over that does not say until when it runs: it is taken, with a remark."""
    proof = proof_of(expiring(b"<<<<<<"))
    assert proof.passive == Check("held", "no date of expiry")


def test_a_card_without_a_security_object_is_refused():
    """Every eMRTD has an EF.SOD: one that shows none is refused where somebody is trusted, and read where nothing is proven."""
    assert "the card has no EF.SOD" in refusal_of(ProvingChip({1: DG1}))
    assert proof_of(ProvingChip({1: DG1}), None) == Proof()


OFFERED, WEAK = CARD_ACCESS[2:], bytes.fromhex("3012060A04007F0007020204020102010202010D")


@pytest.mark.parametrize(
    ("shown", "signed"),
    [(OFFERED + WEAK, OFFERED), (OFFERED, OFFERED + WEAK), (OFFERED, WEAK)],
    ids=["added", "hidden", "exchanged"],
)
def test_a_card_access_that_nobody_signed_is_refused(shown: bytes, signed: bytes):
    """EF.CardAccess is read in the clear: a way of PACE added to it or taken from it is found by its copy in EF.DG14."""
    chip = ProvingChip(files_of({1: DG1, 14: dg14_of("aes128", access=pki.tlv(0x31, signed))}), ca="aes128")
    chip.card_access = pki.tlv(0x31, shown)
    assert "EF.CardAccess is not the one that was signed" in refusal_of(chip)


def opened_by_bac(hidden: bool) -> Proof:
    """Return the proof of a simulated card that has BAC, and PACE too where it is to be hidden from the terminal."""
    chip = Chip(replace(PERSONS["aygun"], access=("PACE", "BAC") if hidden else ("BAC",)))

    def without_card_access(command: Command) -> Response:
        asked = command.header >> 8 == 0x00B09C or command.data == bytes.fromhex("011C")
        return Response(b"", 0x6A82) if asked else Response.from_bytes(chip.process(command.to_bytes()))

    state, zone = country_authority(), PERSONS["aygun"].mrz()
    key = MrzKey(zone[5:14], zone[30:36], zone[38:44])
    anchors = anchors_of(state.certificate.encoded, lists=(state.revocations,))
    return read_citizen(without_card_access, key, date(2026, 11, 28), anchors=anchors).proof


def test_a_card_that_hides_its_pace_is_refused():
    """The state signed that the card has PACE: whoever hides EF.CardAccess to have it opened by BAC is found out."""
    assert opened_by_bac(hidden=False).level == "genuine"
    with pytest.raises(Refused, match=r"EF\.CardAccess is not the one that was signed") as caught:
        opened_by_bac(hidden=True)
    assert caught.value.refusal.reason == "not_genuine"


def test_what_is_not_about_pace_may_stand_in_the_signed_copy_alone():
    """EF.DG14 has more than EF.CardAccess, but not less; a copy that it does not have at all is a remark, for early cards have none."""
    chip = ProvingChip(files_of({1: DG1, 14: dg14_of("aes128", access=pki.tlv(0x31, b""))}), ca="aes128")
    proof = proof_of(chip)
    assert (proof.level, proof.passive.detail) == ("genuine", "EF.DG14 does not repeat EF.CardAccess")


def test_signed_data_alone_are_authentic():
    """A card with a security object alone proves its data, not its chip."""
    proof = proof_of(ProvingChip(files_of({1: DG1})))
    assert proof == Proof(HELD, NOT_OFFERED, NOT_OFFERED)
    assert (proof.level, proof.suffices("authentic"), proof.suffices("genuine")) == ("authentic", True, False)


def test_active_authentication_makes_it_genuine():
    """With EF.DG15 the chip signs a challenge, and the card is genuine."""
    proof = proof_of(ProvingChip(files_of({1: DG1, 15: DG15}), KEY.sign))
    assert proof == Proof(HELD, HELD, NOT_OFFERED)
    assert proof.suffices("genuine")


@pytest.mark.parametrize("group", [0, 2, 12, 13, 17])
@pytest.mark.parametrize("ca", WAYS)
def test_chip_authentication_makes_it_genuine(ca: str, group: int):
    """Each cipher on residues and on curves that are written out; the weak cipher is told."""
    proof = proof_of(ProvingChip(files_of({1: DG1, 14: dg14_of(ca, group)}), ca=ca, group=group))
    assert proof == Proof(HELD, NOT_OFFERED, Check("held", "3des" if ca == "3des" else ""))
    assert proof.suffices("genuine")


def test_a_key_without_its_info_is_for_3des():
    """The first documents have a key and do not say for what."""
    groups = {1: DG1, 14: dg14_of("3des", with_info=False)}
    assert proof_of(ProvingChip(files_of(groups), ca="3des")).chip == Check("held", "3des")


def test_whatever_is_offered_must_hold():
    """A card that offers both proves itself twice; the order is SOD, DG14, DG15, Active, Chip Authentication, its proof."""
    chip = ProvingChip(files_of({1: DG1, 14: dg14_of("aes128"), 15: DG15}), KEY.sign, "aes128")
    assert proof_of(chip) == Proof(HELD, HELD, HELD)
    starts = [told for told in chip.told if told[2:4] != "B0" or int(told[4:6], 16) & 0x80]
    assert starts[-7:] == ["00B09D00", "00B08E00", "00B08F00", "00880000", "002241A4", "00860000", "00B08E00"]
    chip = ProvingChip(
        files_of({1: DG1, 14: dg14_of("aes128"), 15: DG15}), pki.new_key("plain", label="x").sign, "aes128"
    )
    assert "active failed" in refusal_of(chip)


def test_a_long_signature_is_spared_where_the_chip_has_another_way():
    """An RSA key of 2048 bits needs extended length, which many readers lack: Chip Authentication is enough then."""
    dg15 = pki.tlv(0x6F, pki.new_key("rsa").info())
    chip = ProvingChip(files_of({1: DG1, 14: dg14_of("aes128"), 15: dg15}), KEY.sign, "aes128")
    proof = proof_of(chip)
    assert (proof.active.outcome, proof.chip, proof.level) == ("not_checked", HELD, "genuine")
    assert "00880000" not in chip.told


def card_security_of(point: bytes, number: int = 13, **changed: Any) -> bytes:
    """Return EF.CardSecurity with a key on standardised domain parameters."""
    info = pki.seq(pki.seq(pki.oid("0.4.0.127.0.7.1.2"), pki.number(number)), pki.bits(point))
    key = pki.seq(pki.oid("0.4.0.127.0.7.2.2.1.2"), info, pki.number(number))
    content = pki.tlv(0x31, key)
    return pki.signed_data("0.4.0.127.0.7.3.2.1", content, STATE.signer_key, [STATE.signer], **changed)


MAPPED = SchoolChip(2, 13, b"").chip_public()
OTHER = SchoolChip(2, 13, b"").group.code(SchoolChip(2, 13, b"").group.generator)
FULL = {1: DG1, 14: dg14_of("aes128", access=CARD_ACCESS_CAM)}


def test_a_mapping_that_proves_the_chip():
    """PACE-CAM with the key of a signed EF.CardSecurity is the proof, and Chip Authentication is not needed."""
    chip = ProvingChip(files_of(FULL), ca="aes128", master={0x1D: card_security_of(MAPPED)})
    proof = proof_of(chip)
    assert (proof.chip, proof.level) == (Check("held", "PACE-CAM"), "genuine")
    assert "002241A4" not in chip.told


def test_a_mapping_leaves_the_application_selected():
    """EF.CardSecurity stands beside the application, the key of EF.DG15 in it: a chip that has both proves both."""
    files = files_of({**FULL, 15: DG15})
    proof = proof_of(ProvingChip(files, KEY.sign, "aes128", master={0x1D: card_security_of(MAPPED)}))
    assert (proof.active.outcome, proof.chip.detail, proof.level) == ("held", "PACE-CAM", "genuine")


@pytest.mark.parametrize(
    ("security", "told"),
    [
        (card_security_of(OTHER), "the chip has no key of EF.CardSecurity"),
        (card_security_of(MAPPED, 12), "damaged|no point"),
        (card_security_of(MAPPED, signed=b"another"), "not the one that was signed"),
        (b"\x30\x03abc", "damaged EF.CardSecurity"),
    ],
    ids=["other key", "other curve", "forged", "damaged"],
)
def test_a_mapping_that_does_not_prove_the_chip(security: bytes, told: str):
    """With another key, or one that the state did not sign, the card is refused: no other way is tried."""
    chip = ProvingChip(files_of(FULL), ca="aes128", master={0x1D: security})
    evidence = refusal_of(chip)
    assert "chip failed" in evidence
    assert re.search(told, evidence)


def test_a_master_file_that_has_no_name(monkeypatch: pytest.MonkeyPatch):
    """A card that selects its master file only without the identifier shows the key of its mapping all the same."""
    chip = ProvingChip(files_of(FULL), ca="aes128", master={0x1D: card_security_of(MAPPED)})
    carried_out = chip.carry_out
    named = Command(0x00A4000C, b"\x3f\x00")
    monkeypatch.setattr(chip, "carry_out", lambda told: Response(b"", 0x6A86) if told == named else carried_out(told))
    assert proof_of(chip).chip == Check("held", "PACE-CAM")


HIDDEN = {0x01: b"\x30\x00"}
ONLY_MAPPED = {1: DG1, 14: pki.tlv(0x6E, CARD_ACCESS_CAM)}


def test_a_mapping_whose_key_is_not_shown_leads_to_chip_authentication():
    """Without EF.CardSecurity the mapping proves nothing, and the chip is asked in the other way."""
    chip = ProvingChip(files_of(FULL), ca="aes128", master=HIDDEN)
    assert proof_of(chip).chip == HELD


def test_a_mapping_whose_key_is_not_shown_leaves_active_authentication():
    """A signature proves the chip as well; that the mapping was not checked is told."""
    proof = proof_of(ProvingChip(files_of({**ONLY_MAPPED, 15: DG15}), KEY.sign, master=HIDDEN))
    assert (proof.active, proof.chip.outcome, proof.level) == (HELD, "not_checked", "genuine")


def refusing_security(command: Command, chip: ProvingChip) -> Response | None:
    """Answer 6982 where EF.CardSecurity is to be selected or read."""
    wanted = chip.at_master and (command.header == 0x00A4020C or command.header >> 16 == 0x00B0)
    return Response(b"", 0x6982) if wanted else None


@pytest.mark.parametrize("status", ["6A82", "6982"])
def test_a_copy_that_hides_the_key_of_its_mapping_is_refused(status: str, monkeypatch: pytest.MonkeyPatch):
    """A genuine chip that proves itself by PACE-CAM alone is genuine; a copy of it that hides EF.CardSecurity is none."""
    genuine = ProvingChip(files_of(ONLY_MAPPED), master={0x1D: card_security_of(MAPPED)})
    assert proof_of(genuine).level == "genuine"
    shut = status == "6982"
    copy = ProvingChip(files_of(ONLY_MAPPED), master=HIDDEN)
    if shut:
        carried_out = copy.carry_out
        monkeypatch.setattr(copy, "carry_out", lambda told: refusing_security(told, copy) or carried_out(told))
    evidence = refusal_of(copy)
    assert "chip failed (PACE-CAM was run, and the card" in evidence
    assert ("6982" in evidence) == shut


def test_a_copy_without_the_key_of_dg15_is_refused():
    """Everything was copied but the private key: Active Authentication fails."""
    evidence = refusal_of(ProvingChip(files_of({1: DG1, 15: DG15}), pki.new_key("plain", label="copy").sign))
    assert "active failed" in evidence
    assert "passive held" in evidence


@pytest.mark.parametrize("ca", WAYS)
def test_a_copy_without_the_key_of_dg14_is_refused(ca: str):
    """Everything was copied but the private key: the copy's first answer is not under the keys of the original."""
    evidence = refusal_of(ProvingChip(files_of({1: DG1, 14: dg14_of(ca)}), ca=ca, ca_key=CA_KEY + 1))
    assert "chip failed (the chip has no key of EF.DG14" in evidence


def test_a_copy_that_refuses_chip_authentication_is_refused():
    """A copy may say that it cannot: the signed EF.DG14 says that it could. Active Authentication is no way around."""
    evidence = refusal_of(ProvingChip(files_of({1: DG1, 14: dg14_of("aes128"), 15: DG15}), KEY.sign))
    assert "active held" in evidence
    assert "chip failed (the chip does not authenticate itself: MSE:Set AT: 6D00" in evidence


@pytest.mark.parametrize("number", [14, 15])
def test_a_copy_that_hides_a_signed_key_is_refused(number: int):
    """A group that was signed and is missing was taken away by somebody."""
    groups = {1: DG1, 14: dg14_of("aes128"), 15: DG15}
    chip = ProvingChip({each: file for each, file in files_of(groups).items() if each != number}, KEY.sign, "aes128")
    assert f"EF.DG{number} was signed and is missing" in refusal_of(chip)


def test_a_key_that_nobody_signed_proves_nothing():
    """A forger's own EF.DG15 with its key beside somebody's signed data is refused before it is asked."""
    forged = {1: DG1, 15: pki.tlv(0x6F, pki.new_key("plain", label="forger").info())}
    chip = ProvingChip(files_of(forged, STATE.sod({1: DG1, 15: DG15})), pki.new_key("plain", label="forger").sign)
    assert "EF.DG15 is not the one that was signed" in refusal_of(chip)
    assert not any(told[2:4] == "88" for told in chip.told)


def test_a_changed_name_is_refused():
    """One letter of the zone was changed: refused, though everything else holds."""
    changed = DG1.replace(b"AYGUN", b"AYGUL")
    chip = ProvingChip(files_of({1: changed, 15: DG15}, STATE.sod({1: DG1, 15: DG15})), KEY.sign)
    assert "passive failed (EF.DG1 is not the one that was signed)" in refusal_of(chip)


@pytest.mark.parametrize("sod", [b"\x77\x00", b"\x77\x02\x30\x00", pki.tlv(0x77, b"\x30" * 40), b"\x76\x01\x00"])
def test_a_damaged_security_object_is_no_proof(sod: bytes):
    """A card whose EF.SOD cannot be read as one is refused, not let through as one without."""
    assert "passive failed" in refusal_of(ProvingChip(files_of({1: DG1}, sod)))


def test_a_card_that_goes_away_is_no_copy():
    """The wire's own troubles pass through as what they are."""
    chip = ProvingChip(files_of({1: DG1, 15: DG15}))

    def pulled(_challenge: bytes) -> bytes:
        raise Refused("removed", "pulled")

    chip.signs = pulled
    with pytest.raises(Refused) as caught:
        proof_of(chip)
    assert caught.value.refusal.reason == "removed"


def test_a_key_we_cannot_use_was_not_checked():
    """A signed key of a kind that is not taken is our lack, not the card's: not checked, and not genuine."""
    strange = pki.tlv(0x6F, pki.seq(pki.seq(pki.oid("1.3.101.112")), pki.bits(bytes(32))))
    proof = proof_of(ProvingChip(files_of({1: DG1, 15: strange}), KEY.sign))
    assert proof.active == Check("not_checked", "a public key of algorithm 1.3.101.112")
    assert proof.level == "authentic"


@pytest.mark.parametrize("state", AGREEMENTS)
def test_the_traces_of_real_chips(state: str):
    """Passports of four states: our key as it was sent, and the chip's first answer is authentic under the derived keys."""
    trace = AGREEMENTS[state]
    sent: list[Command] = []

    def card(command: Command) -> Response:
        sent.append(command)
        return Response(b"\x7c\x00" if command.header == 0x00860000 else b"", 0x9000)

    way = chip_authentication.offered(trace.dg14)[0]
    session = proving.new_session(chip_authentication.agree(card, way, lambda _: trace.private - 1))
    assert trace.public in sent[-1].data
    if state == "DE":
        assert sent[0].data.endswith(bytes.fromhex("8401C3"))
    session.wrap(Command(0x00A4020C, b"\x01\x1e"))
    answer = Response.from_bytes(trace.answer)
    assert session.unwrap(answer) == Response(b"", 0x9000)
    with pytest.raises(ProtocolError):
        session.unwrap(answer)
