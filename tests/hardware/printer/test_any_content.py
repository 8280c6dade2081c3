"""Whatever stands in a receipt, it is dots on paper and never a command to the printer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware.printer.commands import acknowledgement_request
from hardware.printer.encode import encode, orders
from hardware.printer.explain import explain_escpos
from hardware.printer.explain_orders import REAL_TIME
from hardware.printer.layout import WIDTHS, lay_out
from hardware.printer.profiles import PROFILES, ProfileName
from kiosk.domain.receipt import Gap, Printed, Qr, Receipt, ReceiptLine, Row, Rule, Text
from tests.hardware.printer.wire import Wire, differing_dots, wire

COMMANDS = [
    "\x1b@",
    "\x1dV\x00",
    "\x10\x04\x01",
    "\x10\x05\x02",
    "\x10\x14\x01\x00\x05",
    "\x1d(H\x06\x00000147",
    "\x1bp\x00\x19ú",
    "\x1c.",
]
HOSTILE = (
    *COMMANDS,
    "\x00",
    "\ud800",
    "\u202e",
    "\u0301" * 9,
    "Məmmədova Aygün",
    "你好",
    "👩‍👩‍👧",
    "العربية",
    "\U0010ffff",
)
WORDS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(HOSTILE), max_size=8).map("".join))
SIZES = st.sampled_from(("small", "normal", "large"))
LENGTHS = st.one_of(st.floats(-5, 40), st.sampled_from((float("nan"), float("inf"), -1e300)))
LINES: st.SearchStrategy[ReceiptLine] = st.one_of(
    st.builds(Text, WORDS, st.sampled_from(("left", "centre", "right")), SIZES, st.booleans()),
    st.builds(Row, WORDS, WORDS, st.booleans(), SIZES),
    st.builds(Qr, WORDS, LENGTHS),
    st.builds(Gap, LENGTHS),
    st.just(Rule()),
)
RECEIPTS = st.lists(LINES, max_size=6).map(lambda lines: Receipt("R", "az", tuple(lines)))
SENT = {"ESC @", "GS P", "GS a", "ESC J", "ESC d", "GS v 0", "GS V", "GS ( H", "GS r"}
PHANTOMS = 4
"""Dots changed in one paper, one for each real-time command that its dots spell: seldom any."""
HOSTILE_PAPER = Receipt("R", "az", (*(Text(word) for word in HOSTILE), *(Qr(word) for word in HOSTILE)))


@settings(max_examples=80, deadline=None)
@given(receipt=RECEIPTS, profile=st.sampled_from(sorted(PROFILES)), width=st.sampled_from(sorted(WIDTHS.values())))
@example(receipt=HOSTILE_PAPER, profile="generic-80", width=576)
def test_any_content_is_only_dots(receipt: Receipt, profile: ProfileName, width: int) -> None:
    """Any receipt is drawn, and all that is sent for it are the driver's own commands: no letter of it is one."""
    dialect, picture = PROFILES[profile], lay_out(receipt, width)
    request = acknowledgement_request(dialect, "0147")
    stream = orders(dialect).start + b"".join(window + request for window in encode(picture, dialect))
    told = explain_escpos(stream)
    assert {row.get("command", "error") for row in told} <= SENT
    assert [row["command"] for row in told if row["command"] == "GS V"] == ["GS V"]
    assert REAL_TIME.search(stream) is None
    rows = [row["parameters"] for row in told if row["command"] in ("ESC J", "GS v 0")]
    assert sum(row.get("n", row.get("rows", 0)) for row in rows) == picture.height


@settings(max_examples=60, deadline=None)
@given(data=st.data(), profile=st.sampled_from(sorted(PROFILES)))
def test_dots_that_spell_commands(data: st.DataObject, profile: ProfileName) -> None:
    """Dots that spell real-time commands reach the printer as dots: the stream holds no question that the driver did not ask."""
    pieces = st.sampled_from(
        [b"\x10\x04\x01", b"\x10\x05\x02", b"\x10\x14\x08", b"\x10\x10\x04", b"\x10", b"\x04", b"\xff", b"\0"]
    )
    raster = b"".join(data.draw(st.lists(pieces, min_size=1, max_size=400)))
    rows = -(-len(raster) // 72)
    ink = raster.ljust(rows * 72, b"\0").translate(bytes(range(255, -1, -1)))
    stream = b"".join(encode(Image.frombytes("1", (576, rows), ink), PROFILES[profile]))
    assert REAL_TIME.search(stream) is None
    assert not any("real_time_inside" in row.get("parameters", {}) for row in explain_escpos(stream))


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    folder: Path = tmp_path_factory.mktemp("any")
    with wire(folder) as connected:
        yield connected


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(receipt=RECEIPTS)
@example(receipt=HOSTILE_PAPER)
def test_any_content_is_printed(wired: Wire, receipt: Receipt) -> None:
    """Over the wire any receipt is Printed, is one piece of paper, and the printer met no byte that it did not know."""
    before = wired.do("state")["pieces"]
    assert wired.driver.print(receipt) == Printed()
    assert wired.do("state")["pieces"] == before + 1
    assert wired.do("state")["unknown_bytes"] == 0
    assert differing_dots(wired.papers()[-1], wired.driver.picture(receipt)) <= PHANTOMS
