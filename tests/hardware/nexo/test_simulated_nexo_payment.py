"""The simulated nexo terminal and its people: what is answered, what is charged, what is told again."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from hardware.sim_times import Delays
from tests.hardware.nexo.sale import outcomes, part, payment, rejection, result, shop, tell, transaction

CONDITIONS = ["Refusal", "WrongPIN", "InvalidCard", "PaymentRestriction", "UnreachableHost"]


def test_an_approved_payment_is_told_in_full_and_stands(tmp_path):
    """A payment of 10.99 AZN is answered with amount, approval code, card, both identifications and receipts, and is stored."""
    with shop(tmp_path, clock=lambda: datetime(2026, 3, 8, 12, 49, 23, tzinfo=UTC)) as (sale, device):
        told = sale.pay(10.99, reference="R-77")
        assert told["Response"]["Result"] == "Success"
        assert told["SaleData"]["SaleTransactionID"] == payment()["SaleData"]["SaleTransactionID"] | {
            "TransactionID": "R-77"
        }
        assert transaction(told) == {"TransactionID": "0001.0000000001", "TimeStamp": "2026-03-08T12:49:23.000Z"}
        paid = told["PaymentResult"]
        assert paid["AmountsResp"] == {"AuthorizedAmount": 10.99, "Currency": "AZN"}
        assert len(paid["PaymentAcquirerData"]["ApprovalCode"]) == 6
        assert [paper["DocumentQualifier"] for paper in told["PaymentReceipt"]] == ["CashierReceipt", "CustomerReceipt"]
        (row,) = device.ledger()
        assert (row["reference"], row["amount_minor"], row["currency"], row["outcome"]) == (
            "R-77", 1099, "AZN", "stored",
        )  # fmt: skip
        assert (row["transaction_id"], row["at"]) == ("0001.0000000001", "2026-03-08T12:49:23.000Z")


def test_a_response_repeats_the_header(sale):
    """Version, ServiceID, SaleID and POIID of a response are the request's; its type is Response."""
    asked = sale.message("Payment", payment(), ProtocolVersion="3.1")
    head = sale.post(asked).json()["SaleToPOIResponse"]["MessageHeader"]
    assert head == asked["SaleToPOIRequest"]["MessageHeader"] | {"MessageType": "Response"}


def test_a_card_number_is_masked_to_first_six_and_last_four(sale):
    """The answer holds the first six and the last four digits of a card, in two places, and never a whole number."""
    told = sale.pay()
    masked = told["PaymentResult"]["PaymentInstrumentData"]["CardData"]["MaskedPan"]
    more = parse_qs(told["Response"]["AdditionalResponse"])
    assert (masked[:6], masked[6:-4], masked[-4:]) == (more["cardBin"][0], " **** ", more["cardSummary"][0])
    assert masked[:6].isdecimal()
    assert masked[-4:].isdecimal()
    assert re.search(r"\b[0-9]{13,19}\b", json.dumps(told)) is None


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_declined_payment_names_its_condition(sale, device, condition):
    """A refusal is a Failure with the condition that was chosen, and nothing is charged."""
    tell(device, "decline", condition=condition)
    told = sale.pay()
    assert result(told) == condition
    assert "AmountsResp" not in told["PaymentResult"]
    assert outcomes(device) == [("R-1", 240, "declined")]


def test_a_decline_once_is_for_one_payment(sale, device):
    """A plan for one payment ends with it."""
    tell(device, "decline", once=True)
    assert [result(sale.pay()), result(sale.pay())] == ["Refusal", "Success"]


def test_the_stop_key_cancels(sale, device):
    """A card holder who presses stop ends the payment with Cancel, and no card is told."""
    tell(device, "cancel")
    told = sale.pay()
    assert result(told) == "Cancel"
    assert "PaymentResult" not in told
    assert outcomes(device) == [("R-1", 240, "cancelled")]


def test_a_payment_to_which_nobody_comes_ends_by_itself(tmp_path):
    """Without a card the payment ends with Cancel after the terminal's time."""
    with shop(tmp_path, card_s=0.05) as (sale, device):
        tell(device, "timeout")
        assert result(sale.pay()) == "Cancel"
        assert outcomes(device) == [("R-1", 240, "cancelled")]


@pytest.mark.parametrize(
    ("act", "outcome", "told"), [("card", "stored", "Success"), ("decline", "declined", "Refusal"), ("cancel", "cancelled", "Cancel")]
)  # fmt: skip
def test_on_hold_a_person_decides(sale, device, act, outcome, told):
    """A payment on hold waits until a person acts, and then goes as that person wants."""
    tell(device, "hold")
    paying = sale.pay_aside()
    assert device.wait_until("card")
    assert device.do({"do": "state"})["amount_minor"] == 240
    tell(device, act)
    assert result(paying.result(20)) == told
    assert outcomes(device) == [("R-1", 240, outcome)]


def test_a_card_without_a_payment_is_a_mistake(device):
    """A card presented to an idle terminal is refused by the bench."""
    assert not device.do({"do": "card"})["ok"]


