"""The command line: exit statuses and sentences, never a traceback."""

import json
import re
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.domain.secret import Secret
from kiosk.journal import Journal
from kiosk.runtime.desk import hash_pin, pin_matches
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
    (('terminal = "zvt"', 'terminal = "zvd"'), "there is no such driver; expected one of: zvt"),
    (('port = "terminal"', 'prt = "terminal"'), "terminal: Object contains unknown field `prt`"),
    (('port = "printer"', "port = 7"), "printer: Expected `str`, got `int` - at `$.port`"),
])  # fmt: skip
def test_a_drivers_mistake_is_explained(config, capsys, change, told):
    """A driver that is not there and a setting it does not know are told with key and expectation, and exit 78."""
    assert change[0] in config.read_text()
    config.write_text(config.read_text().replace(*change))
    assert main(["check-config", str(config)]) == 78
    assert told in capsys.readouterr().out


def test_a_torn_configuration_does_not_start(config, capsys):
    """kiosk run with half a configuration exits 78 with a sentence."""
    config.write_text(config.read_text()[:100])
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
