"""The seal: what was signed is what is read, and nothing else is."""

from __future__ import annotations

import base64
import string

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hardware.printer.layout import HEADS, qr_modules
from kiosk.uplink.seal import CONTENT_BYTES_AT_MOST, TEXT_AT_MOST, NotASeal, content_of, read_seal, signed_bytes
from kiosk.uplink.trust import judged
from tests.uplink import seals

NOW_MS = (seals.ISSUED_S + 60) * 1000
OTHERS = string.ascii_letters + string.digits + "#-=/:. %ə"
WORDS = st.text(max_size=120)


def accepted(text: str) -> bool:
    """Whether a text is a seal that holds."""
    try:
        return judged(read_seal(text), seals.keys(), NOW_MS) == ""
    except NotASeal:
        return False


def test_what_was_signed_is_what_is_read() -> None:
    """Every field comes back as it went in, and the signature holds."""
    sealed = read_seal(seals.text())
    assert sealed.seal == seals.a_seal()
    assert sealed.address == seals.ADDRESS
    assert judged(sealed, seals.keys(), NOW_MS) == ""


@pytest.mark.parametrize("part", range(8))
def test_every_single_changed_character_is_refused(part: int) -> None:
    """No character of the text, its address included, can be another, be missing or stand twice."""
    text = seals.text()
    assert accepted(text)
    for place in range(part, len(text), 8):
        changed = {text[:place] + other + text[place + 1 :] for other in OTHERS} - {text}
        changed |= {text[:place] + text[place + 1 :], text[:place] + text[place] + text[place:]} - {text}
        assert not any(accepted(each) for each in changed), f"character {place}"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=TEXT_AT_MOST), st.binary(max_size=400))
def test_any_text_is_judged_and_none_is_believed(text: str, raw: bytes) -> None:
    """Rubbish, and rubbish in the form of a seal, is refused with a sentence and never breaks anything."""
    coded = base64.b32encode(raw).decode().rstrip("=")
    assert not any(accepted(each) for each in (text, f"{seals.ADDRESS}#{coded}", f"{seals.ADDRESS}#{text}"))


@settings(max_examples=100, deadline=None)
@given(WORDS, st.dictionaries(st.text(max_size=10), WORDS, max_size=5))
def test_any_holder_and_facts_fit_or_are_cut(holder: str, facts: dict[str, str]) -> None:
    """Whatever the register says becomes a text within the limits; what did not fit is the beginning, and ends in an ellipsis."""
    try:
        text = seals.text(holder=holder, facts=facts)
    except ValueError:  # the names of the facts alone are too long
        assert len(content_of(seals.a_seal(holder="", facts=dict.fromkeys(facts, "")))) > CONTENT_BYTES_AT_MOST - 100
        return
    sealed = read_seal(text)
    assert len(text) <= TEXT_AT_MOST
    assert len(sealed.content) <= CONTENT_BYTES_AT_MOST
    for read, given_text in ((sealed.seal.holder, holder), *((sealed.seal.facts[name], facts[name]) for name in facts)):
        assert read == given_text or (read.endswith("…") and given_text.startswith(read[:-1]))


def test_a_long_name_and_address_keep_the_dots_large_enough() -> None:
    """The fullest seal is at most version 17 and gets 4 dots a module on each 203 dpi head, more than 0.4 mm on 180 dpi."""
    text = seals.text(holder="Ş" * 100, facts={**seals.FACTS, "address": "Ж" * 200})
    modules = len(qr_modules(text))
    assert modules <= 85
    for (_width_mm, dots_per_inch), dots in HEADS.items():
        side = (dots - 6) // (modules + 8)
        assert side * 25.4 / dots_per_inch >= 0.42
        assert side >= (4 if dots_per_inch == 203 else 3)


@pytest.mark.parametrize(
    "content",
    [
        msgspec.msgpack.encode([*msgspec.to_builtins(seals.a_seal()), "more"], order="sorted"),
        content_of(seals.a_seal()).replace(b"\xa2ru", b"\xd9\x02ru"),
        msgspec.msgpack.encode(replace(seals.a_seal(), facts=dict(sorted(seals.FACTS.items(), reverse=True)))),
        content_of(seals.a_seal()) + b"\xc0",
        content_of(seals.a_seal())[:-1],
    ],
    ids=["one field more", "a longer form", "names out of order", "bytes behind", "a byte less"],
)
def test_only_the_one_form_of_a_content_is_read(content: bytes) -> None:
    """A content in another form is refused even with a signature that holds: one document is one text."""
    raw = content + seals.key().sign(signed_bytes(seals.ADDRESS, content))
    text = f"{seals.ADDRESS}#{base64.b32encode(raw).decode().rstrip('=')}"
    with pytest.raises(NotASeal):
        read_seal(text)


def test_the_signature_is_bound_to_the_address_and_the_purpose() -> None:
    """A seal moved to another address is broken, and a signature over the bare content is none."""
    content = content_of(seals.a_seal())
    moved = f"https://other.example/v1/verify/1#{seals.text().partition('#')[2]}"
    bare = f"{seals.ADDRESS}#{base64.b32encode(content + seals.key().sign(content)).decode().rstrip('=')}"
    assert judged(read_seal(moved), seals.keys(), NOW_MS) == "tampered"
    assert judged(read_seal(bare), seals.keys(), NOW_MS) == "tampered"
