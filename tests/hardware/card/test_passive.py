"""Passive Authentication: only what the state signed is believed, and every way of forging it is told apart."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from hardware.card.passive import authenticate, parse_security_object
from hardware.card.refusal import Refused
from hardware.card.trust import Anchors, read_all
from kiosk.domain.faults import ProtocolError
from tests.hardware.card import pki
from tests.hardware.card.pki import NOW, State

ZONE = b"I<AZEAA000000117ABC1D2<<<<<<<<9001011F3001019AZE<<<<<<<<<<<6MAMMADOVA<<AYGUN<<<<<<<<<<<<<<"
DG1 = bytes.fromhex("615D5F1F5A") + ZONE
DG14 = pki.tlv(0x6E, b"\x31\x00")
FILES = {1: DG1, 14: DG14}
STATE = State()


def anchors_of(*authorities: bytes, lists: tuple[bytes, ...] = ()) -> Anchors:
    anchors, troubles = read_all(authorities, lists)
    assert not troubles
    return anchors


def checked(sod: bytes, anchors: Anchors | None = None, at: datetime = NOW, **changed: Any) -> str:
    """Return the remarks of a card that held."""
    told = {"groups": FILES, "issuing_state": "AZE", **changed}
    trusted = anchors or anchors_of(STATE.authority)
    return authenticate(parse_security_object(sod), told["groups"], trusted, at, told["issuing_state"])


def refused(told: str, sod: bytes, anchors: Anchors | None = None, at: datetime = NOW, **changed: Any) -> None:
    with pytest.raises(Refused, match=re.escape(told)) as caught:
        checked(sod, anchors, at, **changed)
    assert caught.value.refusal.reason == "not_genuine"


@pytest.mark.parametrize("digest", ["sha224", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize("kind", ["rsa", "pss", "ecdsa", "plain"])
def test_what_the_state_signed_is_believed(kind: str, digest: str):
    """Each way of signing with each hash holds, and nothing is said against it but that there is no revocation list."""
    state = State(kind, digest, kind)
    sod = state.sod(FILES, digest)
    assert checked(sod, anchors_of(state.authority)) == "no revocation list of its authority"
    assert checked(sod, anchors_of(state.authority, lists=(state.revocations(),))) == ""


def test_sha1_is_taken_and_told():
    """The first documents were hashed with SHA-1: taken, and told as weak in each of its places."""
    state = State("rsa", "sha1", "old")
    remarks = checked(state.sod(FILES, "sha1"), anchors_of(state.authority))
    assert "sha1 in EF.SOD" in remarks
    assert "sha1 of the data groups" in remarks
    assert "sha1 in the certificate of document signer" in remarks


def test_a_changed_zone_is_not_the_one_that_was_signed():
    """One changed letter in EF.DG1 and the card is refused, by the group's name."""
    refused("EF.DG1 is not", STATE.sod(FILES), groups={**FILES, 1: DG1.replace(b"AYGUN", b"AYGUL")})


def test_a_changed_security_object_is_not_what_was_signed():
    """Digests that fit the changed data do not help who cannot sign them."""
    forged = {**FILES, 1: DG1.replace(b"AYGUN", b"AYGUL")}
    sod = STATE.sod(forged, signed=pki.security_object(FILES))
    refused("its content is not the one that was signed", sod, groups=forged)


def test_a_group_that_was_never_signed_is_refused():
    """A file beside the signed ones proves nothing."""
    refused("no digest of EF.DG14", STATE.sod({1: DG1}))


def test_a_foreign_authority_is_not_trusted():
    """A document of an authority that is not in the folder is refused, and says who signed it."""
    foreign = State(label="foreign", country="DE")
    refused("none of the 1 trusted authorities issued it", foreign.sod(FILES))


def test_the_same_name_with_another_key_is_not_trusted():
    """An authority is its key, not its name."""
    refused("not signed by", State(label="false").sod(FILES))


def test_all_authorities_of_a_name_are_tried():
    """An authority renews its key under its old name: the document of either key is believed, in any order of the folder."""
    renewed = State(label="renewed")
    for anchors in (anchors_of(STATE.authority, renewed.authority), anchors_of(renewed.authority, STATE.authority)):
        checked(STATE.sod(FILES), anchors)
        checked(renewed.sod(FILES), anchors)


def test_an_expired_authority_does_not_hide_its_renewed_certificate():
    """Of two certificates with the same key the one that is valid counts."""
    old = pki.certificate(
        STATE.name, STATE.key, STATE.name, STATE.key, pki.AUTHORITY, 1, (pki.EARLY, datetime(2021, 1, 1, tzinfo=UTC))
    )
    checked(STATE.sod(FILES), anchors_of(old, STATE.authority))
    refused("valid 2020-01-01 to 2021-01-01", STATE.sod(FILES), anchors_of(old))


@pytest.mark.parametrize("at", [datetime(2019, 12, 31, tzinfo=UTC), datetime(2040, 1, 2, tzinfo=UTC)])
def test_a_document_signer_counts_while_it_is_valid(at: datetime):
    """Before and after its validity a document signer's certificate proves nothing."""
    refused("valid 2020-01-01 to 2040-01-01", STATE.sod(FILES), at=at)


def test_a_revoked_document_signer_is_refused():
    """What a signer signed counts no more once the authority has revoked it; another number on the list changes nothing."""
    refused("revoked", STATE.sod(FILES), anchors_of(STATE.authority, lists=(STATE.revocations(7),)))
    checked(STATE.sod(FILES), anchors_of(STATE.authority, lists=(STATE.revocations(8),)))