def test_a_card_holder_may_take_time(sale, device):
    """A payment waits for the card holder's delay in the phase "card"."""
    tell(device, "approve", delay_s=600)
    paying = sale.pay_aside()
    assert device.wait_until("card")
    tell(device, "approve", delay_s=0)
    assert result(paying.result(20)) == "Success"


def test_an_abort_ends_a_payment_that_waits_for_the_card(sale, device):
    """An abort is answered by an empty 200, and the payment it names by Aborted."""
    tell(device, "hold")
    paying = sale.pay_aside(service_id="PAY1")
    assert device.wait_until("card")
    reply = sale.abort("PAY1")
    assert (reply.status_code, reply.content) == (200, b"")
    assert result(paying.result(20)) == "Aborted"
    assert outcomes(device) == [("R-1", 240, "cancelled")]


def test_an_abort_is_of_one_payment(sale, device):
    """The payment after an aborted one is not aborted."""
    tell(device, "hold")
    paying = sale.pay_aside(service_id="PAY1")
    assert device.wait_until("card")
    sale.abort("PAY1")
    assert result(paying.result(20)) == "Aborted"
    tell(device, "approve")
    assert result(sale.pay()) == "Success"


@pytest.mark.parametrize(("act", "told"), [("cancel", "Cancel"), ("abort", "Aborted")])
def test_at_the_pin_it_can_still_end(tmp_path, act, told):
    """Between card and host the stop key cancels, an abort aborts, and both charge nobody."""
    with shop(tmp_path, delays=Delays(insert_s=0, pin_s=600, bank_s=0, boot_s=0)) as (sale, device):
        tell(device, "hold")
        paying = sale.pay_aside(service_id="PAY1")
        assert device.wait_until("card")
        tell(device, "card")
        assert device.wait_until("pin")
        if act == "abort":
            sale.abort("PAY1")
        else:
            tell(device, "cancel")
        assert result(paying.result(20)) == told
        assert outcomes(device) == [("R-1", 240, "cancelled")]


@pytest.mark.parametrize("meant", [("OTHER", "Payment"), ("PAY1", "Reversal")])
def test_an_abort_of_something_else_aborts_nothing(sale, device, meant):
    """An abort that names another message is answered in the same way, and the payment goes on."""
    tell(device, "hold")
    paying = sale.pay_aside(service_id="PAY1")
    assert device.wait_until("card")
    assert sale.abort(*meant).content == b""
    tell(device, "card")
    assert result(paying.result(20)) == "Success"


def test_an_abort_at_the_host_comes_too_late(sale, device):
    """Once the host is asked, an abort changes nothing."""
    tell(device, "slow_host", seconds=600)
    paying = sale.pay_aside(service_id="PAY1")
    assert device.wait_until("bank")
    assert sale.abort("PAY1").content == b""
    tell(device, "slow_host", seconds=0)
    assert result(paying.result(20)) == "Success"
    assert outcomes(device) == [("R-1", 240, "stored")]


def test_a_malformed_abort_is_rejected(sale):
    """There is no AbortResponse: an abort that names nothing is answered by an event."""
    assert "MessageReference" in rejection(sale.post(sale.message("Abort", {"AbortReason": "x"})))["EventDetails"]


def test_one_payment_at_a_time(sale, device):
    """While a payment runs, another payment, a reversal and a reconciliation are Busy, and so is the diagnosis' GlobalStatus."""
    stands = transaction(sale.pay())
    tell(device, "hold")
    paying = sale.pay_aside(service_id="PAY1", reference="R-2")
    assert device.wait_until("card")
    assert result(sale.pay()) == "Busy"
    assert result(sale.reverse(stands)) == "Busy"
    reconciling = sale.ask("Reconciliation", {"ReconciliationType": "SaleReconciliation"})
    assert result(part(reconciling, "ReconciliationResponse")) == "Busy"
    assert global_status(sale) == "Busy"
    tell(device, "card")
    assert result(paying.result(20)) == "Success"
    assert global_status(sale) == "OK"
    assert outcomes(device) == [("R-1", 240, "stored"), ("R-2", 240, "stored")]


@pytest.mark.parametrize(
    ("word", "condition", "status"), [("busy", "Busy", "Busy"), ("out_of_order", "DeviceOut", "Maintenance")]
)
def test_a_terminal_that_cannot_work_says_so(sale, device, word, condition, status):
    """A terminal that is busy or out of order refuses payments, and its diagnosis tells which, until it is switched off."""
    tell(device, word)
    assert (result(sale.pay()), global_status(sale)) == (condition, status)
    assert outcomes(device) == []
    tell(device, word, on=False)
    assert (result(sale.pay()), global_status(sale)) == ("Success", "OK")


def global_status(sale):
    return part(sale.ask("Diagnosis", {}), "DiagnosisResponse")["POIStatus"]["GlobalStatus"]


