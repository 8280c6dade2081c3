"""Cards as data: files that hold them, zones of all three sizes, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from hardware.card.sim_persons import BROKEN, PERSONS, TECHNICIAN, named_card
from hardware.card.sim_profile import CardFaults, CardProfile, PaceOffer, load_card, save_card

AYGUN = PERSONS["aygun"]
SPECIMEN = {
    "surname": "ERIKSSON",
    "given_names": "ANNA MARIA",
    "issuer": "UTO",
    "nationality": "UTO",
    "personal_number": "",
    "birth": date(1974, 8, 12),
    "expiry": date(2012, 4, 15),
}
"""The citizen of ICAO's specimens (Doc 9303)."""


def changed(**fields: object) -> CardProfile:
    return msgspec.structs.replace(AYGUN, **fields)


@pytest.mark.parametrize(
    "profile", [*PERSONS.values(), TECHNICIAN, named_card("leyla:silent")], ids=lambda each: each.name
)
def test_a_card_file_holds_a_whole_card(profile, tmp_path: Path):
    """What was saved is what is loaded."""
    save_card(profile, tmp_path / "card.json")
    assert load_card(tmp_path / "card.json") == profile


def test_a_card_file_may_be_toml_and_leave_out_what_is_usual(tmp_path: Path):
    """A few lines are a card."""
    (tmp_path / "card.toml").write_text(
        'kind = "emrtd"\nname = "narmin"\nsurname = "ALIYEVA"\ngiven_names = "NARMIN"\nbirth = 1999-05-06\nsex = "F"\n'
        'document_number = "AA0000009"\nexpiry = 2033-01-01\n[faults]\nslow_ms = 5\n'
    )
    card = load_card(tmp_path / "card.toml")
    assert isinstance(card, CardProfile)
    assert (card.name, card.faults, card.access) == ("narmin", CardFaults(slow_ms=5), ("PACE",))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("max_read", 300),
        ("max_read", 0),
        ("data_groups", (11,)),
        ("data_groups", (1, 17)),
        ("active", "dsa"),
        ("chip_curve", "dh-3"),
        ("photo_bytes", 10**6),
        ("can", "12E4"),
        ("surname", "Məmmədova"),
        ("personal_number", "7ABC1D27ABC1D27ABC1D2"),
        ("pace", (PaceOffer(mapping="DH-GM", parameter_id=13),)),
        ("pace", (PaceOffer(parameter_id=2),)),
        ("pace", (PaceOffer(parameter_id=19),)),
        ("pace", (PaceOffer(mapping="ECDH-IM", parameter_id=10),)),
        ("pace", (PaceOffer(mapping="ECDH-CAM", cipher="3DES"),)),
    ],
)
def test_a_card_that_cannot_be_is_refused(field: str, value: object):
    """What the standard or a chip does not have is said when the card is made, not when it is read."""
    with pytest.raises(ValueError, match=r"."):
        CardProfile(**{**msgspec.structs.asdict(AYGUN), field: value})


def test_an_unknown_field_in_a_file_is_refused(tmp_path: Path):
    """A misspelt option is not silently ignored."""
    (tmp_path / "card.json").write_text('{"kind": "emrtd", "colour": "red"}')
    with pytest.raises(msgspec.ValidationError, match="colour"):
        load_card(tmp_path / "card.json")


def test_every_broken_variant_has_a_name():
    """Each fault is there for each citizen by name, and a misspelt one is no card."""
    for fault, faults in BROKEN.items():
        card = named_card(f"rashid:{fault}")
        assert isinstance(card, CardProfile)
        assert (card.name, card.faults) == (f"rashid:{fault}", faults)
    assert named_card("rashid:bent") is None
    assert named_card("technician:slow") is None


def test_a_long_number_goes_on_in_the_optional_data():
    """ICAO's example of a twelve-place number has its check digit behind the rest (Doc 9303-5)."""
    card = changed(
        surname="STEVENSON",
        given_names="PETER JOHN",
        sex="M",
        issuer="UTO",
        nationality="UTO",
        document_number="D23145890734",
        personal_number="",
        birth=date(1934, 7, 12),
        expiry=date(1995, 7, 12),
    )
    assert card.mrz() == (
        "I<UTOD23145890<7349<<<<<<<<<<<" + "3407127M9507122UTO<<<<<<<<<<<2" + "STEVENSON<<PETER<JOHN<<<<<<<<<"
    )
    assert card.mrz_information() == "D23145890734934071279507122"


def test_a_passport_has_two_lines_of_44():
    """ICAO's specimen passport comes out as printed (Doc 9303-4, appendix B)."""
    card = changed(**SPECIMEN | {"form": "TD3", "document_number": "L898902C3", "personal_number": "ZE184226B"})
    assert card.mrz() == (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" + "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    )


def test_a_card_of_two_lines_has_36():
    """ICAO's specimen of size 2 comes out as printed (Doc 9303-6, appendix B)."""
    card = changed(**SPECIMEN | {"form": "TD2", "document_number": "D23145890"})
    assert card.mrz() == "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<" + "D231458907UTO7408122F1204159<<<<<<<6"
