"""What kiosks say of themselves, and how staff see it."""

from __future__ import annotations

import json

import httpx
import sqlalchemy as sa

from central.__main__ import main
from central.kiosks.heartbeats import keep
from central.schema import metadata
from central.store import Store
from kiosk.domain.health import Degraded, Failed, Ready, Unknown
from kiosk.domain.receipt import Supply
from kiosk.domain.secret import Secret
from kiosk.uplink.client import HttpCentral, UplinkSettings
from kiosk.uplink.heartbeats import DeviceHealth, KioskHealth
from tests.central.server import RunningCentral, with_store

DEVICES = {
    "printer": Degraded("paper_low", "custom, /dev/usb/lp0"), "card": Ready("ACR39U, serial 4711"),
    "terminal": Failed("silent", "no answer to 06 00"), "cash": Unknown(),
}  # fmt: skip


def shown(central: RunningCentral, capsys, *options: str) -> str:
    """Return what ``kiosk-central kiosks`` prints."""
    capsys.readouterr()
    assert main(["kiosks", "--database", central.database, *options]) == 0
    return capsys.readouterr().out


def report(central: RunningCentral, supply: Supply, version: str = "1.2") -> None:
    """Tell the centre by the kiosk's own client."""
    client = HttpCentral(UplinkSettings(url=central.url, kiosk_id="K1", token=Secret(central.token)))
    try:
        client.report(version, DEVICES, supply)
    finally:
        client.close()


def test_staff_see_paper_and_what_is_not_well(central: RunningCentral, capsys) -> None:
    """A kiosk that never spoke is shown as such; one that did with its version, what is left of its roll and which devices are ill."""
    assert "never" in shown(central, capsys)
    report(central, Supply(47_300, 310, 2_700, near_end=True))
    line = next(line for line in shown(central, capsys).splitlines() if line.startswith("K1"))
    for part in ("1.2", "2.7 m left, NEAR ITS END", "printer degraded paper_low", "terminal failed silent"):
        assert part in line
    assert "card" not in line


def test_no_word_of_a_kiosk_controls_a_terminal(central: RunningCentral, capsys) -> None:
    """Escape sequences, line ends and turned writing in a version or a device's name are shown as signs that nothing obeys."""
    told = KioskHealth("K1", "1\x1b[2J\u202e", {"printer\x1b]0;x\x07": DeviceHealth("failed", "jam\r\nK2")})
    with_store(central.database, lambda store: write(store, told))
    text = shown(central, capsys)
    assert "\ufffd[2J" in text
    assert all(each.isprintable() for line in text.split("\n") for each in line)
    report(central, Supply(1_200, 8, None, near_end=False))


def write(store: Store, told: KioskHealth) -> None:
    with store.write() as tx:
        keep(tx, told, 1)


def test_only_the_newest_word_is_kept(central: RunningCentral, capsys) -> None:
    """A second word takes the place of the first; a roll of unknown length is told by what was printed."""
    report(central, Supply(47_300, 310, 2_700, near_end=True))
    report(central, Supply(1_200, 8, None, near_end=False), "1.3")
    (row,) = json.loads(shown(central, capsys, "--json"))
    assert (row["version"], row["paper"]) == ("1.3", "1.2 m printed")


def test_nothing_but_words_travels(central: RunningCentral) -> None:
    """What a device says in detail (serial numbers, ports, evidence) stays in the kiosk."""
    report(central, Supply(0, 0, None, near_end=False))
    kept = with_store(central.database, everything)
    assert "paper_low" in kept
    assert "4711" not in kept
    assert "06 00" not in kept


def everything(store: Store) -> str:
    """Return every row of every table."""
    with store.read() as connection:
        return repr([connection.execute(sa.select(table)).all() for table in metadata.sorted_tables])


def test_a_kiosk_speaks_for_itself_alone(http: httpx.Client) -> None:
    """Another kiosk's name with this one's token, and a word that is none, are refused."""
    body = {"kiosk": "K2", "version": "1", "devices": {}}
    assert http.post("/v1/kiosks/health", json=body).status_code == 401
    body = {"kiosk": "K1", "version": "1", "devices": {"card": {"state": "fine"}}}
    assert http.post("/v1/kiosks/health", json=body).status_code == 400