def test_a_diagnosis_tells_of_the_host_if_asked(sale, device):
    """HostStatus is told when asked for, and says when the host cannot be reached."""
    assert "HostStatus" not in part(sale.ask("Diagnosis", {}), "DiagnosisResponse")
    tell(device, "decline", condition="UnreachableHost")
    told = part(sale.ask("Diagnosis", {"HostDiagnosisFlag": True}), "DiagnosisResponse")
    assert [host["IsReachableFlag"] for host in told["HostStatus"]] == [False]


@pytest.mark.parametrize("plan", ["approve", "decline", "cancel"])
def test_a_status_repeats_the_exact_response(sale, device, plan):
    """A status query gives the payment's response again, header and body, as often as it is asked."""
    tell(device, plan)
    first = sale.ask("Payment", payment(), "PAY1")["SaleToPOIResponse"]
    for _ in range(2):
        again = sale.status("PAY1")["RepeatedMessageResponse"]
        assert again["MessageHeader"] == first["MessageHeader"]
        assert again["RepeatedResponseMessageBody"] == {"PaymentResponse": first["PaymentResponse"]}


def test_a_status_while_the_payment_runs_is_in_progress(sale, device):
    """A payment that waits for its card is InProgress, and Success afterwards."""
    tell(device, "hold")
    paying = sale.pay_aside(service_id="PAY1")
    assert device.wait_until("card")
    assert sale.found("PAY1") == "InProgress"
    tell(device, "card")
    paying.result(20)
    assert sale.found("PAY1") == "Success"


def test_a_status_of_nothing_is_not_found(sale):
    """A ServiceID that never came, came from another sale system or with another category is NotFound."""
    sale.pay(service_id="PAY1")
    assert result(sale.status("OTHER")) == "NotFound"
    assert result(sale.status("PAY1", category="Reversal")) == "NotFound"
    assert result(sale.status("PAY1", sale_id="KIOSK2")) == "NotFound"


def test_a_status_is_of_payments_and_reversals_only(sale):
    """Of other categories no answers are kept."""
    assert result(sale.status("PAY1", category="Diagnosis")) == "NotAllowed"


def test_a_refused_payment_is_repeated_too(sale):
    """What was refused before it began is told again as it was."""
    first = sale.pay(0, service_id="PAY1")
    again = sale.status("PAY1")["RepeatedMessageResponse"]["RepeatedResponseMessageBody"]["PaymentResponse"]
    assert again == first


def test_a_reconciliation_tells_the_totals_and_begins_anew(sale):
    """Totals are the sales that stood and those taken back since the last reconciliation; then there are none."""
    kept, back = sale.pay(2.4), sale.pay(10)
    sale.reverse(transaction(back))
    told = [
        part(sale.ask("Reconciliation", {"ReconciliationType": "SaleReconciliation"}), "ReconciliationResponse")
        for _ in range(2)
    ]
    (totals,) = told[0]["TransactionTotals"]
    assert totals["PaymentCurrency"] == "AZN"
    assert [tuple(row.values()) for row in totals["PaymentTotals"]] == [("Debit", 2, 12.4), ("ReverseDebit", 1, 10.0)]
    assert "TransactionTotals" not in told[1]
    assert [each["POIReconciliationID"] for each in told] == ["1", "2"]
    assert kept["POIData"]["POIReconciliationID"] == "1"


def test_another_reconciliation_is_not_supported(sale):
    """A ReconciliationType that this terminal does not know is NotAllowed, and closes nothing."""
    told = part(sale.ask("Reconciliation", {"ReconciliationType": "PreviousReconciliation"}), "ReconciliationResponse")
    assert result(told) == "NotAllowed"
    assert sale.pay()["POIData"]["POIReconciliationID"] == "1"


def test_an_unknown_command_is_answered(device):
    """The bench hears what this terminal can do."""
    said = device.do({"do": "dance"})
    assert (said["ok"], "power_cycle" in said["error"]) == (False, True)


@pytest.mark.parametrize(
    "command",
    [{"do": "approve", "delay_s": 601}, {"do": "decline", "condition": "Rain"}, {"do": "power_cut", "at": "noon"},
     {"do": "half", "n": 101}, {"do": "garbage", "bytes": "xy"}, {"do": "late", "ms": -1}, {"do": "wrong_amount"}],
    ids=lambda command: command["do"],
)  # fmt: skip
def test_a_command_that_cannot_be_is_refused(device, command):
    """Everything the bench can say is bounded."""
    assert not device.do(command)["ok"]


def test_normal_ends_every_plan_and_fault(sale, device):
    """After "normal" a payment is approved and answered at once."""
    for word in ("decline", "busy", "out_of_order", "silent", "lose_answer", "wrong_service_id"):
        tell(device, word)
    tell(device, "normal")
    assert result(sale.pay()) == "Success"


def test_people_take_their_time_by_default(tmp_path):
    """Without other orders a card holder needs the times that terminals share."""
    with shop(tmp_path, delays=Delays(insert_s=600, pin_s=0, bank_s=600, boot_s=0)) as (sale, device):
        paying = sale.pay_aside()
        assert device.wait_until("card")
        tell(device, "hold")
        tell(device, "card")
        assert device.wait_until("bank")
        assert not paying.done()
        device.stop()
        assert paying.exception(20) is not None
