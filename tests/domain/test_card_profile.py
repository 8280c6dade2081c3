"""Kinds of cards as data: which one fits, and where the personal number stands."""

from datetime import date
from pathlib import Path

import pytest

from hardware.card.details import PersonalDetails
from hardware.card.mrz import citizen_of, parse_zone
from hardware.card.sim_mrz import Holder, machine_readable_zone
from kiosk.config import load_cards
from kiosk.domain.card_profile import GENERIC, CardProfile, Place, profile_of

SHIPPED = load_cards(Path(__file__).parents[2] / "config" / "cards", [])
TODAY = date(2026, 11, 28)
NEW = "I<AZEAA000000117ABC1D2<<<<<<<<9001011F3001019AZE<<<<<<<<<<<6MAMMADOVA<<AYGUN<<<<<<<<<<<<<<"


def test_the_shipped_profiles_have_no_mistakes():
    """What the project ships is whole: three kinds, the generic one last."""
    mistakes = []
    load_cards(Path(__file__).parents[2] / "config" / "cards", mistakes)
    assert mistakes == []
    assert [each.id for each in SHIPPED] == ["azerbaijan-2018", "azerbaijan-old", "generic"]


@pytest.mark.parametrize(
    ("state", "code", "number", "found"),
    [
        ("AZE", "I", "AA0000001", "azerbaijan-2018"),
        ("AZE", "C", "AA0000001", "azerbaijan-2018"),
        ("AZE", "I", "12345678", "azerbaijan-old"),
        ("AZE", "I", "AZE12345678", "azerbaijan-old"),
        ("AZE", "P", "C12345678", "generic"),
        ("UTO", "I", "AA0000001", "generic"),
    ],
)
def test_the_first_that_fits_is_the_profile(state, code, number, found):
    """State, document code and the form of the number choose the kind; what fits nothing else is generic."""
    assert profile_of(SHIPPED, state, code, number).id == found


def test_without_profiles_every_card_is_generic():
    """A driver that is told of no profile reads every card as it always did."""
    assert profile_of((), "AZE", "I", "AA0000001") is GENERIC


@pytest.mark.parametrize("profiles", [SHIPPED, (GENERIC,)], ids=["shipped", "none"])
def test_the_card_of_another_state_tells_no_fin(profiles):
    """Seven letters and digits in the optional data of a foreign card are nobody's FIN: its state writes there what it likes."""
    foreign = parse_zone(NEW.replace("I<AZE", "I<UTO"))
    assert foreign.optional_1.startswith("7ABC1D2<")
    details = PersonalDetails(personal_number="7ABC1D2")
    assert citizen_of(foreign, TODAY, profiles, details).personal_number == ""
    assert citizen_of(parse_zone(NEW), TODAY, profiles, details).personal_number == "7ABC1D2"


def test_the_number_of_a_new_card_is_found_in_its_zone():
    """The FIN in the optional data of line 1 is the citizen's personal number."""
    assert citizen_of(parse_zone(NEW), TODAY, SHIPPED).personal_number == "7ABC1D2"


def test_the_number_of_an_old_card_is_the_first_seven_of_the_last_eight():
    """On two lines of 36 the FIN stands before the last check digit."""
    holder = Holder(
        form="TD2", document_number="12345678", personal_number="5KLM8N4", surname="ALIYEV", given_names="ELDAR", birth=date(1961, 2, 3),
        sex="M", expiry=date(2027, 5, 6), nationality="AZE", issuer="AZE",
    )  # fmt: skip
    zone = machine_readable_zone(holder)
    assert zone[-8:-1] == "5KLM8N4"
    assert citizen_of(parse_zone(zone), TODAY, SHIPPED).personal_number == "5KLM8N4"


def test_a_slice_is_counted_from_the_left():
    """A number in the middle of a field is cut out of it, whatever stands around it."""
    profile = CardProfile(id="x", order=1, title={}, places=(Place("optional_1", 3, 7),))
    assert profile.number_in({"optional_1": "000" + "7ABC1D2" + "99999"}) == "7ABC1D2"


def test_places_are_tried_in_their_order():
    """The first place with a number of the right form wins; one of another form does not count."""
    profile = CardProfile(id="x", order=1, title={}, places=(Place("details"), Place("optional_1")))
    assert profile.number_in({"details": "5KLM8N4", "optional_1": "7ABC1D2<<<"}) == "5KLM8N4"
    assert profile.number_in({"details": "unknown", "optional_1": "7ABC1D2<<<"}) == "7ABC1D2"
    assert profile.number_in({"optional_2": "7ABC1D2"}) == ""


@pytest.mark.parametrize(("names", "surname"), [("details", "Məmmədova"), ("zone", "MAMMADOVA")])
def test_the_profile_says_whose_letters_count(names, surname):
    """Names come in their own letters from EF.DG11, or as in the zone, as the profile says."""
    profile = CardProfile(id="x", order=1, title={}, names=names)
    details = PersonalDetails(name=("Məmmədova", "Aygün"))
    assert citizen_of(parse_zone(NEW), TODAY, (profile,), details).surname == surname
