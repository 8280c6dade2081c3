"""The command line: exit statuses and sentences, never a traceback."""

import json
import re
import shutil
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.domain.secret import Secret
from kiosk.journal import Journal
from kiosk.runtime.desk import hash_pin, pin_matches
from tests.commands.edits import edit
from tests.journey.play import Play
from tests.test_config import GOOD

CONFIG = Path(__file__).parents[2] / "config"
DEVICES = """
[terminal]
port = "terminal"
[printer]
port = "printer"
"""


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "kiosk.toml"
    path.write_text(GOOD + DEVICES)
    (tmp_path / "token").write_text("a-token\n")
    return path


def journal_of(tmp_path, play):
    journal = Journal(tmp_path / "data" / "journal.db", "AGALI-1")
    for entry in play.entries:
        journal.append(entry.event, 1, entry.at_ms, 0)
    return journal


def test_a_configuration_without_mistakes_is_well(config, capsys):
    """check-config says that all is well and exits 0."""
    assert main(["check-config", str(config)]) == 0
    assert "all is well" in capsys.readouterr().out


@pytest.mark.parametrize(("change", "told"), [
    (('terminal = "zvt"', 'terminal = "zvd"'), "there is no such driver; expected one of: nexo, zvt"),
    (('port = "terminal"', 'prt = "terminal"'), "terminal: Object contains unknown field `prt`"),
    (('port = "printer"', "port = 7"), "printer: Expected `str`, got `int` - at `$.port`"),
])  # fmt: skip
def test_a_drivers_mistake_is_explained(config, capsys, change, told):
    """A driver that is not there and a setting it does not know are told with key and expectation, and exit 78."""
    edit(config, change)
    assert main(["check-config", str(config)]) == 78
    assert told in capsys.readouterr().out


def told_by_check(config, capsys):
    assert main(["check-config", str(config)]) == 78
    return capsys.readouterr().out


@pytest.mark.parametrize(("token", "told"), [
    (None, "the kiosk's token cannot be read"),
    ("", "holds no token ('kiosk-central add-kiosk' prints one)"),
    ("two words", "holds no token"),
])  # fmt: skip
def test_a_missing_token_is_told(config, tmp_path, capsys, token, told):
    """check-config tells a token file that is missing or holds none, with key and path."""
    (tmp_path / "token").unlink()
    if token is not None:
        (tmp_path / "token").write_text(token)
    (line,) = told_by_check(config, capsys).splitlines()
    assert line.startswith(f'{config}: central.token_file = "token": {tmp_path / "token"}: ')
    assert told in line


def test_a_missing_authority_is_told(config, capsys):
    """check-config tells a CA file that cannot be used."""
    edit(config, ("[central]", '[central]\nca_file = "/nowhere/ca.pem"'))
    assert "central.ca_file: /nowhere/ca.pem cannot be used" in told_by_check(config, capsys)


def receipts_without(tmp_path, config, change):
    shutil.copytree(CONFIG / "receipts", tmp_path / "receipts")
    edit(tmp_path / "receipts" / "letterhead.toml", change)
    edit(config, (f"{CONFIG}/receipts", "receipts"))


@pytest.mark.parametrize(("change", "told"), [
    (('ru = "Сельский терминал услуг"\n', ""), "letterhead.toml: organisation.ru: expected a text"),
    (('en = "Aghali village, Zangilan district"', 'en = ""'), "letterhead.toml: place.en: expected a text"),
    (('phone = "108"', ""), "letterhead.toml: Object missing required field `phone`"),
    (('phone = "108"', "phone = "), "letterhead.toml: Invalid value"),
])  # fmt: skip
@pytest.mark.parametrize("command", [["check-config"], ["report", "--config"]])
def test_a_letterhead_that_lacks_something_is_told(config, tmp_path, capsys, change, told, command):
    """A letterhead without one of the languages stops the commands that need it, with file and key: no paper fails later."""
    receipts_without(tmp_path, config, change)
    assert main([*command, str(config)]) == 78
    out = capsys.readouterr()
    assert told in out.out + out.err


def test_a_missing_language_is_told(config, capsys):
    """A language without a catalogue is told with its folder."""
    edit(config, (f"{CONFIG}/languages", "languages"))
    assert "no catalogue (*.ftl) in" in told_by_check(config, capsys)


