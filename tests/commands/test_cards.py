"""kiosk cards import: what it prints, what it leaves, how it exits."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from hardware.card.trust_folder import contents_of
from kiosk.__main__ import main
from tests.commands.test_cli import DEVICES
from tests.hardware.card import pki
from tests.hardware.card.pki import State
from tests.test_config import CONFIG, GOOD

HOME, ABROAD = State(label="home"), State(label="abroad", country="GE")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "list.ml").write_bytes(pki.master_list(HOME, [HOME.authority, ABROAD.authority]))
    (tmp_path / "mixed.ml").write_bytes(pki.master_list(HOME, [HOME.authority, HOME.signer]))
    (tmp_path / "signer.cer").write_bytes(HOME.signer)
    (tmp_path / "letter.txt").write_text("no certificate")
    (tmp_path / "token").write_text("a-token\n")
    return tmp_path


def importing(files: Path, name: str, *options: str) -> int:
    confirmed = hashlib.sha256(HOME.authority).hexdigest()
    return main(
        ["cards", "import", str(files / name), "--into", str(files / "trust"), "--fingerprint", confirmed, *options]
    )


def test_a_master_list_is_imported(files: Path, capsys: pytest.CaptureFixture[str]):
    """One line for each certificate, a sum at the end, and exit status 0."""
    assert importing(files, "list.ml") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == ["opened", "taken", "taken"]
    assert lines[-1] == f"{files / 'trust'}: 2 taken, 0 refused"
    assert len(contents_of(files / "trust")[0]) == 2


def test_what_is_refused_is_said_and_counts(files: Path, capsys: pytest.CaptureFixture[str]):
    """Exit status 1 where some were refused, 2 where nothing was taken, and the reason stands in the line."""
    assert importing(files, "mixed.ml") == 1
    assert "is no certificate of an authority" in capsys.readouterr().out
    assert importing(files, "signer.cer") == 2
    assert importing(files, "letter.txt") == 2
    assert "neither a master list nor LDIF, PEM or DER" in capsys.readouterr().err
    assert importing(files, "missing") == 2
    assert len(contents_of(files / "trust")[0]) == 1


def test_a_master_list_says_how_it_is_confirmed(files: Path, capsys: pytest.CaptureFixture[str]):
    """Without anybody's word a first list is refused; the line that refuses it has the option with which it is taken."""
    command = ["cards", "import", str(files / "list.ml"), "--into", str(files / "trust")]
    assert main(command) == 2
    told = capsys.readouterr().out.splitlines()[0].rpartition("--fingerprint ")
    assert main([*command, "--fingerprint", told[2]]) == 0


def test_a_country_can_be_chosen(files: Path, capsys: pytest.CaptureFixture[str]):
    """--country takes these alone, and says how many it passed over."""
    assert importing(files, "list.ml", "--country", "GE") == 0
    assert "passed over  1 certificates: of other countries" in capsys.readouterr().out
    assert contents_of(files / "trust")[0] == [ABROAD.authority]


def test_the_folder_is_the_configured_one(files: Path, capsys: pytest.CaptureFixture[str]):
    """Without --into it is card.trust of the configuration, and check-config misses it until the import."""
    config = files / "kiosk.toml"
    config.write_text(GOOD + DEVICES)
    assert main(["cards", "import", str(files / "list.ml"), "--config", str(config)]) == 78
    config.write_text(GOOD + DEVICES + f'[card]\ntrust = "{files}/trust"\n')
    assert main(["check-config", str(config)]) == 78
    assert f"card.trust: {files}/trust holds no trust anchors" in capsys.readouterr().out
    confirmed = hashlib.sha256(HOME.authority).hexdigest()
    assert main(["cards", "import", str(files / "list.ml"), "--config", str(config), "--fingerprint", confirmed]) == 0
    assert main(["check-config", str(config)]) == 0


def test_a_service_that_asks_for_proof_needs_the_folder(files: Path, capsys: pytest.CaptureFixture[str]):
    """A service that asks for a proven card is a mistake on a kiosk that proves nothing."""
    services = files / "services"
    services.mkdir()
    text = (CONFIG / "services" / "electricity.toml").read_text("utf-8")
    (services / "electricity.toml").write_text(text.replace('needs = "card"', 'needs = "genuine_card"'), "utf-8")
    config = files / "kiosk.toml"
    config.write_text(GOOD.replace(f"{CONFIG}/services", str(services)) + DEVICES)
    assert main(["check-config", str(config)]) == 78
    told = capsys.readouterr().out
    assert 'card.trust: expected the folder that "kiosk cards import" fills' in told
    assert "for electricity: needs = genuine_card" in told


def test_a_relative_folder_is_a_mistake(files: Path, capsys: pytest.CaptureFixture[str]):
    """A folder that depends on where the kiosk was started is none."""
    config = files / "kiosk.toml"
    config.write_text(GOOD + DEVICES + '[card]\ntrust = "trust"\n')
    assert main(["check-config", str(config)]) == 78
    assert "card: trust: expected an absolute path" in capsys.readouterr().out
