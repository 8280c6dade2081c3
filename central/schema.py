"""The tables, once, for every database: SQLAlchemy Core without a dialect's own types. Times are ms since 1970, UTC.

``kiosk_id`` is in every key that a kiosk makes, so that the tables can be spread over several databases by kiosk.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA = 4

metadata = MetaData()

meta = Table("meta", metadata, Column("name", String(40), primary_key=True), Column("value", Text, nullable=False))

kiosks = Table(
    "kiosks",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("token_sha256", LargeBinary(32), nullable=False, unique=True),
    Column("added_at_ms", BigInteger, nullable=False),
)

heartbeats = Table(
    "heartbeats",  # each kiosk's last word about itself
    metadata,
    Column("kiosk_id", String(40), primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)

quotes = Table(
    "quotes",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kiosk_id", String(40), nullable=False),
    Column("service", String(60), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("fee_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("made_at_ms", BigInteger, nullable=False),
    Column("body", Text, nullable=False, server_default=""),  # as it was told, for a copy of the receipt
)

submissions = Table(
    "submissions",
    metadata,
    Column("kiosk_id", String(40), nullable=False),
    Column("key", String(64), nullable=False),
    Column("body_sha256", LargeBinary(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("service", String(60), nullable=False),
    Column("receipt_number", String(20), nullable=False, unique=True),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("made_at_ms", BigInteger, nullable=False),
    Column("received_at_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("kiosk_id", "key"),  # the promise "carried out once" is this line
)

claims = Table(
    "claims",
    metadata,
    Column("kiosk_id", String(40), nullable=False),
    Column("key", String(64), nullable=False),
    Column("body_sha256", LargeBinary(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("service", String(200), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("state", String(20), nullable=False),
    Column("verdict", Text, nullable=False),
    Column("made_at_ms", BigInteger, nullable=False),
    Column("received_at_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("kiosk_id", "key"),
)

matters = Table(
    "matters",  # where whoever comes back is found: by the code on the paper, or by the card
    metadata,
    Column("kiosk_id", String(40), nullable=False),
    Column("key", String(64), nullable=False),
    Column("code", String(64), nullable=False, index=True),
    Column("holder", String(40), nullable=False, index=True),
    Column("made_at_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("kiosk_id", "key"),
)

copies = Table(
    "copies",  # each paper that was given once more: ``owner_id`` is the kiosk that made it first
    metadata,
    Column("kiosk_id", String(40), nullable=False),
    Column("key", String(64), nullable=False),
    Column("owner_id", String(40), nullable=False),
    Column("reference", String(64), nullable=False),
    Column("body_sha256", LargeBinary(32), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("made_at_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("kiosk_id", "key"),
    UniqueConstraint("owner_id", "reference", "number"),
)

registrations = Table(
    "registrations",  # what a fiscal register made of the payment with this key; a payment may come after it
    metadata,
    Column("kiosk_id", String(40), nullable=False),
    Column("key", String(64), nullable=False),
    Column("body_sha256", LargeBinary(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at_ms", BigInteger, nullable=False),
    PrimaryKeyConstraint("kiosk_id", "key"),
)

certificates = Table(
    "certificates",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("service", String(60), nullable=False),
    Column("holder_masked", String(80), nullable=False),
    Column("issued_at_ms", BigInteger, nullable=False),
)

validities = Table(
    "validities",  # of certificates given out since schema 3; older ones have no end
    metadata,
    Column("number", String(20), primary_key=True),
    Column("valid_until_ms", BigInteger, nullable=False),
)

revocations = Table(
    "revocations",
    metadata,
    Column("number", String(20), primary_key=True),
    Column("revoked_at_ms", BigInteger, nullable=False),
)

documents = Table(
    "documents",  # A4, as they were first given out: the same submission is always the same document
    metadata,
    Column("receipt_number", String(20), primary_key=True),
    Column("pdf", LargeBinary, nullable=False),
    Column("made_at_ms", BigInteger, nullable=False),
)

electricity_accounts = Table(
    "electricity_accounts",
    metadata,
    Column("number", String(9), primary_key=True),
    Column("payer", String(200), nullable=False),
    Column("organisation", Boolean, nullable=False),
    Column("current_minor", BigInteger, nullable=False),
    Column("arrears_minor", BigInteger, nullable=False),
    Column("paid_minor", BigInteger, nullable=False),
    Column("reading_before_kwh", BigInteger, nullable=False),
    Column("reading_now_kwh", BigInteger, nullable=False),
    Column("period_from", String(10), nullable=False),
    Column("period_to", String(10), nullable=False),
    Column("due_on", String(10), nullable=False),
)

fines = Table(
    "fines",
    metadata,
    Column("plate", String(10), nullable=False),
    Column("ticket", String(8), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("offence", String(40), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("paid_minor", BigInteger, nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("issued_on", String(10), nullable=False),
    PrimaryKeyConstraint("plate", "ticket"),
)

residents = Table(
    "residents",
    metadata,
    Column("fin", String(7), primary_key=True),
    Column("document_number", String(12), nullable=False, unique=True),
    Column("birth_date", String(10), nullable=False),
    Column("full_name", String(200), nullable=False),
    Column("address_az", Text, nullable=False),
    Column("address_ru", Text, nullable=False),
    Column("address_en", Text, nullable=False),
    Column("registered_on", String(10), nullable=False),
)

authorities = Table(
    "authorities",  # who may ask for whom: guardians of children, and holders of a power of attorney
    metadata,
    Column("holder_fin", String(7), nullable=False),
    Column("subject_fin", String(7), nullable=False),
    Column("kind", String(10), nullable=False),
    PrimaryKeyConstraint("holder_fin", "subject_fin", "kind"),
)

wrong_codes = Table(
    "wrong_codes",  # unknown codes that a kiosk asked for lately
    metadata,
    Column("kiosk_id", String(40), nullable=False, index=True),
    Column("at_ms", BigInteger, nullable=False),
)
