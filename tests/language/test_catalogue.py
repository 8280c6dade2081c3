"""What a language says: messages, amounts, dates; and that nothing missing ever ends the kiosk."""

from datetime import UTC, date
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.money import Money
from kiosk.language import Language, load_languages

SOURCE = """
greeting = Salam, { $name }
pay = Ödə
    .say = Ödəniş et
fault-silent = Cavab yoxdur
fault-other = Nasazlıq
tries = { $left ->
    [one] Осталась { $left } попытка
    [few] Осталось { $left } попытки
    [many] Осталось { $left } попыток
   *[other] Осталось { $left } попытки
}
"""


@pytest.fixture
def az():
    return Language("az", SOURCE, ZoneInfo("Asia/Baku"))


def test_a_message_takes_its_arguments_without_hidden_marks(az):
    """Arguments stand in the text as they are: no isolating marks that a font would draw as boxes."""
    assert az.text("greeting", name="Aygün") == "Salam, Aygün"


def test_what_is_spoken_may_differ_from_what_is_shown(az):
    """The spoken form is the message's own, or else what is shown."""
    assert (az.text("pay"), az.say("pay"), az.say("fault-silent")) == ("Ödə", "Ödəniş et", "Cavab yoxdur")


def test_a_missing_message_shows_its_id_and_is_remembered(az):
    """A missing message is its visible id, never a crash, and can be reported."""
    assert az.text("nowhere") == "nowhere"
    assert az.say("nowhere") == "nowhere"
    assert az.missing == {"nowhere"}


def test_a_missing_argument_does_not_end_anything(az):
    """A message whose argument is missing is still shown, and remembered."""
    assert "Salam" in az.text("greeting")
    assert az.missing == {"greeting"}


def test_a_word_nobody_foresaw_has_a_general_sentence(az):
    """A word of an event that the catalogue lacks falls back to the kind's general message."""
    assert az.word("fault", "silent") == "Cavab yoxdur"
    assert az.word("fault", "on_fire") == "Nasazlıq"
    assert az.missing == set()


def test_russian_counts_in_three_forms():
    """Plural forms follow the language's rules."""
    ru = Language("ru", SOURCE)
    said = [ru.text("tries", left=left) for left in (1, 2, 5, 21)]
    assert said == ["Осталась 1 попытка", "Осталось 2 попытки", "Осталось 5 попыток", "Осталась 21 попытка"]


@pytest.mark.parametrize(
    ("minor", "screen", "paper"),
    [
        (0, "0,00 ₼", "0,00 AZN"),
        (5, "0,05 ₼", "0,05 AZN"),
        (240, "2,40 ₼", "2,40 AZN"),
        (123_450, "1 234,50 ₼", "1 234,50 AZN"),
        (100_000_000, "1 000 000,00 ₼", "1 000 000,00 AZN"),
        (-13_650, "−136,50 ₼", "−136,50 AZN"),
    ],
)
def test_amounts_are_written_as_on_a_bill(az, minor, screen, paper):
    """An amount has a decimal comma, groups of three and the manat sign; on paper AZN. It never breaks across lines."""
    assert az.money(Money(minor)).replace("\u00a0", " ") == screen
    assert az.money(Money(minor), paper=True).replace("\u00a0", " ") == paper
    assert " " not in az.money(Money(minor))


def test_another_currency_keeps_its_code(az):
    """A currency without a sign of its own is written by its code."""
    assert az.money(Money(100, "USD")).endswith("USD")


def test_dates_are_day_month_year_and_time_has_24_hours(az):
    """Dates and times are those of the kiosk's own zone, in one form for all languages."""
    at_ms = 1_793_739_900_000  # 2026-11-03 21:05 UTC: the next day in Baku
    assert (az.date(at_ms), az.time(at_ms)) == ("04.11.2026", "01:05")
    assert az.date("2026-11-03") == az.date(date(2026, 11, 3)) == "03.11.2026"
    assert Language("en", SOURCE, UTC).time(at_ms) == "21:05"


def test_a_date_that_is_none_stays_as_it_is(az):
    """What a card says in place of a date is shown as it is."""
    assert az.date("unknown") == "unknown"


def test_a_text_missing_in_one_language_is_shown_in_another(az):
    """Of texts that come from outside, any language is better than nothing."""
    assert az.pick({"az": "Cərimə", "ru": "Штраф"}) == "Cərimə"
    assert az.pick({"ru": "Штраф"}) == "Штраф"
    assert az.pick({}) == ""


def test_languages_are_folders(tmp_path):
    """Each folder of catalogues is a language; all its files count."""
    for code in ("az", "en"):
        (tmp_path / code).mkdir()
        (tmp_path / code / "a.ftl").write_text(f"language-name = {code}!", "utf-8")
        (tmp_path / code / "b.ftl").write_text("more = x", "utf-8")
    languages = load_languages(tmp_path)
    assert [language.name for language in languages.values()] == ["az!", "en!"]
    assert languages["en"].text("more") == "x"


def test_a_language_without_a_catalogue_is_refused(tmp_path):
    """A language that was asked for and has no catalogue is an error at the start."""
    with pytest.raises(FileNotFoundError, match="no catalogue"):
        load_languages(tmp_path, ("az",))
