"""Card profiles in the configuration: every mistake is told with its file, its key and what was expected."""

import pytest

from hardware.drivers import settings_of
from kiosk.config import load, load_cards
from kiosk.domain.card_profile import GENERIC
from tests.test_config import GOOD, written

TITLE = '[title]\naz = "a"\nru = "b"\nen = "c"\n'
WHOLE = 'id = "one"\norder = 1\n'


def told(tmp_path, text, name="one"):
    """Return what is said about one profile, without the folder."""
    folder = tmp_path / "cards"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(text + TITLE)
    mistakes = []
    load_cards(folder, mistakes)
    return [mistake.removeprefix(f"{folder}/") for mistake in mistakes]


def test_a_whole_profile_has_no_mistakes(tmp_path):
    """A name, an order and a title are enough: all the rest has its usual value."""
    assert told(tmp_path, WHOLE) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('id = "two"\norder = 1\n', 'one.toml: id = "two": expected "one", the file\'s name'),
        (WHOLE + 'issuing_state = "aze"\n', 'one.toml: issuing_state = "aze": expected the letters of a zone'),
        (WHOLE + 'personal_number = "["\n', 'one.toml: personal_number = "[": is no regular expression'),
        (WHOLE + 'document_number = "("\n', 'one.toml: document_number = "(": is no regular expression'),
        (WHOLE + 'personal_number = ""\n', "one.toml: personal_number: expected a regular expression"),
        (WHOLE + "opens_with = []\n", 'one.toml: opens_with: expected "can", "zone" or both'),
        (WHOLE + "chip = false\n", "one.toml: opens_with: expected []"),
        (WHOLE + 'opens_with = ["pin"]\n', "one.toml: opens_with: Invalid enum value 'pin'"),
        (WHOLE + 'places = [{ at = "optional_2", start = 5, length = 7 }]\n', "one.toml: places[0].start, length = 5, 7"),
        (WHOLE + 'places = [{ at = "front" }]\n', "one.toml: places: Invalid enum value 'front'"),
        (WHOLE + 'digits_where = { az = "x", en = "y" }\n', "one.toml: digits_where.ru: expected a text"),
        (WHOLE + 'colour = "blue"\n', "one.toml: colour: Object contains unknown field `colour`"),
        ("order = 1\n", "one.toml: id: Object missing required field `id`"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_file_and_key(tmp_path, text, said):
    """Each mistake names the file, the key and what was expected."""
    assert any(mistake.startswith(said) for mistake in told(tmp_path, text)), told(tmp_path, text)


def test_all_mistakes_are_told_at_once(tmp_path):
    """Three mistakes in one file are three sentences, beside what the last profile lacks."""
    assert len(told(tmp_path, WHOLE + 'issuing_state = "aze"\npersonal_number = "["\nopens_with = []\n')) == 3 + 1


def test_a_profile_that_fits_everything_is_the_last(tmp_path):
    """What stands after a profile that fits every card would never be tried; and the last one must fit every card."""
    assert told(tmp_path, WHOLE) == []
    said = told(tmp_path, 'id = "two"\norder = 2\nissuing_state = "AZE"\n', "two")
    assert any("one.toml: order = 1: it fits every card, so two is never tried" in mistake for mistake in said)
    assert any("two.toml: issuing_state, document_code, document_number: expected none" in mistake for mistake in said)


def test_two_profiles_of_one_order_are_a_mistake(tmp_path):
    """Which of two is tried first must not depend on their names."""
    told(tmp_path, WHOLE + 'issuing_state = "AZE"\n')
    assert any(
        "order = 1: stands in one, two" in mistake for mistake in told(tmp_path, 'id = "two"\norder = 1\n', "two")
    )


def test_the_driver_is_told_the_profiles(tmp_path):
    """The card driver's settings have the profiles that were found; a driver without a field for them gets none."""
    folder = tmp_path / "cards"
    folder.mkdir()
    (folder / "one.toml").write_text(WHOLE + TITLE)
    config = load(written(tmp_path, GOOD))
    found = {"profiles": config.found_cards}
    assert [each.id for each in settings_of("card", "pcsc", {}, found).profiles] == ["one"]
    assert settings_of("panel", "gpio", {"pins": "bench:x"}, found) == settings_of("panel", "gpio", {"pins": "bench:x"})
    assert settings_of("card", "pcsc", {}).profiles == (GENERIC,)
