"""From the bytes of a request to the bytes of its answer: what each message category of a nexo terminal does."""

from __future__ import annotations

import json
from collections.abc import Callable

from hardware.nexo import sim_messages as messages
from hardware.nexo.sim_device import Device
from hardware.nexo.sim_messages import Json
from hardware.nexo.sim_payment import NoAnswer, pay, reverse
from hardware.nexo.sim_requests import (
    AbortRequest,
    DiagnosisRequest,
    Header,
    ReconciliationRequest,
    Refused,
    Rejected,
    Request,
    TransactionStatusRequest,
    body,
    read,
)
from hardware.sim_faults import Spoilt
from hardware.sim_http import Reply

REPEATABLE = ("Payment", "Reversal")
CLOSING = ("SaleReconciliation", "AcquirerReconciliation")


def answer(device: Device, raw: bytes) -> Reply:
    """Work on one request, for as long as a card holder may take. Raises PowerCut."""
    header: Header | None = None
    try:
        request = read(raw, messages.POI_ID)
        header = request.header
        early = device.controls.take_spoilt(header.category, early=True)
        if early:
            return Reply(early.number)
        return _reply(device, header, _work(device, request))
    except Rejected as why:
        return _reply(device, header, messages.reject(raw, str(why), device.now(), header))
    except NoAnswer:
        return Reply(spoilt=Spoilt("hangs"))


def _work(device: Device, request: Request) -> Json | None:
    """Do what the message asks, once; give the response, None for an Abort. Raises Rejected, NoAnswer, PowerCut."""
    header = request.header
    with device.life.step():
        fresh = device.ledger.first_time(header)
    if not fresh:
        raise Rejected(f"ServiceID {header.service_id} has been used")
    try:
        said = WORK[header.category](device, request)
    except Refused as refusal:
        said = _refused(device, header, refusal)
    return said and {"SaleToPOIResponse": said}


def _refused(device: Device, header: Header, refusal: Refused) -> Json:
    said = messages.parts(header, {"Response": messages.failure(refusal.condition, str(refusal))})
    if header.category in REPEATABLE:
        with device.life.step():
            device.ledger.keep(header, json.dumps(said))
    return said


def _reply(device: Device, header: Header | None, said: Json | None) -> Reply:
    spoilt = device.controls.take_spoilt(header.category if header else None, early=False)
    if spoilt and spoilt.how == "http_error":
        return Reply(spoilt.number)
    if said and spoilt and spoilt.how == "wrong_service_id":
        said = _to_somebody_else(said)
    return Reply(200, json.dumps(said).encode() if said else b"", spoilt)


def _to_somebody_else(said: Json) -> Json:
    told: Json = json.loads(json.dumps(said))
    for message in told.values():
        service_id = message["MessageHeader"].get("ServiceID")
        if service_id:
            message["MessageHeader"]["ServiceID"] = ("Y" if service_id[0] == "X" else "X") + service_id[1:]
    return told


def _status(device: Device, request: Request) -> Json:
    reference = body(request, TransactionStatusRequest).reference
    header = request.header
    if reference.category not in REPEATABLE:
        raise Refused("NotAllowed", f"No status of a {reference.category} is kept")
    sale_id = reference.sale_id or header.sale_id
    meant = (sale_id, reference.service_id, reference.category)
    with device.life.step():
        running = device.running
        kept = device.ledger.response_to(*meant)
    now_running = running and meant == (running.sale_id, running.service_id, running.category)
    told = {"MessageCategory": reference.category, "SaleID": sale_id, "ServiceID": reference.service_id}
    if device.controls.take_in_progress() or (now_running and kept is None):
        return messages.parts(header, messages.status_body(told, None, "InProgress"))
    repeated = json.loads(kept) if kept else None
    return messages.parts(header, messages.status_body(told, repeated))


def _abort(device: Device, request: Request) -> None:
    """Abort a payment, or do nothing; there is no AbortResponse, only an HTTP answer without a body. Raises Rejected."""
    try:
        reference = body(request, AbortRequest).reference
    except Refused as refusal:
        raise Rejected(str(refusal)) from None
    device.abort(reference, request.header.sale_id)


def _reconcile(device: Device, request: Request) -> Json:
    kind = body(request, ReconciliationRequest).kind
    if kind not in CLOSING:
        raise Refused("NotAllowed", f"ReconciliationType {kind} is not supported")
    with device.dialogue(request.header):
        device.host()
        with device.life.step():
            totals = device.ledger.close_period()
    return messages.parts(request.header, messages.totals_body(kind, totals))


def _diagnose(device: Device, request: Request) -> Json:
    asked = body(request, DiagnosisRequest)
    controls = device.controls
    status = "Busy" if controls.faults.busy or device.running else "OK"
    if controls.faults.out_of_order:
        status = "Maintenance"
    host = not (controls.plan == "decline" and controls.condition == "UnreachableHost")
    return messages.parts(request.header, messages.diagnosis_body(status, host=host, asked=asked.host_flag))


WORK: dict[str, Callable[[Device, Request], Json | None]] = {
    "Payment": pay,
    "Reversal": reverse,
    "TransactionStatus": _status,
    "Abort": _abort,
    "Reconciliation": _reconcile,
    "Diagnosis": _diagnose,
}
