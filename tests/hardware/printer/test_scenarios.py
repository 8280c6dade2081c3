"""The scenarios that a printer driver must get right, each once, over a pseudo-terminal: what is said is what lies in the tray.

The first sixteen are those of the driver's prototype, the last four those of a presenter. Variations of them (other faults,
other widths, TCP, every byte of a paper) stand in the files beside this one.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from hardware.printer import encode as encoding
from hardware.printer.encode import Encoder, encode
from hardware.printer.profiles import PROFILES
from kiosk.domain.health import Failed, Ready
from kiosk.domain.receipt import NotStarted, Partial, Printed, Receipt, Text, Unverified
from tests.hardware.printer.samples import PAPERS, PAYMENT, SHORT
from tests.hardware.printer.wire import differing_dots, is_exactly, the_next_paper_is_clean, wire

BOTH = pytest.mark.parametrize("model", ["epson", "tup900"])
"""A printer of each language."""
EACH = pytest.mark.parametrize("model", ["epson", "clone", "tup900"])
"""A printer with GS ( H and automatic status, one with neither, and a Star."""
PRESENTERS = pytest.mark.parametrize("model", ["custom", "tup900"])
"""Printers that hold a paper out: in ESC/POS and in Star's own language."""


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_01_normal(tmp_path: Path, name: str) -> None:
    """A paper is Printed: dot for dot as it was laid out, and cut."""
    with wire(tmp_path) as wired:
        assert wired.driver.print(PAPERS[name]) == Printed()
        (paper,) = wired.papers()
        assert is_exactly(paper, wired, PAPERS[name])


@pytest.mark.parametrize("name", sorted(PAPERS))
@pytest.mark.parametrize("model", ["clone", "epson"])
def test_02_clone_acknowledged_by_paper_status(tmp_path: Path, model: str, name: str) -> None:
    """A printer that knows only GS r 1 is believed as far as that goes: the paper is Printed, whole and cut."""
    with wire(tmp_path, model, profile="clone-80") as wired:
        assert wired.driver.print(PAPERS[name]) == Printed()
        (paper,) = wired.papers()
        assert is_exactly(paper, wired, PAPERS[name])


def test_03_wrong_profile(tmp_path: Path) -> None:
    """A printer that lacks the acknowledgement its profile promises is found out before any paper moves: no false success."""
    with wire(tmp_path, "clone", profile="generic-80", acknowledge_s=0.5) as wired:
        checks = {check.name: check.outcome for check in wired.driver.self_test().checks}
        assert checks["acknowledgement"] == "failed"
        assert wired.driver.print(PAYMENT) == NotStarted("unconfirmed")
        assert wired.papers() == []


@EACH
def test_04_paper_ends_in_the_middle(tmp_path: Path, model: str) -> None:
    """Paper that ends under way is Partial, with how many windows came out."""
    with wire(tmp_path, model) as wired:
        wired.do("paper_out_after", rows=300)
        outcome = wired.driver.print(PAYMENT)
        assert isinstance(outcome, Partial)
        assert outcome.reason == "paper_out"
        assert 0 < outcome.windows_acknowledged < len(wired.windows(PAYMENT))
        assert not wired.papers()


@EACH
def test_05_next_order_without_paper(tmp_path: Path, model: str) -> None:
    """The order after that is NotStarted at once, without a byte of it."""
    with wire(tmp_path, model) as wired:
        wired.do("paper_out_after", rows=300)
        wired.driver.print(PAYMENT)
        stub, begun_s = wired.do("state")["uncut_rows"], time.monotonic()
        assert wired.driver.print(SHORT) == NotStarted("paper_out")
        assert time.monotonic() - begun_s < 2
        assert wired.do("state")["uncut_rows"] == stub


@EACH
def test_06_refilled(tmp_path: Path, model: str) -> None:
    """After a refill the stub is cut off and the next paper is whole and alone: nothing of the old rest is on it."""
    with wire(tmp_path, model) as wired:
        wired.do("paper_out_after", rows=300)
        wired.driver.print(PAYMENT)
        wired.do("paper_in")
        the_next_paper_is_clean(wired)
        assert len(wired.papers()) == 2


@pytest.mark.parametrize(("happens", "ends"), [("paper_out", "paper_in"), ("cover_open", "cover_close")])
@EACH
def test_07_removed_inside_the_grace(tmp_path: Path, model: str, happens: str, ends: str) -> None:
    """Paper put in or a cover closed within the grace: the printer goes on by itself, and the one paper is Printed and whole."""
    with wire(tmp_path, model, grace_s=20.0) as wired:
        printing = wired.begin(PAYMENT)
        wired.do(happens)
        wired.until(lambda state: state["offline"])
        wired.do(ends)
        assert printing.result(20) == Printed()
        assert is_exactly(wired.papers()[0], wired, PAYMENT)


def test_08_cover_open_before(tmp_path: Path) -> None:
    """With the cover open nothing is begun: NotStarted, and no dot is in the printer."""
    with wire(tmp_path) as wired:
        wired.do("cover_open")
        assert wired.driver.print(PAYMENT) == NotStarted("cover_open")
        wired.do("cover_close")
        assert wired.do("state")["uncut_rows"] == 0
        assert wired.papers() == []


@BOTH
def test_09_cover_opened_in_the_middle(tmp_path: Path, model: str) -> None:
    """A cover opened under way is Partial as soon as the printer says so; once it is closed the next paper is clean."""
    with wire(tmp_path, model) as wired:
        printing = wired.begin(PAYMENT)
        wired.do("cover_open")
        begun_s = time.monotonic()
        outcome = printing.result(30)
        assert isinstance(outcome, Partial)
        assert outcome.reason == "cover_open"
        assert time.monotonic() - begun_s < 5
        wired.do("cover_close")
        the_next_paper_is_clean(wired)


@pytest.mark.parametrize(
    ("model", "repair"), [("epson", ("clear",)), ("tup900", ("clear", "cover_open", "cover_close"))]
)
def test_10_cutter_jams(tmp_path: Path, model: str, repair: tuple[str, ...]) -> None:
    """A paper that was not cut off is not Printed; the jam is told at once, and recovered from once it is removed."""
    with wire(tmp_path, model, grace_s=20.0) as wired:
        wired.do("cutter_jam")
        begun_s = time.monotonic()
        outcome = wired.driver.print(PAYMENT)
        assert isinstance(outcome, Partial)
        assert outcome.reason == "cutter"
        assert time.monotonic() - begun_s < 10, "a citizen cannot free a knife: no grace for it"
        assert wired.driver.print(SHORT) == NotStarted("cutter")
        assert wired.driver.health() == Failed("cutter", wired.settings["profile"])
        for step in repair:
            wired.do(step)
        the_next_paper_is_clean(wired)


@BOTH
def test_11_cable_pulled(tmp_path: Path, model: str) -> None:
    """A cable pulled under way is Partial, lost; once it is back the driver finds the printer by itself."""
    with wire(tmp_path, model) as wired:
        printing = wired.begin(PAYMENT)
        wired.do("unplug")
        outcome = printing.result(30)
        assert isinstance(outcome, Partial)
        assert outcome.reason == "lost"
        wired.do("plug")
        the_next_paper_is_clean(wired)


@pytest.mark.parametrize(
    ("model", "profile", "kept"),
    [("epson", "generic-80", 9), ("epson", "generic-80", 700), ("epson", "generic-80", -6), ("clone", "clone-80", 700)],
)
def test_12_crash_inside_a_band(tmp_path: Path, model: str, profile: str, kept: int) -> None:
    """A printer left waiting for the rest of a band is brought back, and what was on the paper is not on the next."""
    with wire(tmp_path, model, profile=profile) as wired:
        encoder = Encoder(PROFILES[profile])
        encoder.image(wired.driver.picture(PAYMENT))
        wired.leave(encoder.commands[0] + encoder.commands[1] + max(encoder.commands, key=len)[:kept])
        assert isinstance(wired.driver.health(), Ready)
        assert len(wired.papers()) == 1, "the torn paper is cut off at once"
        the_next_paper_is_clean(wired)


def test_13_transmit_only(tmp_path: Path) -> None:
    """A printer that cannot answer prints, and nobody claims to know it: Unverified."""
    with wire(tmp_path, "tx_only", profile="tx-only") as wired:
        assert wired.driver.print(PAYMENT) == Unverified("unconfirmed")
        wired.until(lambda state: state["pieces"] == 1)
        assert is_exactly(wired.papers()[0], wired, PAYMENT)


def test_14_slow_line(tmp_path: Path) -> None:
    """At 19200 baud a picture takes its seconds, and none of them is taken for silence."""
    with wire(tmp_path, baudrate=19200, path="picture", acknowledge_s=1.0) as wired:
        begun_s = time.monotonic()
        assert wired.driver.print(SHORT) == Printed()
        assert time.monotonic() - begun_s > 0.75, "the printer was not slow"
        assert is_exactly(wired.papers()[0], wired, SHORT)


@BOTH
def test_15_power_blip_in_the_middle(tmp_path: Path, model: str) -> None:
    """A printer that restarts in the middle has forgotten a window: the paper is not called Printed."""
    with wire(tmp_path, model) as wired:
        printing = wired.begin(PAYMENT)
        wired.do("power_cycle")
        assert isinstance(printing.result(30), Partial)
        the_next_paper_is_clean(wired)


def test_16_dots_that_spell_real_time_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper whose dots spell real-time commands differs from its layout by one dot for each of them, and in nothing else."""
    lines = (";·.ı·´~¦'''~°;^;:´¹':°ı|'\"'ˈ*\":*´·`ˈ^^\"~';:ı`ˈ", "ı~**ı\":'!|¹˙;l˙|'l;¦,´,'´;^ll,,|·'ı.¦;`ı.˙ı˙°¹")
    noisy = Receipt("R", "az", tuple(Text(line, size="small") for line in lines))
    with wire(tmp_path) as wired:
        monkeypatch.setattr(encoding, "without_phantoms", bytes)
        bare = encode(wired.driver.picture(noisy), PROFILES["generic-80"])
        monkeypatch.undo()
        phantoms = sum(len(re.findall(rb"\x10[\x04\x05\x14]", window)) for window in bare)
        assert phantoms > 0
        assert wired.driver.print(noisy) == Printed()
        assert differing_dots(wired.papers()[0], wired.driver.picture(noisy)) == phantoms


@pytest.mark.parametrize("network", [False, True])
@pytest.mark.parametrize("name", sorted(PAPERS))
@PRESENTERS
def test_17_presented_and_taken(tmp_path: Path, model: str, name: str, network: bool) -> None:
    """A Printed paper is whole and held out; once it is taken, the next one is printed as if there had been none."""
    with wire(tmp_path, model, network=network) as wired:
        assert wired.driver.print(PAPERS[name]) == Printed()
        assert wired.do("state")["held_out"]
        assert is_exactly(wired.papers()[0], wired, PAPERS[name])
        wired.do("take")
        assert wired.driver.print(SHORT) == Printed()
        wired.do("take")
        assert wired.do("state")["fates"] == {1: "taken", 2: "taken"}
        assert wired.do("state")["unknown_bytes"] == 0


@pytest.mark.parametrize(("model", "take_s"), [("custom", 0.4), ("tup900", 2.0)])
def test_18_left_in_the_mouth(tmp_path: Path, model: str, take_s: float) -> None:
    """After its time the idle kiosk's look at the printer, or a Star by itself, draws the paper in; before that it is left there."""
    with wire(tmp_path, model, take_s=take_s) as wired:
        assert wired.driver.print(SHORT) == Printed()
        assert isinstance(wired.driver.health(), Ready)
        assert wired.do("state")["held_out"]
        time.sleep(take_s + 0.2)
        assert isinstance(wired.driver.health(), Ready)
        assert wired.do("state")["fates"] == {1: "retracted"}


@pytest.mark.parametrize(
    ("model", "profile", "repair"),
    [("custom", "custom-80", ("take", "normal")), ("tup900", "star-tup900", ("clear",))],
)
def test_19_jam_at_the_mouth(tmp_path: Path, model: str, profile: str, repair: tuple[str, ...]) -> None:
    """A paper that cannot be drawn in stays the only one: the printer has failed and the next is NotStarted, until it has been taken away."""
    with wire(tmp_path, model) as wired:
        assert wired.driver.print(SHORT) == Printed()
        wired.do("presenter_jam")
        assert wired.driver.print(PAYMENT) == NotStarted("mechanical")
        assert wired.driver.health() == Failed("mechanical", profile)
        assert len(wired.papers()) == 1
        for step in repair:
            wired.do(step)
        assert wired.driver.health() == Ready(profile)
        assert wired.driver.print(PAYMENT) == Printed()


def test_19_an_order_to_draw_in_is_given_again(tmp_path: Path) -> None:
    """What could not be drawn in once is drawn in at a later look, when the mouth is free again: nobody has to come for that."""
    with wire(tmp_path, "custom", take_s=0.4) as wired:
        assert wired.driver.print(SHORT) == Printed()
        wired.do("presenter_jam")
        assert isinstance(wired.driver.health(), Ready)
        time.sleep(0.6)
        assert wired.driver.health() == Failed("mechanical", "custom-80")
        wired.do("normal")
        assert wired.driver.health() == Ready("custom-80")
        assert wired.do("state")["fates"] == {1: "retracted"}
        assert wired.driver.print(PAYMENT) == Printed()


@PRESENTERS
def test_20_the_next_citizens_order(tmp_path: Path, model: str) -> None:
    """A paper left in the mouth is drawn in before the next citizen's is begun: nobody finds two."""
    with wire(tmp_path, model) as wired:
        assert wired.driver.print(SHORT) == Printed()
        assert wired.driver.print(PAYMENT) == Printed()
        assert wired.do("state")["fates"] == {1: "retracted"}
        wired.do("take")
        assert wired.do("state")["fates"] == {1: "retracted", 2: "taken"}
