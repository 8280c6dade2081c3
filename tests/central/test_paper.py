"""The page for phones: plain in every case, in three languages, and its own judge of what stands after the ``#``."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from central.applications import paper
from central.days import day_of, now_ms, written
from central.schema import validities
from central.signing.revoking import revoke
from central.store import Store
from kiosk.uplink.messages import SigningKeys, VerifyAnswer
from kiosk.uplink.seal import read_seal
from tests.central.requests import certificate, problem, reference, submit
from tests.central.server import RunningCentral, with_store
from tests.uplink import seals

BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9"}
ANSWER = VerifyAnswer("0" * 26, valid=True, service="residence-certificate", holder="A***** M.", issued_at_ms=1)


def visit(central: RunningCentral, address: str, **headers: str) -> httpx.Response:
    """Open an address as a phone does: without what stands after the ``#``."""
    path = address.partition("#")[0].removeprefix("https://central.example")
    return httpx.get(central.url + path, headers=BROWSER | headers, trust_env=False)


def judged_by_script(*cases: tuple[str, str, dict[str, str]]) -> list[Any]:
    """Have the page's script check (text after the #, address, keys)."""
    return run_script(
        f"{json.dumps(cases)}.map(each => check(...each).then(([state, seal]) => [state, seal && seal[8]]))"
    )


def run_script(todo: str) -> list[Any]:
    """Run the page's script outside a browser, and then something of its own."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node (Debian package nodejs) is not installed")
    script = re.search("<script>(.*?)</script>", paper.template().template, re.DOTALL)
    assert script
    ask = f"{script[1]}\nPromise.all({todo}).then(found => console.log(JSON.stringify(found)));"
    done = subprocess.run([node, "-"], input=ask.encode(), capture_output=True, timeout=60, check=True)
    found: list[Any] = json.loads(done.stdout)
    return found


def after(text: str) -> str:
    """Return what stands after the ``#``."""
    return text.partition("#")[2]


def test_the_phone_itself_finds_the_signature_good_or_not() -> None:
    """The script reads the whole seal and believes it only with its own key and at its own address."""
    keys, text = {seals.public().key_id: seals.public().public_key}, after(seals.text())
    if judged_by_script((text, seals.ADDRESS, keys)) == [["unsupported", None]]:
        pytest.skip("this node has no Ed25519")
    holder = seals.a_seal().holder
    assert judged_by_script(
        (text, seals.ADDRESS, keys),
        (after(seals.text(holder="Ş" * 32)), seals.ADDRESS, keys),
        (after(seals.text(8)), seals.ADDRESS, keys),
        (text, seals.ADDRESS + "X", keys),
        (text, seals.ADDRESS, {seals.public().key_id: seals.public(8).public_key}),
        ("", seals.ADDRESS, keys),
        ("%20", seals.ADDRESS, keys),
    ) == [["holds", holder], ["holds", "Ş" * 32], *[["changed", None]] * 5]


def test_the_phone_refuses_every_single_changed_character() -> None:
    """No character after the ``#`` can be another or be missing."""
    keys, text = {seals.public().key_id: seals.public().public_key}, after(seals.text())
    changed = [text[:place] + ("A" if sign != "A" else "B") + text[place + 1 :] for place, sign in enumerate(text)]
    changed += [text[:place] + text[place + 1 :] for place in range(0, len(text), 9)]
    states = {state for state, _ in judged_by_script(*((each, seals.ADDRESS, keys) for each in changed))}
    if states == {"unsupported"}:
        pytest.skip("this node has no Ed25519")
    assert states == {"changed"}


def test_the_page_has_all_that_its_script_needs(http: httpx.Client, central: RunningCentral) -> None:
    """Address and key are the ones that the seal was made with; nothing but this very script may run."""
    url = submit(http, certificate(reference())).json()["verification_url"]
    page, sealed = visit(central, url), read_seal(url)
    given = json.loads(html.unescape(re.search('data-seal="([^"]*)"', page.text)[1]))  # type: ignore[index]
    assert given["address"] == sealed.address
    assert sealed.seal.key_id.hex() in given["keys"]
    assert {*sealed.seal.facts, "holder", "number"} <= set(given["words"]["ru"])
    script = re.search("<script>(.*?)</script>", page.text, re.DOTALL)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    policy = page.headers["content-security-policy"]
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def test_the_page_is_green_only_where_the_phone_found_the_signature_good() -> None:
    """A code alone, with nothing behind its # or on a phone that cannot check it, is no proof of a paper; an old paper stays old."""
    states = ["missing", "unsupported", "changed", "holds"]
    become = run_script(f'["unchecked", "expired"].map(was => {states}.map(state => becomes(was, state)))')
    assert become == [["unchecked", "unchecked", "changed", "valid"], ["expired", "expired", "changed", "expired"]]


