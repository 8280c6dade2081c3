"""The A4 document: one page, whole and signed, always the same, and only for the kiosk that asked for it."""

from __future__ import annotations

import shutil
import stat
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import httpx
import pypdfium2
import pytest
import sqlalchemy as sa
from PIL import ImageOps

from central import auth
from central.applications.a4 import Sheet, draw
from central.applications.documents import FOR_MS
from central.days import now_ms
from central.kiosks import registry
from central.schema import documents, submissions
from central.signing.pdf import FILE, signed
from central.signing.revoking import revoke
from central.store import Store, StoreError
from kiosk.uplink.seal import read_seal
from tests.central.requests import AYGUN, certificate, payment, problem, quote, reference, submit
from tests.central.server import RunningCentral, with_store
from tests.uplink import seals

LEYLA = AYGUN | {"personal_number": "2XYZ9P6", "document_number": "AA0000003", "birth_date": "1987-11-23"}


def tool(*command: str | Path) -> str:
    """Run one of poppler's tools and return what it says."""
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"{command[0]} (Debian package poppler-utils) is not installed")
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    return done.stdout.decode() + done.stderr.decode()


def document(http: httpx.Client, number: str) -> httpx.Response:
    """Ask for a document."""
    return http.get(f"/v1/documents/{number}.pdf")


@pytest.fixture(scope="module")
def issued(
    http: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[dict[str, str], Path]]:
    """Return a certificate in a language: the answer, and the file of its document."""
    folder, made = tmp_path_factory.mktemp("documents"), {}

    def in_language(language: str) -> tuple[dict[str, str], Path]:
        if language not in made:
            answer = submit(http, certificate(reference(), language, LEYLA)).json()
            response = document(http, answer["receipt_number"])
            assert (response.status_code, response.headers["content-type"]) == (200, "application/pdf")
            assert response.headers["cache-control"] == "no-store"
            path = folder / f"{language}.pdf"
            path.write_bytes(response.content)
            made[language] = answer, path
        return made[language]

    return in_language


@pytest.mark.parametrize("language", ["az", "ru", "en"])
def test_a_document_says_what_its_slip_says(
    issued: Callable[[str], tuple[dict[str, str], Path]], language: str
) -> None:
    """Every word of the slip is on the one page and can be taken from it as text, ə and Cyrillic too, in embedded fonts."""
    answer, path = issued(language)
    text = " ".join(tool("pdftotext", "-layout", path, "-").split())
    for line in answer["document"]:
        for part in line.partition(": ")[::2]:
            assert all(word in text for word in part.split()), part
    assert "Şirəliyeva-Əbdülrəhmanova Leyla" in text
    assert answer["receipt_number"] in text
    about = tool("pdfinfo", path)
    assert all(words in about for words in (f"Title:           {answer['document'][0]}", "Pages:           1", "(A4)"))
    fonts = [line.split() for line in tool("pdffonts", path).splitlines()[2:]]
    assert fonts
    assert all(font[-5:-2] == ["yes", "yes", "yes"] for font in fonts)
    assert f"/Lang ({language})".encode() in path.read_bytes()


@pytest.mark.parametrize("language", ["az", "ru", "en"])
def test_the_code_on_the_page_is_the_slips(
    issued: Callable[[str], tuple[dict[str, str], Path]], tmp_path: Path, language: str
) -> None:
    """Printed at 203 dpi, as on a thermal page, the code is read letter for letter."""
    if shutil.which("zbarimg") is None:
        pytest.skip("zbarimg (Debian package zbar-tools) is not installed")
    answer, path = issued(language)
    with pypdfium2.PdfDocument(path) as pages:
        picture = pages[0].render(scale=203 / 72).to_pil().convert("L").point([0] * 150 + [255] * 106, mode="1")
    ImageOps.expand(picture.convert("L"), 8, 255).save(tmp_path / "page.png")
    only_qr = ("-Sdisable", "-Sqrcode.enable")  # what zbar warns of while it looks for other codes is no answer
    assert (
        tool("zbarimg", "-q", "--raw", "--nodbus", *only_qr, tmp_path / "page.png").strip()
        == answer["verification_url"]
    )


def test_an_outside_reader_finds_the_signature_valid(
    issued: Callable[[str], tuple[dict[str, str], Path]], tmp_path: Path
) -> None:
    """poppler says that it is valid, PAdES and over the whole file; one changed byte, and it no longer is."""
    _, path = issued("az")
    told = tool("pdfsig", path)
    assert all(words in told for words in ("Signature is Valid", "Total document signed", "ETSI.CAdES.detached"))
    whole = path.read_bytes()
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(whole.replace(b"kiosk-central", b"kiosk-centra1", 1))
    assert changed.read_bytes() != whole
    assert "Signature is Valid" not in tool("pdfsig", changed)


def test_the_same_submission_is_the_same_document(http: httpx.Client) -> None:
    """Asked again, and by several at once, the bytes are the same."""
    number = submit(http, certificate(reference())).json()["receipt_number"]
    with ThreadPoolExecutor(4) as several:
        answers = list(several.map(lambda _: document(http, number).content, range(4)))
    assert answers[0].startswith(b"%PDF-")
    assert {*answers, document(http, number).content} == {answers[0]}


