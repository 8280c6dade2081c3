"""Asks the four parties what they know, and gives each entry the reference that makes them comparable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hardware.demo.ledgers import DOUBTFUL, Ledgers, Row
from hardware.demo.paper import is_blank, read_paper
from hardware.demo.stage import Stage


def ask_all(stage: Stage, read: dict[str, Row] | None = None) -> Ledgers:
    """Return what terminal, printer, journal and central system say now.

    ``read`` are papers that have been read before, by name; it is added to. A paper that was cut off does not change.
    """
    central = [of_central(row) for row in stage.central_ledger()]
    journal = attempts(stage.journal(), stage.reference_head())
    told = stage.bench({"do": "ledger"})["ledger"]
    terminal = of_terminal(told["terminal"], journal)
    fill_amounts(journal, [*terminal, *central])
    printer = of_printer(
        told["printer"], stage.folder / "bench/memory/printer", stage.papers, {} if read is None else read
    )
    registered = tuple(of_register(row) for row in told["fiscal"]) if "fiscal" in told else None
    return Ledgers(tuple(terminal), tuple(printer), tuple(journal), tuple(central), registered)


def attempts(entries: list[Row], head: str) -> list[Row]:
    """Fold the exported journal into one row per attempt to pay, or to apply for what is free.

    A reference is ``<head>-<journey>-<letters>``, with ``-2`` for the second attempt of a journey, and so on, as the kiosk counts.
    ``amount_minor`` is None where the journal keeps no amount in the open: only an approved payment has one there.
    """
    found: list[Row] = []
    for entry in entries:
        number, event = entry["journey"], entry["event"]
        if number:
            mine = [row for row in found if row["journey"] == number]
            fresh = learn(event, mine[-1] if mine else None)
            if fresh is not None:
                suffix = f"-{len(mine) + 1}" if mine else ""
                reference = f"{head}-{number:06d}-{entry['letters']}{suffix}"
                found.append({"reference": reference, "journey": number, **fresh})
    for row in found:
        row.pop("told", None)
    return found


def learn(event: Row, attempt: Row | None) -> Row | None:
    """Add what an event says to the attempt in hand; return a new attempt if it begins one."""
    kind = event["type"]
    if kind == "PaymentPrepared":
        return {"amount_minor": None, "outcome": "failed", "paper": "", "receipt": ""}
    if attempt is None:
        applied = {"amount_minor": 0, "outcome": "accepted", "paper": "", "receipt": event.get("receipt_number", "")}
        return applied if kind == "SubmissionAccepted" else None
    match kind:
        case "PaymentApproved":
            payment = event["authorisation"]
            attempt["amount_minor"] = payment["amount"]["minor"]
            attempt["outcome"] = "approved"
            attempt["terminal_receipt"] = payment["mark"].get("receipt_number", "")
        case "PaymentDeclined":
            attempt["outcome"] = "declined"
        case "PaymentCancelled":
            attempt["outcome"] = "reversed" if attempt.get("refused") else "cancelled"
        case "SubmissionAccepted":
            attempt["receipt"] = event["receipt_number"]
            attempt["told"] = True
        case "CentralUnanswered":
            attempt["told"] = True
        case "SubmissionRefused":
            attempt["refused"] = event["problem"]
        case "ClaimFiled" if not attempt.get("told"):  # else it is about the fiscal register: the payment stands
            attempt["outcome"] = "undelivered" if attempt["outcome"] == "approved" else "unresolved"
        case "ReceiptEnded":
            attempt["paper"] = event["outcome"]["type"]
    return None


def of_terminal(sales: list[Row], journal: list[Row]) -> list[Row]:
    """Give the terminal's sales their references: by receipt number, else in the order in which they failed."""
    rows = []
    waiting = [row for row in journal if "terminal_receipt" not in row]
    for sale in sales:
        number = sale["receipt_number"]
        match = next((row for row in journal if number and same_number(row.get("terminal_receipt", ""), number)), None)
        if match is None:
            match = next((row for row in waiting if fits(sale["outcome"], row["outcome"])), None)
            waiting = [row for row in waiting if row is not match]
        rows.append({**sale, "reference": match["reference"] if match else None})
    return rows


def fits(sale: str, attempt: str) -> bool:
    """Say whether a sale without a known receipt number can be the one that an attempt was about."""
    if sale in ("stored", "reversed"):
        return attempt in DOUBTFUL
    return {"declined": "declined"}.get(sale, "cancelled") == attempt or attempt in ("unresolved", "failed")


def same_number(ours: str, theirs: str) -> bool:
    """Compare receipt numbers, whatever their leading zeros."""
    return ours.isdigit() and int(ours) == int(theirs)


def fill_amounts(journal: list[Row], others: list[Row]) -> None:
    """Complete attempts whose amount the journal has only under seal, with what the others say of that reference."""
    for row in journal:
        if row["amount_minor"] is None:
            told = [other["amount_minor"] for other in others if other["reference"] == row["reference"]]
            row["amount_minor"] = told[0] if told else 0


def of_central(row: Row) -> Row:
    """Return a central entry: submissions and claims as the centre tells them."""
    return {name: row[name] for name in ("reference", "amount_minor", "outcome", "entry", "service", "receipt_number")}


def of_register(row: Row) -> Row:
    """Return a document of the fiscal register."""
    return {"reference": row["int_ref"], "amount_minor": row["sum_minor"], "outcome": "registered"}


def of_printer(pieces: list[Row], memory: Path, papers: Path, read: dict[str, Row]) -> list[Row]:
    """Read every piece of paper that was cut off and has not been ``read`` yet. A blank one tells of nothing."""
    texts = {path.stem: path.read_text("utf-8") for path in sorted(papers.glob("*.txt"))}
    for piece in pieces:
        if piece["paper"] not in read:
            read[piece["paper"]] = read_paper(memory / piece["paper"], texts)
    return [read[piece["paper"]] for piece in pieces if not is_blank(memory / piece["paper"])]


def paper_of(ledgers: Ledgers, reference: str) -> dict[str, Any] | None:
    """Return the last whole paper with this reference."""
    whole = [row for row in ledgers.printer if row["reference"] == reference and row["outcome"] != "partial"]
    return whole[-1] if whole else None