def test_a_list_of_somebody_else_revokes_nothing_and_an_overdue_one_still_does():
    """A revocation list counts by its signature; its age is a remark."""
    somebody = pki.revocation_list(STATE.name, pki.new_key(label="somebody"), [7])
    assert "no revocation list" in checked(STATE.sod(FILES), anchors_of(STATE.authority, lists=(somebody,)))
    due = datetime(2025, 1, 1, tzinfo=UTC)
    overdue = anchors_of(STATE.authority, lists=(STATE.revocations(8, due=due),))
    assert "2020-01-01 is overdue" in checked(STATE.sod(FILES), overdue)
    refused("revoked", STATE.sod(FILES), anchors_of(STATE.authority, lists=(STATE.revocations(7, due=due),)))


def test_missing_signed_attributes_are_refused():
    """A signature over the content itself is refused: it could have been made for something else (RFC 5652, 5.3)."""
    refused("without signed attributes", STATE.sod(FILES, attributes=b""))


def test_the_signed_content_type_must_be_the_content_s():
    """A signature made for another kind of content is refused, and so is one that does not say for which."""
    content = pki.security_object(FILES)
    digest = pki.attribute("1.2.840.113549.1.9.4", pki.tlv(0x04, pki.hashlib.sha256(content).digest()))
    other = pki.attribute("1.2.840.113549.1.9.3", pki.oid("2.23.136.1.1.2"))
    refused("the signed content type is 2.23.136.1.1.2", STATE.sod(FILES, attributes=other + digest))
    refused("the signed content type is missing", STATE.sod(FILES, attributes=digest))


def test_a_document_must_be_of_the_state_that_signed_it():
    """A trusted authority vouches for its own country's documents alone, and for none of an unknown country."""
    refused("a document of DEU signed under", STATE.sod(FILES), issuing_state="DEU")
    refused("a document of QQQ signed under", STATE.sod(FILES), issuing_state="QQQ")


@pytest.mark.parametrize(
    ("extensions", "told"),
    [
        ((), "not for signatures"),
        ((pki.usage(5),), "not for signatures"),
        (pki.AUTHORITY, "an authority's certificate"),
        (
            (*pki.SIGNER, pki.extension("2.5.29.37", pki.seq(pki.oid("2.23.136.1.1.3")))),
            "for other lists than documents",
        ),
        ((*pki.SIGNER, pki.extension("1.2.3.4", b"\x05\x00", critical=True)), "critical extension 1.2.3.4"),
    ],
)
def test_a_certificate_for_something_else_signs_no_document(extensions: tuple[bytes, ...], told: str):
    """A signer of master lists, an authority, a key for something else: none of them issues documents."""
    refused(told, STATE.sod(FILES, signer=STATE.signer_of(extensions=extensions)))


def test_a_sod_without_its_signer_is_refused():
    """The certificate of the signer must be there: another one of the same authority is not it."""
    state = State("rsa", label="rsa")  # RSA: both certificates are equally long
    sod = state.sod(FILES).replace(state.signer, state.signer_of(serial=8))
    refused("without the certificate of its signer", sod, anchors_of(state.authority))


DH = pki.seq(
    pki.seq(pki.oid("1.2.840.10046.2.1"), pki.seq(*map(pki.number, (2**8191 + 1, 5, 2**8190 + 1)))),
    pki.bits(pki.number(2**8000)),
)


def test_a_diffie_hellman_key_in_a_certificate_is_not_looked_at():
    """Nobody has vouched for a card's certificates yet: a key that signs nothing is refused by its kind, and not calculated with."""
    refused("a public key of algorithm 1.2.840.10046.2.1", STATE.sod(FILES, signer=STATE.signer_of(info=DH)))


def sod_beside(state: State, *certificates: bytes) -> bytes:
    content = pki.security_object(FILES)
    return pki.tlv(0x77, pki.signed_data("2.23.136.1.1.1", content, state.signer_key, [state.signer, *certificates]))


def test_only_the_certificate_that_a_signer_names_is_read():
    """What stands beside the signer's certificate is not taken apart: a card cannot make the kiosk work by filling it."""
    state = State("rsa", label="rsa")
    sod = sod_beside(state, state.signer_of(serial=99, info=DH)).replace(state.signer, state.signer_of(serial=8))
    with pytest.raises(Refused) as caught:
        parse_security_object(sod)
    assert caught.value.refusal.evidence == "EF.SOD without the certificate of its signer"


def test_a_security_object_stuffed_with_certificates_is_refused():
    """More certificates than anybody puts there are a hostile card's."""
    checked(sod_beside(STATE, *(STATE.signer_of(serial=50 + each) for each in range(7))))
    with pytest.raises(ProtocolError, match="9 certificates"):
        parse_security_object(sod_beside(STATE, *(STATE.signer_of(serial=50 + each) for each in range(8))))


def test_a_name_as_long_as_a_book_is_refused():
    """Names are prepared letter by letter before they are compared: one of thousands of letters is refused unread."""
    signer = pki.certificate(STATE.signer_name, STATE.signer_key, pki.name("x" * 5000), STATE.key, pki.SIGNER)
    with pytest.raises(ProtocolError, match="a name of 5034 bytes"):
        parse_security_object(STATE.sod(FILES, signer=signer))