def test_mistakes_of_all_kinds_are_told_at_once(config, tmp_path, capsys):
    """A wrong value, a wrong driver's table, a missing token and a poor letterhead come in one answer."""
    receipts_without(tmp_path, config, ('en = "Village service terminal"', ""))
    (tmp_path / "token").unlink()
    edit(config, ('port = "printer"', 'prt = "printer"\n[screen]\nrotation = 45'))
    told = told_by_check(config, capsys)
    for each in (
        "screen.rotation = 45",
        "printer: Object contains unknown field `prt`",
        "central.token_file",
        "organisation.en",
    ):
        assert each in told
    assert len(told.splitlines()) == 4


@pytest.mark.parametrize(("change", "told"), [
    (('data = "data"', 'data = "data"\nlog_level = "TRACE"'), "kiosk.log_level"),
    (('data = "data"', 'data = "data"\ntimezone = "Asia/Agali"'), "kiosk.timezone"),
    (("http://127.0.0.1:1", "http://central.example"), "central.url"),
    (('port = "printer"', 'port = "printer"\n[screen]\nwidth_mm = 0'), "screen.width_mm"),
])  # fmt: skip
def test_a_kiosk_does_not_start_on_a_mistake(config, capsys, change, told):
    """kiosk run makes the same checks as check-config and exits 78."""
    edit(config, change)
    assert main(["run", "--config", str(config)]) == 78
    assert told in capsys.readouterr().err


def test_a_torn_configuration_does_not_start(config, capsys):
    """kiosk run with half a configuration exits 78 with a sentence."""
    text = config.read_text()
    config.write_text(text[: text.index('"') + 1])
    assert main(["run", "--config", str(config)]) == 78
    assert "is not whole TOML" in capsys.readouterr().err


def test_a_whole_journal_verifies(config, tmp_path, capsys):
    """journal verify walks the chain and counts it."""
    journal_of(tmp_path, Play().to_farewell()).close()
    assert main(["journal", "verify", "--config", str(config)]) == 0
    assert re.fullmatch(r"whole: \d+ entries\n", capsys.readouterr().out)


def test_a_changed_journal_is_told(config, tmp_path, capsys):
    """journal verify finds a changed entry and exits 2."""
    journal = journal_of(tmp_path, Play().to_farewell())
    journal._db.execute("UPDATE entries SET at_ms = 1 WHERE seq = 3")
    journal.close()
    assert main(["journal", "verify", "--config", str(config)]) == 2
    assert "BROKEN: entry 3" in capsys.readouterr().out


@pytest.mark.parametrize("what", ["show", "export"])
def test_what_is_shown_holds_nothing_personal(config, tmp_path, capsys, what):
    """show and export leave sealed what is sealed, whether or not its key still exists."""
    journal_of(tmp_path, Play().to_farewell()).close()
    assert main(["journal", what, "--config", str(config)]) == 0
    out = capsys.readouterr().out
    assert "MAMMADOVA" not in out
    assert "104558210" not in out
    if what == "export":
        rows = [json.loads(line) for line in out.splitlines()]
        assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))


@pytest.mark.parametrize(("way", "status"), [("to_choosing", 1), ("to_taking", 1), ("to_certificate", 1)])
def test_an_updater_learns_whether_it_may_update(config, tmp_path, capsys, way, status):
    """journal at-rest exits 1 in the middle of a journey and 0 once its key is gone (law 8)."""
    journal = journal_of(tmp_path, getattr(Play(), way)())
    journal.close()
    assert main(["journal", "at-rest", "--config", str(config)]) == status
    again = Journal(tmp_path / "data" / "journal.db", "AGALI-1")
    again.forget(1)
    again.close()
    assert main(["journal", "at-rest", "--config", str(config)]) == 0
    assert capsys.readouterr().out.endswith("at rest\n")


def test_no_journal_is_a_sentence(config, capsys):
    """Without a journal the command says so and exits 2."""
    assert main(["journal", "verify", "--config", str(config)]) == 2
    assert "there is no journal" in capsys.readouterr().err


def test_a_pin_fits_its_hash_and_no_other():
    """Only the PIN that was hashed matches; an empty or broken hash matches nothing."""
    hashed = hash_pin(Secret("481516"), b"salt")
    assert pin_matches(Secret("481516"), hashed)
    for pin, against in (
        ("481517", hashed),
        ("", hashed),
        ("481516", ""),
        ("481516", "scrypt$"),
        ("481516", "plain$1$2"),
    ):
        assert not pin_matches(Secret(pin), against)
