"""The register of residents: a certificate of residence, free, from the ID card alone."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

import sqlalchemy as sa

from central.agencies.agency import Bill, Certified, Done, masked
from central.days import day_of, end_of, written
from central.numbers import draw, verification_code
from central.problems import Refusal
from central.schema import authorities, certificates, residents, validities
from central.store import Connection
from kiosk.domain.card_profile import FIN_STATE
from kiosk.uplink.messages import Person, SubmissionRequest

VALID_DAYS = 30
SEALED = {"fin": "fin", "born": "birth_date", "address": "address", "since": "registered_on"}
"""Name in the seal, where every letter costs a dot, to name on the paper."""


class Residents:
    """Finds residents by the FIN of their card, or by the card's number where the card tells no FIN.

    ``about``: whom the certificate is about, as the kiosk's service says it; for anybody but the ``holder`` of the first card
    the register must say that its holder may ask.
    """

    free = True

    def __init__(self, service: str, about: Literal["holder", "child", "another"] = "holder") -> None:
        self.service, self._about = service, about

    def subject(self, _answers: dict[str, str]) -> str:
        """Return "": the certificate is about who holds the card."""
        return ""

    def bill(self, _connection: Connection, _subject: str, _today: date) -> Bill:
        """Refuse: the certificate is free."""
        raise Refusal("nothing-due")

    def carry_out(self, tx: Connection, request: SubmissionRequest, _amount_minor: int, at_ms: int) -> Done:
        """Write a certificate. Refusal("malformed") where a person is missing, "not-a-resident", "not-a-guardian"."""
        resident = find(tx, self._person(tx, request))
        code, number = verification_code(), f"{day_of(at_ms):%y}-{draw(6)}"
        last_day = day_of(at_ms) + timedelta(days=VALID_DAYS)
        valid_until_ms = end_of(last_day)
        tx.execute(
            certificates.insert().values(
                code=code,
                number=number,
                service=self.service,
                holder_masked=masked(resident.full_name),
                issued_at_ms=at_ms,
            )
        )
        tx.execute(validities.insert().values(number=number, valid_until_ms=valid_until_ms))
        facts = facts_of(resident, request.language)
        on_paper = {"number": number, "date": written(day_of(at_ms)), "valid_until": written(last_day), **facts}
        proved = {short: facts[name] for short, name in SEALED.items()}
        certified = Certified(code, number, valid_until_ms, resident.full_name, proved)
        return Done(document=document(on_paper, request.language), certified=certified)

    def _person(self, tx: Connection, request: SubmissionRequest) -> Person:
        """Return whom the certificate is about."""
        if request.citizen is None:
            raise Refusal("malformed", "citizen is missing")
        if self._about == "holder":
            return request.citizen
        if request.subject is None:
            raise Refusal("malformed", "subject is missing")
        if not self.may_ask(tx, request.citizen, request.subject):
            raise Refusal("not-a-guardian")
        return request.subject

    def may_ask(self, connection: Connection, holder: Person, subject: Person) -> bool:
        """Say whether the register lets a card's holder ask about another person, now. Refusal("not-a-resident")."""
        pair = (find(connection, holder).fin, find(connection, subject).fin, self._about)
        columns = (authorities.c.holder_fin, authorities.c.subject_fin, authorities.c.kind)
        known = (column == value for column, value in zip(columns, pair, strict=True))
        return connection.execute(sa.select(authorities).where(*known)).first() is not None


def find(connection: Connection, citizen: Person) -> sa.Row[tuple[object, ...]]:
    """Return a citizen's entry. The date of birth must agree, so that a misread number never gives another's address.

    Refusal("not-a-resident"): there is none, or the card is of another state, whose numbers may be anybody's here.
    """
    if citizen.issuing_state != FIN_STATE:
        raise Refusal("not-a-resident")
    by_number = residents.c.document_number == citizen.document_number
    condition = residents.c.fin == citizen.personal_number if citizen.personal_number else by_number
    resident = connection.execute(sa.select(residents).where(condition)).one_or_none()
    if resident is None or resident.birth_date != citizen.birth_date:
        raise Refusal("not-a-resident")
    return resident


def facts_of(resident: sa.Row[tuple[object, ...]], language: str) -> dict[str, str]:
    """Return what the register says of a resident, as it is written. Names stay as the register writes them."""
    return {
        "name": resident.full_name,
        "fin": resident.fin,
        "birth_date": written(resident.birth_date),
        "address": getattr(resident, f"address_{language}"),
        "registered_on": written(resident.registered_on),
    }


def document(facts: dict[str, str], language: str) -> tuple[str, ...]:
    """Return the lines of the slip in a language."""
    return tuple(line.format_map(facts) for line in templates()[language]["lines"])


@cache
def templates() -> dict[str, dict[str, list[str]]]:
    """Return the certificate's lines by language."""
    table: dict[str, dict[str, list[str]]] = tomllib.loads(
        files("central.agencies").joinpath("certificate.toml").read_text("utf-8")
    )
    return table
