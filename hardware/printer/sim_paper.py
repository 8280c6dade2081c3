"""The simulated printer's paper: rows of dots, cut into pieces that stay in its folder with a ledger of them."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageOps

ROWS_PER_MM: Final = 8  # 203 dots per inch
QUIET_ZONE_DOTS: Final = 32
READ_QR_S: Final = 10


class Paper:
    """The roll from the head on, and every piece cut off it.

    A row is an int of ``width_dots`` bits, most significant bit left, 1 = black. The ``gap_rows`` last rows lie
    between head and cutter and stay on the roll when it cuts. Files: ``paper-0001.png`` …, ``ledger.jsonl``,
    ``paper-current.png`` (the uncut rest, written on demand and when the printer stops).
    """

    def __init__(self, folder: Path, width_dots: int, gap_rows: int = 0, dots_per_inch: int = 203) -> None:
        self.width_dots = width_dots
        self.dots_per_inch = dots_per_inch
        self.rows_per_mm = ROWS_PER_MM * dots_per_inch / 203
        self.gap_rows = gap_rows
        self.text = ""
        self._folder = folder
        self._current = folder / "paper-current.png"
        self._rows = _read_rows(self._current, width_dots) or [0] * gap_rows
        book = folder / "ledger.jsonl"
        self._pieces = [json.loads(line) for line in book.read_text().splitlines()] if book.exists() else []
        self._codes: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def pieces(self) -> int:
        """Count the pieces cut so far."""
        return len(self._pieces)

    def add(self, row: int) -> None:
        """Move the paper by one row and burn these dots into it."""
        self._rows.append(row)

    def cut(self, kind: str) -> None:
        """End a piece: write its picture, then its ledger row. Nothing lies past the cutter: nothing is cut."""
        end = len(self._rows) - self.gap_rows
        if end <= 0:
            return
        rows, self._rows = self._rows[:end], self._rows[end:]
        name = f"paper-{len(self._pieces) + 1:04}.png"
        picture = _png(rows, self.width_dots)
        _write(self._folder / name, picture)
        piece = {"paper": name, "rows": end, "height_mm": end / self.rows_per_mm, "cut": True, "cut_kind": kind}
        piece |= {"sha256": hashlib.sha256(picture).hexdigest(), "text": self.text}
        self.text = ""
        with (self._folder / "ledger.jsonl").open("a") as book:
            book.write(json.dumps(piece, ensure_ascii=False) + "\n")
        self._pieces.append(piece)

    def save_current(self) -> Path:
        """Write the uncut rest to ``paper-current.png`` (no file when there is none) and give its path."""
        if self._rows:
            _write(self._current, _png(self._rows, self.width_dots))
        else:
            self._current.unlink(missing_ok=True)
        return self._current

    def ledger(self) -> list[dict[str, Any]]:
        """Give one row per piece; ``qr`` holds the texts of its codes, read with zbarimg where that is installed."""
        return [piece | {"qr": self._read_codes(piece["paper"])} for piece in list(self._pieces)]

    def _read_codes(self, name: str) -> list[str]:
        if name not in self._codes:
            self._codes[name] = _scan(self._folder / name)
        return list(self._codes[name])


def _scan(picture: Path) -> list[str]:
    zbarimg = shutil.which("zbarimg")
    if zbarimg is None or not picture.exists():
        return []
    with Image.open(picture) as image:
        # The paper's own margins are part of the code's quiet zone, but the picture ends at the printable width.
        framed = ImageOps.expand(image.convert("L"), QUIET_ZONE_DOTS, 255)
    stream = io.BytesIO()
    framed.save(stream, "PNG")
    command = [zbarimg, "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "png:-"]
    try:
        done = subprocess.run(command, input=stream.getvalue(), capture_output=True, timeout=READ_QR_S, check=False)
    except subprocess.TimeoutExpired:
        return []
    return done.stdout.decode("utf-8", "replace").splitlines()


def _png(rows: list[int], width_dots: int) -> bytes:
    stride = (width_dots + 7) // 8
    pad = stride * 8 - width_dots
    white = (1 << width_dots) - 1
    data = b"".join(((row ^ white) << pad).to_bytes(stride, "big") for row in rows)
    stream = io.BytesIO()
    Image.frombytes("1", (width_dots, len(rows)), data).save(stream, "PNG")
    return stream.getvalue()


def rows_of(image: Image.Image) -> list[int]:
    """Turn a 1-bit image (non-zero = ink) into rows."""
    stride = (image.width + 7) // 8
    data = image.tobytes()
    pad = stride * 8 - image.width
    return [int.from_bytes(data[start : start + stride], "big") >> pad for start in range(0, len(data), stride)]


def _read_rows(picture: Path, width_dots: int) -> list[int]:
    if not picture.exists():
        return []
    with Image.open(picture) as image:
        return rows_of(ImageOps.invert(image.convert("L")).convert("1")) if image.width == width_dots else []


def _write(path: Path, data: bytes) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_bytes(data)
    fresh.replace(path)
