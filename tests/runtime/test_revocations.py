"""The revocation list on its way from the centre to the card reader: when it is fetched, and what nothing can do to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from central.__main__ import main
from hardware.card.driver import CardSettings, open_driver
from kiosk.domain.faults import CentralUnreachable, DeviceFault
from kiosk.domain.health import Ready
from kiosk.domain.secret import Secret
from kiosk.runtime.revocations import AGAIN_S, EVERY_S, Revocations
from kiosk.uplink.client import HttpCentral, UplinkSettings
from tests.central.server import RunningCentral
from tests.hardware.card.operator import Operator

OURS = Operator()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentral]:
    with RunningCentral(tmp_path / "central") as running:
        yield running


class Kiosk:
    """The real client and the real driver's keeping, with a clock in the test's hand."""

    def __init__(self, centre: RunningCentral, folder: Path) -> None:
        self.folder, self.centre, self.now_s = folder, centre, 0.0
        (folder / "ca.pem").write_bytes(OURS.pem)
        settings = CardSettings(technicians=str(folder / "ca.pem"), revocations=str(folder / "lists"))
        self.reader = open_driver(settings)
        token = Secret(centre.token)
        self.client = HttpCentral(
            UplinkSettings(url=centre.url, kiosk_id="K1", token=token, connect_timeout_s=1, answer_timeout_s=5)
        )
        self.revocations = Revocations(self.client, self.reader.renew_revocations, lambda: self.now_s)
        self.revocations.serving = lambda: False

    def put(self, content: bytes) -> None:
        (self.folder / "list").write_bytes(content)
        files = [str(self.folder / "list"), "--ca", str(self.folder / "ca.pem")]
        assert main(["put-revocations", *files, "--database", self.centre.database]) == 0

    def kept(self) -> list[bytes]:
        return [each.read_bytes() for each in (self.folder / "lists").glob("current/*.crl")]

    def asked(self) -> int:
        return self.centre.wire.calls.count("GET /v1/technicians/revocations")


@pytest.fixture
def kiosk(centre: RunningCentral, tmp_path: Path) -> Iterator[Kiosk]:
    made = Kiosk(centre, tmp_path)
    yield made
    made.client.close()
    made.reader.close()


def test_the_list_comes_while_nobody_is_served(kiosk: Kiosk):
    """At rest it is fetched and kept, not while a citizen is there; then once an hour, and unchanged it does not travel."""
    newest = OURS.revoked([0x77], 5)
    kiosk.put(newest)
    kiosk.revocations.serving = lambda: True
    assert isinstance(kiosk.revocations.look(), Ready)
    assert (kiosk.kept(), kiosk.asked()) == ([], 0)
    kiosk.revocations.serving = lambda: False
    kiosk.revocations.look()
    assert kiosk.kept() == [newest]
    kiosk.revocations.look()
    assert kiosk.asked() == 1
    kiosk.now_s += EVERY_S
    kiosk.revocations.look()
    assert (kiosk.asked(), kiosk.kept()) == (2, [newest])
    kiosk.put(OURS.revoked([0x77, 0x78], 6))
    kiosk.now_s += EVERY_S
    kiosk.revocations.look()
    assert kiosk.kept() != [newest]


def test_without_a_line_the_last_good_list_stays(kiosk: Kiosk):
    """Offline nothing is asked and nothing is lost; when the line is back the newest comes."""
    kiosk.put(OURS.revoked([0x77], 5))
    kiosk.revocations.look()
    first = kiosk.kept()
    kiosk.centre.down()
    kiosk.now_s += EVERY_S
    kiosk.revocations.look()
    assert not kiosk.revocations.fetch()
    assert kiosk.kept() == first
    kiosk.centre.up()
    kiosk.put(OURS.revoked([], 6))
    kiosk.now_s += EVERY_S
    kiosk.revocations.look()
    assert kiosk.kept() != first


def test_a_centre_that_lies_changes_nothing(kiosk: Kiosk):
    """A list that another authority signed, or an older one, is refused by the kiosk itself and asked for again soon."""
    good = OURS.revoked([0x77], 5)
    assert kiosk.reader.renew_revocations(good) == ""
    for bad in (OURS.revoked([], 4), Operator().revoked([], 9), b"<html>", b""):
        liar = Liar(bad)
        revocations = Revocations(liar, kiosk.reader.renew_revocations, lambda: kiosk.now_s)
        revocations.serving = lambda: False
        revocations.look()
        kiosk.now_s += AGAIN_S
        revocations.look()
        assert liar.asked == ["", ""]
        assert kiosk.kept() == [good]


@pytest.mark.parametrize("trouble", [CentralUnreachable("no"), DeviceFault("no disk"), RuntimeError("a defect")])
def test_no_trouble_with_the_list_touches_the_centres_health(trouble: Exception):
    """Whatever goes wrong with the list, the centre is as well as it says, and is asked for the list again after a while."""
    liar, now = Liar(b""), [0.0]

    def fail(_: bytes) -> str:
        raise trouble

    revocations = Revocations(liar, fail, lambda: now[0])
    revocations.serving = lambda: False
    for _ in range(3):
        assert isinstance(revocations.look(), Ready)
    assert len(liar.asked) == 1
    now[0] += AGAIN_S
    revocations.look()
    assert len(liar.asked) == 2


class Liar:
    """A centre that hands out whatever it was given."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.asked: list[str] = []

    def health(self) -> Ready:
        return Ready()

    def revocations(self, known: str) -> tuple[bytes, str]:
        self.asked.append(known)
        return self.content, '"tag"'
