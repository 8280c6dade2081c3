"""What a phone shows that scanned the QR of a certificate: one small page, nothing loaded from elsewhere.

The centre answers by the code in the address. What stands after its ``#`` stays on the phone, where the page's script checks its
signature (WebCrypto, Ed25519) and shows what the paper must say. Only then the page is green: whoever alters a paper can leave
out what stands after the ``#``, and a phone may be unable to check it. Such a page says so, and what to compare.
"""

from __future__ import annotations

import base64
import hashlib
import re
import tomllib
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

import msgspec

from central.catalogue import catalogue
from central.days import day_of, written
from kiosk.uplink.messages import SigningKeys, VerifyAnswer

MARKS = {"unchecked": "?", "expired": "!", "revoked": "✗", "unknown": "✗"}
FOR_SCRIPT = (
    *("valid", "say_valid", "unchecked"),
    *("changed", "tampered", "checked", "unsupported"),
    *("number", "holder", "issued", "until", "fin", "born", "address", "since"),
)


def wants_page(accept: str) -> bool:
    """Say whether the caller is a browser rather than a program."""
    return "text/html" in accept.lower()


@cache
def headers() -> dict[str, str]:
    """Return the page's headers: its own script may run, known by its hash, and nothing else."""
    found = re.search("<script>(.*?)</script>", template().template, re.DOTALL)
    digest = hashlib.sha256((found[1] if found else "").encode()).digest()
    script = f"script-src 'sha256-{base64.b64encode(digest).decode()}'"
    return {
        "Content-Security-Policy": f"default-src 'none'; style-src 'unsafe-inline'; {script}; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept, Accept-Language",
        "Cache-Control": "no-store",
    }


def page(answer: VerifyAnswer | None, address: str, keys: SigningKeys, wanted: str = "") -> str:
    """Return the page for a certificate, or for a code that was not given out.

    ``address`` is the certificate's, as it was signed; ``wanted`` is an Accept-Language header (RFC 9110, 12.5.4).
    """
    order = languages(wanted)
    standing = standing_of(answer)
    believed = {key.key_id: key.public_key for key in keys.keys if not key.withdrawn}
    texts = {language: {name: words()[language][name] for name in FOR_SCRIPT} for language in order}
    seal = msgspec.json.encode({"address": address, "keys": believed, "words": texts}).decode()
    return template().substitute(
        language=order[0],
        title=escape(words()[order[0]][standing]),
        standing=standing,
        mark=MARKS[standing],
        seal=escape(seal),
        sections="\n".join(section(language, standing, answer) for language in order),
    )


def standing_of(answer: VerifyAnswer | None) -> str:
    """Return what the page says until the phone has checked the signature: of a valid code, that this is still to be done."""
    if answer is None:
        return "unknown"
    return "unchecked" if answer.standing == "valid" else answer.standing


def languages(wanted: str) -> list[str]:
    """Return our languages, the phone's own first."""
    asked = [part.partition(";")[0].strip()[:2].lower() for part in wanted.split(",")]
    return sorted(words(), key=lambda each: asked.index(each) if each in asked else len(asked))


def section(language: str, standing: str, answer: VerifyAnswer | None) -> str:
    """Return one language's part."""
    text = words()[language]
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts(language, answer))
    return (
        f'<section lang="{language}"><h2>{escape(text[standing])}</h2>'
        f"<p>{escape(text[f'say_{standing}'])}</p><dl>{rows}</dl><small></small></section>"
    )


def facts(language: str, answer: VerifyAnswer | None) -> list[tuple[str, str]]:
    """Return what the centre tells whoever has the code: enough to compare, and no name."""
    if answer is None:
        return []
    text = words()[language]
    titles = {entry.id: entry.title[language] for entry in catalogue().services}
    found = [
        (text["service"], titles.get(answer.service, answer.service)),
        (text["number"], answer.number),
        (text["holder"], answer.holder),
        (text["issued"], written(day_of(answer.issued_at_ms))),
    ]
    if answer.valid_until_ms:
        found.append((text["until"], written(day_of(answer.valid_until_ms - 1))))
    return found


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