def test_a_page_that_was_not_checked_says_what_to_compare(http: httpx.Client, central: RunningCentral) -> None:
    """What the centre alone answers is not green; it says so, with the number, for whom and since when."""
    url = submit(http, certificate(reference())).json()["verification_url"]
    page, seal = visit(central, url, **{"Accept-Language": "en"}).text, read_seal(url).seal
    assert "genuine" not in page.partition("<script>")[0].partition("<main")[0]
    assert "The signature was not checked" in page.partition("<script>")[0]
    for fact in (f"<dd>{seal.number}</dd>", "<dd>A***** M.</dd>", written(day_of(seal.issued_at_s * 1000))):
        assert fact in page


@pytest.mark.parametrize("language", ["az", "ru", "en"])
def test_every_standing_is_said_in_every_language(language: str) -> None:
    """Each page has all three languages, the phone's own first and in the title, with a sentence what to do."""
    for standing in ("unchecked", "expired", "revoked", "unknown"):
        answer = None if standing == "unknown" else answer_of("valid" if standing == "unchecked" else standing)
        page = paper.page(answer, seals.ADDRESS, SigningKeys([seals.public()]), f"{language}-XX,{language};q=0.9")
        assert f'<html lang="{language}">' in page
        assert f'<main class="{standing}"' in page
        assert f"<title>{html.escape(paper.words()[language][standing])}</title>" in page
        assert page.index(f'<section lang="{language}">') == page.index("<section")
        for words in paper.words().values():
            assert html.escape(words[f"say_{standing}"]) in page


def answer_of(standing: Any) -> VerifyAnswer:
    """Return an answer of a standing."""
    return VerifyAnswer("0" * 26, valid=standing == "valid", service="x", issued_at_ms=1, standing=standing)


def test_languages_have_the_same_words() -> None:
    """No word is missing in a language."""
    assert {frozenset(words) for words in paper.words().values()} == {frozenset(paper.words()["az"])}


@pytest.mark.parametrize("wanted", ["", "*", "de-DE,de;q=0.9", ";;,,", "x" * 4000])
def test_a_phone_in_another_language_sees_azerbaijani_first(wanted: str) -> None:
    """Where the phone asks for none of our languages, the country's own comes first."""
    assert paper.languages(wanted)[0] == "az"


def test_a_withdrawn_key_is_not_given_to_the_page() -> None:
    """What a withdrawn key signed is not believed by the phone either."""
    page = paper.page(ANSWER, seals.ADDRESS, SigningKeys([seals.public(withdrawn=True)]))
    assert seals.public().public_key not in page


def test_expired_and_revoked_are_told_apart(http: httpx.Client, central: RunningCentral) -> None:
    """A certificate past its last day says so, a revoked one says so even then, to a browser and to a program."""
    url = submit(http, certificate(reference())).json()["verification_url"]
    number = read_seal(url).seal.number

    def end_it(store: Store) -> None:
        with store.write() as tx:
            row = sa.update(validities).where(validities.c.number == number)
            tx.execute(row.values(valid_until_ms=now_ms()))

    assert '<main class="unchecked"' in visit(central, url).text
    with_store(central.database, end_it)
    page = visit(central, url, **{"Accept-Language": "ru"})
    assert (page.status_code, '<main class="expired"' in page.text) == (200, True)
    assert "Срок действия справки истёк" in page.text
    with_store(central.database, lambda store: revoke(store, number, now_ms()))
    assert '<main class="revoked"' in visit(central, url).text
    path = url.partition("#")[0].removeprefix("https://central.example")
    answer = httpx.get(central.url + path, trust_env=False).json()
    assert (answer["valid"], answer["standing"]) == (False, "revoked")


def test_a_code_typed_from_paper_is_understood(http: httpx.Client, central: RunningCentral) -> None:
    """Spaces, hyphens and small letters do not matter."""
    code = submit(http, certificate(reference())).json()["verification_url"].partition("#")[0].rpartition("/")[2]
    spaced = " ".join(code[start : start + 4] for start in range(0, len(code), 4))
    for typed in (spaced, spaced.lower().replace(" ", "-")):
        answer = httpx.get(f"{central.url}/v1/verify/{typed}", trust_env=False)
        assert (answer.status_code, answer.json()["code"]) == (200, code)
    assert problem(httpx.get(f"{central.url}/v1/verify/{spaced[:-1]}", trust_env=False)) == "not-found"
