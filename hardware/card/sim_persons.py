"""The cards that are always there: three synthetic citizens, a child and a technician, and the broken variants of each citizen."""

from __future__ import annotations

from datetime import date

import msgspec

from hardware.card.sim_mrz import check_digit
from hardware.card.sim_profile import CardFaults, CardProfile, Profile, TechnicianProfile

__all__ = ["BROKEN", "PERSONS", "TECHNICIAN", "check_digit", "named_card"]

_ALL = (
    CardProfile(
        name="aygun",
        surname="MAMMADOVA",
        given_names="AYGUN",
        names="Məmmədova<<Aygün",
        birth=date(1990, 1, 1),
        birth_place="Çaykənd",
        address="Göyçay rayonu<Qarabağlı kəndi<Şəhidlər küçəsi 12",
        sex="F",
        document_number="AA0000001",
        personal_number="7ABC1D2",
        expiry=date(2030, 1, 1),
        can="123456",
    ),
    CardProfile(
        name="rashid",
        surname="HUSEYNOV",
        given_names="RASHID",
        names="Hüseynov<<Rəşid",
        birth=date(1948, 3, 15),
        birth_place="Xınalıq",
        address="Quba rayonu<Xınalıq kəndi",
        sex="M",
        document_number="AA0000002",
        personal_number="5KLM8N4",
        expiry=date(2031, 6, 30),
        can="654321",
    ),
    CardProfile(
        name="leyla",
        surname="SHIRALIYEVA-ABDULRAHMANOVA",
        given_names="LEYLA SHAHRABANU",
        names="Şirəliyeva-Əbdülrəhmanova<<Leyla<Şəhrəbanu",
        birth=date(1987, 11, 23),
        birth_place="Gəncə",
        address="Göygöl rayonu<Üçtəpə kəndi<İstiqlal küçəsi 3",
        sex="F",
        document_number="AA0000003",
        personal_number="2XYZ9P6",
        expiry=date(2034, 5, 14),
        can="112233",
    ),
    CardProfile(
        name="nuray",
        surname="MAMMADOVA",
        given_names="NURAY",
        names="Məmmədova<<Nuray",
        birth=date(2016, 4, 9),
        birth_place="Bakı",
        address="Zəngilan rayonu<Ağalı kəndi",
        sex="F",
        document_number="AA0000004",
        personal_number="4NRY7K3",
        expiry=date(2031, 4, 9),
        can="246810",
    ),
)
PERSONS = {person.name: person for person in _ALL}
TECHNICIAN = TechnicianProfile(name="technician", common_name="Elçin Quliyev", staff_number="T-0007")
BROKEN = {
    "tampered": CardFaults(tampered_group=1),
    "wrong_digest": CardFaults(wrong_digest=1),
    "truncated": CardFaults(truncated_group=1),
    "expired_signer": CardFaults(signer="expired"),
    "revoked_signer": CardFaults(signer="revoked"),
    "foreign_csca": CardFaults(signer="foreign"),
    "cloned_active": CardFaults(cloned_active=True),
    "cloned_chip": CardFaults(cloned_chip=True),
    "slow": CardFaults(slow_ms=60),
    "silent": CardFaults(silent_at=7),
    "removed": CardFaults(removed_at=7),
    "wrong_mac": CardFaults(wrong_mac_at=2),
}


def named_card(name: str) -> Profile | None:
    """Return the card called ``aygun``, or ``aygun:tampered`` for a broken variant; None when there is none."""
    plain, _, fault = name.partition(":")
    if plain == TECHNICIAN.name and not fault:
        return TECHNICIAN
    person = PERSONS.get(plain)
    if person is None or (fault and fault not in BROKEN):
        return None
    return msgspec.structs.replace(person, name=name, faults=BROKEN[fault]) if fault else person
