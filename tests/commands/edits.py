"""Files of the configuration, changed as an operator would."""

from __future__ import annotations

from pathlib import Path


def edit(path: Path, *changes: tuple[str, str]) -> None:
    """Put each new text in the place of the old one, once; the old one must be there."""
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")
