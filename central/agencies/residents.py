"""The register of residents: a certificate of residence, free, from the ID card alone."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

import sqlalchemy as sa

from central.agencies.agency import Bill, Done, masked
from central.days import day_of, written
from central.numbers import draw, verification_code
from central.problems import Refusal
from central.schema import certificates, residents
from central.store import Connection
from kiosk.uplink.messages import Person, SubmissionRequest


class Residents:
    """Finds residents by the FIN of their card, or by the card's number where the card tells no FIN."""

    service = "residence-certificate"
    free = True

    def subject(self, _answers: dict[str, str]) -> str:
        """Return "": the certificate is about who holds the card."""
        return ""

    def bill(self, _connection: Connection, _subject: str, _today: date) -> Bill:
        """Refuse: the certificate is free."""
        raise Refusal("nothing-due")

    def carry_out(self, tx: Connection, request: SubmissionRequest, _amount_minor: int, at_ms: int) -> Done:
        """Write a certificate for the citizen. Refusal("malformed") without one, Refusal("not-a-resident")."""
        if request.citizen is None:
            raise Refusal("malformed", "citizen is missing")
        resident = find(tx, request.citizen)
        code, number = verification_code(), f"{day_of(at_ms):%y}-{draw(6)}"
        tx.execute(
            certificates.insert().values(
                code=code,
                number=number,
                service=self.service,
                holder_masked=masked(resident.full_name),
                issued_at_ms=at_ms,
            )
        )
        return Done(document=document(resident, request.language, number, day_of(at_ms)), verification_code=code)


def find(connection: Connection, citizen: Person) -> sa.Row[tuple[object, ...]]:
    """Return a citizen's entry. The date of birth must agree, so that a misread number never gives another's address."""
    by_number = residents.c.document_number == citizen.document_number
    condition = residents.c.fin == citizen.personal_number if citizen.personal_number else by_number
    resident = connection.execute(sa.select(residents).where(condition)).one_or_none()
    if resident is None or resident.birth_date != citizen.birth_date:
        raise Refusal("not-a-resident")
    return resident


def document(resident: sa.Row[tuple[object, ...]], language: str, number: str, today: date) -> tuple[str, ...]:
    """Return the lines of the slip in a language. Names stay as the register writes them."""
    facts = {
        "number": number,
        "date": written(today),
        "name": resident.full_name,
        "fin": resident.fin,
        "birth_date": written(resident.birth_date),
        "address": getattr(resident, f"address_{language}"),
        "registered_on": written(resident.registered_on),
    }
    return tuple(line.format_map(facts) for line in templates()[language]["lines"])


@cache
def templates() -> dict[str, dict[str, list[str]]]:
    """Return the certificate's lines by language."""
    table: dict[str, dict[str, list[str]]] = tomllib.loads(
        files("central.agencies").joinpath("certificate.toml").read_text("utf-8")
    )
    return table