def test_only_the_kiosk_that_asked_gets_it(http: httpx.Client, central: RunningCentral) -> None:
    """Without a token it is unauthorised; another kiosk hears the same as of a number that does not exist."""
    number = submit(http, certificate(reference())).json()["receipt_number"]
    path = f"{central.url}/v1/documents/{number}.pdf"
    assert problem(httpx.get(path, trust_env=False)) == "unauthorised"
    token = auth.new_token()
    with_store(central.database, lambda store: registry.add(store, "K9", auth.digest(token), now_ms(), renew=True))
    other = httpx.get(path, headers={"Authorization": f"Bearer {token}"}, trust_env=False)
    assert problem(other) == problem(document(http, "0000-0000-0000")) == "not-found"
    assert document(http, number).status_code == 200


def test_it_is_given_out_for_half_an_hour(http: httpx.Client, central: RunningCentral) -> None:
    """What was issued longer ago is not found any more, though it was given out before."""
    number = submit(http, certificate(reference())).json()["receipt_number"]
    assert document(http, number).status_code == 200

    def let_pass(time_ms: int) -> None:
        with_store(central.database, lambda store: shift(store, time_ms))

    def shift(store: object, time_ms: int) -> None:
        row = sa.update(submissions).where(submissions.c.receipt_number == number)
        with store.write() as tx:  # type: ignore[attr-defined]
            tx.execute(row.values(received_at_ms=submissions.c.received_at_ms - time_ms))

    let_pass(FOR_MS - 600_000)
    assert document(http, number).status_code == 200
    let_pass(600_000)
    assert problem(document(http, number)) == "not-found"


def test_a_document_is_not_kept_longer_than_it_is_given_out(http: httpx.Client, central: RunningCentral) -> None:
    """When another is made, what is over is deleted; what is not over stays."""
    numbers = [submit(http, certificate(reference())).json()["receipt_number"] for _ in range(3)]
    assert [document(http, number).status_code for number in numbers[:2]] == [200, 200]
    old = sa.update(documents).where(documents.c.receipt_number == numbers[0]).values(made_at_ms=now_ms() - FOR_MS - 1)

    def written(store: Store) -> None:
        with store.write() as tx:
            tx.execute(old)

    def kept(store: Store) -> set[str]:
        with store.read() as connection:
            return set(connection.scalars(sa.select(documents.c.receipt_number)))

    with_store(central.database, written)
    assert document(http, numbers[2]).status_code == 200
    assert set(numbers) & with_store(central.database, kept) == set(numbers[1:])


def test_what_was_taken_back_is_not_printed_again(http: httpx.Client, central: RunningCentral) -> None:
    """A revoked document is not found."""
    answer = submit(http, certificate(reference())).json()
    number = read_seal(answer["verification_url"]).seal.number
    with_store(central.database, lambda store: revoke(store, number, now_ms()))
    assert problem(document(http, answer["receipt_number"])) == "not-found"


@pytest.mark.parametrize("number", ["", "..", "x" * 300, "7k3m", "%2e%2e", "0000-0000-0000.pdf"])
def test_what_is_no_number_is_not_found(http: httpx.Client, number: str) -> None:
    """Anything that is no receipt number, or has no document, is not found."""
    assert problem(document(http, number)) == "not-found"


def test_a_receipt_is_no_document(http: httpx.Client) -> None:
    """A payment has a receipt number and no document of this kind."""
    answers = {"plate": "10AB123", "ticket": "20260004"}
    paid = submit(http, payment(reference(), quote(http, "traffic-fine", **answers).json(), "traffic-fine", **answers))
    assert problem(document(http, paid.json()["receipt_number"])) == "not-found"


@pytest.mark.parametrize("language", ["az", "ru", "en"])
def test_the_longest_texts_keep_to_one_page(language: str) -> None:
    """Names and addresses of 200 letters, with and without spaces, stay on the page and inside its margins."""
    long = ("Şirəliyeva-Əbdülrəhmanova " * 8)[:200], "Ж" * 200, "Хəyаl " * 33
    lines = (
        "Title " * 12,
        *(f"{'Label ' * 5}: {value}" for value in long),
        *(f"Fact {n}: x" for n in range(4)),
        "End.",
    )
    made = draw(Sheet(language, lines, seals.text(), "K" * 40, "7K3M-9QXW-20VB", "I" * 60))
    with pypdfium2.PdfDocument(BytesIO(made)) as pages:
        assert len(pages) == 1
        grey = pages[0].render(scale=1).to_pil().convert("L")
    ink = ImageOps.invert(grey).getbbox()
    assert ink is not None
    assert ink[0] >= 68
    assert ink[2] <= 527
    assert ink[3] <= 812


def test_the_signers_key_is_its_owners_alone(tmp_path: Path) -> None:
    """Key and certificate are made once, 0600; a file that others may read, or that holds none, is a sentence."""
    pdf = draw(Sheet("az", ("Arayış", "a: b", "c"), seals.text(), "K1", "1", "Issuer"))
    for _ in range(2):
        assert signed(pdf, tmp_path, "Issuer").startswith(b"%PDF-")
    (path,) = tmp_path.iterdir()
    assert (path.name, stat.S_IMODE(path.stat().st_mode)) == (FILE, 0o600)
    path.chmod(0o644)
    with pytest.raises(StoreError, match="can be read by others"):
        signed(pdf, tmp_path, "Issuer")
    path.chmod(0o600)
    path.write_bytes(b"nothing")
    with pytest.raises(StoreError, match="expected a private key"):
        signed(pdf, tmp_path, "Issuer")
