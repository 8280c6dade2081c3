"""Finds every mistake in a set of catalogues. Each function returns sentences, one per mistake; none is all well."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from fluent.syntax import ast, parse
from fluent.syntax.visitor import Visitor

PLURALS = {"az": {"one", "other"}, "ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}
"""The plural categories a language needs (Unicode CLDR). A number without its branch would read as nonsense."""


class _Uses(Visitor):
    """Collects the variables and the selectors of one message."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.selects: list[set[str]] = []

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - the library's hook
        self.variables.add(node.id.name)

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:  # noqa: N802 - the library's hook
        self.selects.append({str(getattr(v.key, "name", getattr(v.key, "value", ""))) for v in node.variants})
        self.generic_visit(node)


def messages(folder: Path) -> dict[str, ast.Message]:
    """Return the messages of one language by id; a later file wins."""
    return {entry.id.name: entry for entry in _entries(folder) if isinstance(entry, ast.Message)}


def junk(folder: Path) -> list[str]:
    """Find what the parser could not read, messages without a label, and ids that stand twice."""
    mistakes, seen = [], set()
    for entry in _entries(folder):
        if isinstance(entry, ast.Junk):
            mistakes.append(f"{folder.name}: cannot be read: {(entry.content or '').strip()[:60]!r}")
        if isinstance(entry, ast.Message):
            if entry.value is None:
                mistakes.append(f"{folder.name}: {entry.id.name} has no label")
            if entry.id.name in seen:
                mistakes.append(f"{folder.name}: {entry.id.name} stands twice")
            seen.add(entry.id.name)
    return mistakes


def differences(folders: Collection[Path]) -> list[str]:
    """Find ids that a language lacks, and messages that do not take the same variables in every language."""
    catalogues = {folder.name: messages(folder) for folder in folders}
    every = sorted(set().union(*catalogues.values()))
    mistakes = [f"{code}: {key} is missing" for key in every for code, has in catalogues.items() if key not in has]
    for key in every:
        takes = {code: sorted(_uses(has[key]).variables) for code, has in catalogues.items() if key in has}
        if len(set(map(tuple, takes.values()))) > 1:
            mistakes.append(f"{key}: not the same variables: {takes}")
    return mistakes


def plural_gaps(folder: Path) -> list[str]:
    """Find plural selectors that lack a branch their language needs."""
    needed = PLURALS.get(folder.name, {"other"})
    return [
        f"{folder.name}: {key} lacks {sorted(needed - branches)}"
        for key, message in messages(folder).items()
        for branches in _uses(message).selects
        if branches & {"one", "few", "many"} and needed - branches
    ]


def tofu(folder: Path, glyphs: Collection[int]) -> list[str]:
    """Find characters of a catalogue that a font (its code points) cannot draw."""
    return [
        f"{folder.name}: {key} needs {char!r} (U+{ord(char):04X})"
        for key, message in messages(folder).items()
        for char in sorted(_characters(message))
        if ord(char) not in glyphs
    ]


def unknown(used: Iterable[str], folder: Path) -> list[str]:
    """Find ids that a program uses and the catalogue lacks."""
    has = messages(folder)
    return [f"{folder.name}: {key} is used and missing" for key in sorted(set(used)) if key not in has]


def unused(used: Collection[str], prefixes: tuple[str, ...], folder: Path) -> list[str]:
    """Find messages that nothing uses, neither by id nor by the prefix of a word."""
    return [
        f"{folder.name}: {key} is never used"
        for key in messages(folder)
        if key not in used and not key.startswith(prefixes)
    ]


def _entries(folder: Path) -> Iterator[ast.EntryType]:
    for path in sorted(folder.glob("*.ftl")):
        yield from parse(path.read_text("utf-8")).body


def _uses(message: ast.Message) -> _Uses:
    uses = _Uses()
    uses.visit(message)
    return uses


class _Texts(Visitor):
    def __init__(self) -> None:
        self.characters: set[str] = set()

    def visit_TextElement(self, node: ast.TextElement) -> None:  # noqa: N802 - the library's hook
        self.characters |= set(node.value)


def _characters(message: ast.Message) -> set[str]:
    if message.value is None:
        return set()
    texts = _Texts()
    texts.visit(message.value)
    return texts.characters - {"\n"}
