"""A document is handed out only if its seal holds and says what its paper says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.application import Submission
from kiosk.domain.faults import CentralUnreachable
from kiosk.domain.secret import Secret
from kiosk.uplink.client import HttpCentral, UplinkSettings
from kiosk.uplink.seal import read_seal
from kiosk.uplink.trust import judged, read_keys
from tests.central.server import RunningCentral
from tests.uplink import seals
from tests.uplink.kiosk import a_certificate

DOCUMENT = [
    "Номер справки: 26-FCZDZK",
    "Фамилия, имя, отчество: Məmmədova Aygün Elçin qızı",
    "ФИН: 7ABC1D2, 01.01.1990, 19.07.2022",
    "Адрес: Зангиланский район, село Агалы, 14-я улица, дом 6",
]


def keeping(central: RunningCentral, path: Path) -> HttpCentral:
    """A client that keeps its keys in a file."""
    return HttpCentral(
        UplinkSettings(
            url=central.url, kiosk_id="K1", token=Secret(central.token), keys_file=path, answer_timeout_s=5.0
        )
    )


def answered(central: RunningCentral, url: str, document: list[str] = DOCUMENT) -> Submission:
    """Return a submission that the wire answers with a document, in the name of a centre with our key 7."""
    submission = a_certificate()
    body: dict[str, Any] = {"reference": submission.reference, "receipt_number": "1", "document": document}
    central.wire.answer("/v1/submissions", json.dumps(body | {"verification_url": url}).encode(), 201)
    return submission


def publish(central: RunningCentral, *numbers: int) -> None:
    """Publish keys in the centre's place."""
    keys = [json.loads(json.dumps({name: getattr(seals.public(each), name) for name in FIELDS})) for each in numbers]
    central.wire.answer("/v1/signing-keys", json.dumps({"keys": keys}).encode())


FIELDS = ("key_id", "public_key", "not_before_ms", "not_after_ms", "issuer")


def test_the_centres_own_document_is_handed_out_and_its_keys_are_kept(central: RunningCentral, tmp_path: Path) -> None:
    """The real centre's seal holds by the keys that are now in the kiosk's file, without a network."""
    path = tmp_path / "keys.json"
    client = keeping(central, path)
    acceptance = client.submit(a_certificate())
    sealed = read_seal(acceptance.verification_url)
    assert judged(sealed, read_keys(path), None) == ""
    assert sealed.seal.number in acceptance.document[1]
    client.submit(a_certificate())
    assert central.wire.calls.count("GET /v1/signing-keys") == 1
    client.close()


def test_keys_that_were_kept_are_enough(central: RunningCentral, tmp_path: Path) -> None:
    """After a new start a document of a known key is handed out though the keys cannot be fetched."""
    path = tmp_path / "keys.json"
    first = keeping(central, path)
    publish(central, 7)
    first.submit(answered(central, seals.text()))
    first.close()
    central.wire.answer("/v1/signing-keys", b"<html>", 503)
    second = keeping(central, path)
    assert second.submit(answered(central, seals.text())).verification_url == seals.text()
    second.close()


def test_a_new_key_is_fetched_when_a_document_names_it(central: RunningCentral, client: HttpCentral) -> None:
    """The keys roll over without anybody touching the kiosk: what is not known is asked for once more."""
    publish(central, 7)
    client.submit(answered(central, seals.text(7)))
    publish(central, 7, 8)
    assert client.submit(answered(central, seals.text(8))).verification_url == seals.text(8)


@pytest.mark.parametrize(
    ("url", "document"),
    [
        (seals.text()[:-9] + ("A" if seals.text()[-9] != "A" else "B") + seals.text()[-8:], DOCUMENT),
        (seals.text(8), DOCUMENT),
        (seals.ADDRESS + "#ABC", DOCUMENT),
        (seals.ADDRESS + "#", DOCUMENT),
        (seals.text(), [line.replace("дом 6", "дом 16") for line in DOCUMENT]),
        (seals.text(), [line.replace("26-FCZDZK", "26-FCZDZX") for line in DOCUMENT]),
        (seals.text(holder="Məmmədova Aysel Elçin qızı"), DOCUMENT),
    ],
    ids=["tampered", "unknown key", "no seal", "empty", "another address", "another number", "another holder"],
)
def test_a_document_that_does_not_hold_is_not_handed_out(
    central: RunningCentral, client: HttpCentral, url: str, document: list[str]
) -> None:
    """A seal that is broken, of nobody known, or that says other than its paper: as if the centre had not answered."""
    publish(central, 7)
    with pytest.raises(CentralUnreachable):
        client.submit(answered(central, url, document))


def test_an_address_that_was_cut_in_the_seal_is_compared_as_far_as_it_goes(
    central: RunningCentral, client: HttpCentral
) -> None:
    """A fact that did not fit whole is the beginning of what stands on the paper."""
    publish(central, 7)
    street = "Зангиланский район, " + "очень длинная улица " * 12
    url = seals.text(facts={**seals.FACTS, "address": street})
    assert "…" in read_seal(url).seal.facts["address"]
    assert client.submit(answered(central, url, [*DOCUMENT[:3], f"Адрес: {street}"])).verification_url == url
