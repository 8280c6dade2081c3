"""What a phone shows that scanned the QR of a certificate: one small page, no script, nothing loaded from elsewhere."""

from __future__ import annotations

import tomllib
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from central.catalogue import catalogue
from central.days import day_of, written
from kiosk.uplink.messages import VerifyAnswer

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
}


def wants_page(accept: str) -> bool:
    """Say whether the caller is a browser rather than a program."""
    return "text/html" in accept.lower()


def page(answer: VerifyAnswer | None) -> str:
    """Return the page for a certificate, or for a code that was not given out."""
    texts = words()
    title = texts["az"]["unknown" if answer is None else "real"]
    sections = "\n".join(section(language, answer) for language in texts)
    colour, mark = ("#9b1c1c", "✗") if answer is None else ("#14653b", "✓")
    return template().substitute(title=escape(title), sections=sections, colour=colour, mark=mark)


def section(language: str, answer: VerifyAnswer | None) -> str:
    """Return one language's part."""
    text = words()[language]
    if answer is None:
        return f'<section lang="{language}"><p><b>{escape(text["unknown"])}.</b> {escape(text["beware"])}</p></section>'
    titles = {entry.id: entry.title[language] for entry in catalogue().services}
    facts = (
        (text["service"], titles.get(answer.service, answer.service)),
        (text["holder"], answer.holder),
        (text["issued"], written(day_of(answer.issued_at_ms))),
    )
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    return f'<section lang="{language}"><p><b>{escape(text["real"])}</b></p><dl>{rows}</dl><p>{escape(text["compare"])}</p></section>'


@cache
def words() -> dict[str, dict[str, str]]:
    """Return the page's words by language."""
    table: dict[str, dict[str, str]] = tomllib.loads(
        files("central.applications").joinpath("paper.toml").read_text("utf-8")
    )
    return table


@cache
def template() -> Template:
    """Return the page's frame."""
    return Template(files("central.applications").joinpath("paper.html").read_text("utf-8"))
