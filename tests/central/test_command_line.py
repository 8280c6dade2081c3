"""kiosk-central on the command line."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from central.__main__ import main
from tests.central.requests import certificate, reference, submit

START_S = 60.0


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A migrated database with demonstration data."""
    url = f"sqlite:///{tmp_path / 'central.db'}"
    assert main(["migrate", "--demo", "--database", url]) == 0
    return url


def serve(database: str) -> tuple[subprocess.Popen[str], str]:
    """Start the real command; return it and its URL."""
    command = [sys.executable, "-m", "central", "serve", "--port", "0", "--database", database, "--log-level", "ERROR"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    return process, process.stdout.readline().rpartition(" ")[2].strip()


def end(process: subprocess.Popen[str], how: signal.Signals) -> int:
    process.send_signal(how)
    with process:
        return process.wait(START_S)


def test_what_was_answered_survives_kill_9(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A submission that was answered is in the ledger, and answered the same, after SIGKILL and a new start."""
    capsys.readouterr()
    assert main(["add-kiosk", "K1", "--database", database]) == 0
    headers = {"Authorization": f"Bearer {capsys.readouterr().out.strip()}"}
    body = certificate(reference())
    answers = []
    for how, status in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 0)):
        process, url = serve(database)
        try:
            with httpx.Client(base_url=url, headers=headers, timeout=10, trust_env=False) as http:
                answers.append(submit(http, body).json()["receipt_number"])
        finally:
            assert end(process, how) == status
    assert answers[0] == answers[1]
    assert main(["ledger", "--json", "--database", database]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert (entry["reference"], entry["receipt_number"]) == (body["reference"], answers[0])


def test_a_busy_port_is_a_sentence(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Serving on a port that is taken ends with status 1 and one line that names it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port), "--database", database]) == 1
    told = capsys.readouterr().err
    assert told == f"kiosk-central: cannot listen on 127.0.0.1 port {port}: Address already in use\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ledger", "--database", "{}/none.db"], "run 'kiosk-central migrate' first"),
        (["serve", "--database", "{}/none.db"], "run 'kiosk-central migrate' first"),
        (["migrate", "--database", "{}/no/folder.db"], "no such folder"),
        (["migrate", "--database", "nosql://x/y"], "not a database URL"),
        (["migrate", "--database", "sqlite://"], "must be a file"),
        (["migrate", "--database", "sqlite:///{}"], "unable to open database file"),
    ],
)
def test_a_database_that_cannot_be_used_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    """Each reason is one line on standard error, status 1, and no file is left behind."""
    assert main([each.format(tmp_path) for each in arguments]) == 1
    told = capsys.readouterr().err
    assert words in told
    assert told.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments", [[], ["fly"], ["serve", "--port", "70000"], ["serve", "--public-url", "x"], ["add-kiosk"]]
)
def test_wrong_arguments_are_explained(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong arguments end with status 2 and the usage."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: kiosk-central" in capsys.readouterr().err


def test_a_token_is_shown_once_and_kept_as_a_hash(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No file holds the token; a second add is refused; --renew gives another one."""
    capsys.readouterr()
    main(["add-kiosk", "K1", "--database", database])
    token = capsys.readouterr().out.strip()
    path = Path(database.removeprefix("sqlite:///"))
    assert all(token.encode() not in file.read_bytes() for file in path.parent.iterdir())
    assert main(["add-kiosk", "K1", "--database", database]) == 1
    assert "--renew" in capsys.readouterr().err
    assert main(["add-kiosk", "K1", "--renew", "--database", database]) == 0
    assert capsys.readouterr().out.strip() != token


def test_a_newer_database_is_left_alone(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A schema of the future is refused by migrate and serve, and stays as it is."""
    with sqlite3.connect(database.removeprefix("sqlite:///")) as db:
        db.execute("UPDATE meta SET value = '99'")
    db.close()
    assert main(["migrate", "--database", database]) == 1
    assert main(["serve", "--port", "0", "--database", database]) == 1
    assert "schema 99" in capsys.readouterr().err


def test_migrating_again_lays_the_demonstration_down_anew(database: str) -> None:
    """migrate --demo makes a paid bill due again and leaves everything else."""
    path = database.removeprefix("sqlite:///")
    with sqlite3.connect(path) as db:
        db.execute("UPDATE electricity_accounts SET paid_minor = 2360 WHERE number = '104558210'")
        db.execute("UPDATE electricity_accounts SET number = '000000001' WHERE number = '104560047'")
    assert main(["migrate", "--demo", "--database", database]) == 0
    rows = dict(db.execute("SELECT number, paid_minor FROM electricity_accounts"))
    db.close()
    assert (rows["104558210"], "000000001" in rows, len(rows)) == (0, True, 6)


def test_the_description_can_be_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``openapi`` prints the description and touches no database."""
    assert main(["openapi", "--database", f"{tmp_path}/none.db"]) == 0
    assert json.loads(capsys.readouterr().out)["openapi"].startswith("3.1")
    assert not list(tmp_path.iterdir())
