"""Messages in Project Fluent: ``config/languages/<code>/*.ftl``, each with a label and, where it differs, a ``.say``.

A missing message is a mistake that ``check`` reports before anything ships. Should one be missing all the same, the
citizen sees its id and the kiosk goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from kiosk.domain.money import Money

Value = str | int
"""What a message takes: texts, and whole numbers where it has plural forms."""

SPACE = "\u00a0"
SYMBOLS = {"AZN": "₼"}


class Language:
    """One language: ``text`` is what is shown, ``say`` what is spoken. Never raises on a missing id or argument.

    ``missing`` collects what was asked for in vain, so that it can be logged.
    """

    def __init__(self, code: str, source: str, zone: tzinfo | None = None) -> None:
        self.code = code
        self.missing: set[str] = set()
        self._zone = zone
        self._bundle = FluentBundle([code], use_isolating=False)
        self._bundle.add_resource(FluentResource(source))

    @property
    def name(self) -> str:
        """The language's own name: Azərbaycanca, Русский, English."""
        return self.text("language-name")

    def has(self, message_id: str) -> bool:
        """Say whether there is such a message."""
        return self._bundle.has_message(message_id)

    def text(self, message_id: str, **args: Value) -> str:
        """Return what is shown; the id itself if there is no such message."""
        return self._format(message_id, None, args) or message_id

    def say(self, message_id: str, **args: Value) -> str:
        """Return what is spoken: the message's ``.say``, or what is shown."""
        return self._format(message_id, "say", args) or self.text(message_id, **args)

    def word(self, kind: str, word: str, **args: Value) -> str:
        """Return the message ``<kind>-<word>``, or ``<kind>-other`` for a word that the catalogue does not know.

        Words are written ``card_failed`` in events and ``card-failed`` in ids.
        """
        return self.text(self.word_id(kind, word), **args)

    def word_id(self, kind: str, word: str) -> str:
        """Return the id that ``word`` would use."""
        wanted = f"{kind}-{word.replace('_', '-')}"
        return wanted if self.has(wanted) else f"{kind}-other"

    def pick(self, texts: Mapping[str, str]) -> str:
        """Return the text of this language; any other, rather than none."""
        return texts.get(self.code) or next(iter(texts.values()), "")

    def money(self, money: Money, *, paper: bool = False) -> str:
        """Return an amount: ``1 234,50 ₼`` on a screen, ``1 234,50 AZN`` on paper. Spaces do not break."""
        minor = abs(money.minor)
        sign = "−" if money.minor < 0 else ""
        unit = money.currency if paper else SYMBOLS.get(money.currency, money.currency)
        return f"{sign}{self.number(minor // 100)},{minor % 100:02}{SPACE}{unit}"

    def number(self, number: int) -> str:
        """Return a whole number in groups of three: ``1 234``. Four digits are grouped too, as on a bill."""
        return f"{number:,}".replace(",", SPACE)

    def date(self, when: int | str | date) -> str:
        """Return ``dd.MM.yyyy`` of milliseconds since 1970, an ISO 8601 date or a date; text that is none stays as it is."""
        if isinstance(when, str):
            try:
                when = date.fromisoformat(when)
            except ValueError:
                return str(when)
        moment = self._moment(when) if isinstance(when, int) else when
        return moment.strftime("%d.%m.%Y")

    def time(self, at_ms: int) -> str:
        """Return the local time of day of milliseconds since 1970, 24 hours: ``14:05``."""
        return self._moment(at_ms).strftime("%H:%M")

    def _moment(self, at_ms: int) -> datetime:
        return datetime.fromtimestamp(at_ms / 1000, self._zone).astimezone(self._zone)

    def _format(self, message_id: str, attribute: str | None, args: Mapping[str, Value]) -> str:
        if not self._bundle.has_message(message_id):
            self.missing.add(message_id)
            return ""
        message = self._bundle.get_message(message_id)
        pattern = message.attributes.get(attribute) if attribute else message.value
        if pattern is None:
            return ""
        text, errors = self._bundle.format_pattern(pattern, dict(args))
        if errors:
            self.missing.add(message_id)
        return str(text)


def load_languages(
    folder: Path, codes: tuple[str, ...] | None = None, zone: tzinfo | None = None
) -> dict[str, Language]:
    """Read ``folder/<code>/*.ftl``; without ``codes`` every folder there is a language. ``zone`` None is the local time.

    Raises FileNotFoundError for a language without a catalogue.
    """
    found = codes or tuple(sorted(path.name for path in folder.iterdir() if path.is_dir()))
    return {code: Language(code, _source(folder / code), zone) for code in found}


def _source(folder: Path) -> str:
    files = sorted(folder.glob("*.ftl"))
    if not files:
        raise FileNotFoundError(f"no catalogue (*.ftl) in {folder}")
    return "\n".join(path.read_text("utf-8") for path in files)
