"""Health, self-test, settings and the rules every driver keeps."""

from __future__ import annotations

import msgspec
import pytest

from hardware import conformance
from hardware.drivers import find_driver
from hardware.nexo.driver import NexoTerminal
from hardware.nexo.settings import NexoSettings, NexoTimings
from kiosk.domain.health import Degraded, Failed, Ready
from kiosk.domain.payment import Capabilities
from tests.hardware.nexo.driver.peer import Peer, answer, silent, status_line
from tests.hardware.nexo.driver.scripts import NOT_FOUND, diagnoses, header, payment, response, tells, told


def test_a_driver_without_its_terminal_keeps_the_rules():
    """With no terminal at its address the driver opens, tells so in time, advises, and closes."""
    peer = Peer()
    peer.close()
    settings = NexoSettings(
        port=peer.address, sale_id="K", poi_id="P", timings=NexoTimings(enquiry_limit_s=1, recovery_limit_s=1)
    )
    conformance.check_away("terminal", lambda: find_driver("terminal", "nexo")(settings))


def test_the_settings_are_strict():
    """The driver is found by its name, says which settings it takes, and refuses others."""
    conformance.check_settings(find_driver("terminal", "nexo"))


def test_the_protocol_has_no_second_phase(nexo):
    """The driver does not claim that a sale waits for our acknowledgement."""
    assert nexo.capabilities() == Capabilities(
        two_phase_delivery=False, lookup_last=True, abort_in_card_wait=True, reverse_by_receipt=True
    )


@pytest.mark.parametrize(("diagnosis", "kind", "reason"), [
    (diagnoses(), Ready, ""),
    (diagnoses(PrinterStatus="OK"), Ready, ""),
    (diagnoses(PrinterStatus="NoPaper"), Degraded, "printer"),
    (diagnoses(GlobalStatus="Busy"), Failed, "busy"),
    (diagnoses(GlobalStatus="Maintenance"), Failed, "busy"),
    (diagnoses(GlobalStatus="Unreachable"), Failed, "offline"),
    (diagnoses(GlobalStatus="Sleeping"), Failed, "out_of_order"),
    (diagnoses(GlobalStatus=""), Failed, "out_of_order"),
    (diagnoses(CommunicationOKFlag=False), Failed, "offline"),
    (diagnoses(CardReaderOKFlag=False), Failed, "out_of_order"),
    (diagnoses(PEDOKFlag=False), Failed, "out_of_order"),
    (diagnoses(SecurityOKFlag=False), Failed, "out_of_order"),
    (diagnoses(hosts=[{"AcquirerID": "1", "IsReachableFlag": False}]), Failed, "offline"),
    (diagnoses(response("Failure", "Busy")), Failed, "busy"),
    (diagnoses(response("Failure", "NotAllowed")), Failed, "out_of_order"),
    (status_line(500), Failed, "garbled"),
])  # fmt: skip
def test_health_is_what_the_terminal_says_of_itself(nexo, peer: Peer, diagnosis, kind, reason):
    """Each status of a terminal is ready, degraded or failed with a reason of the catalogue."""
    peer.on("Diagnosis", diagnosis)
    health = nexo.health()
    assert isinstance(health, kind)
    assert getattr(health, "reason", "") == reason
    assert peer.heard[0]["DiagnosisRequest"] == {"HostDiagnosisFlag": False}


def test_a_self_test_asks_for_hosts_and_memory(nexo, peer: Peer):
    """A sound terminal passes: its acquirers are asked for, and it says NotFound of a ServiceID nobody used."""
    peer.on("Diagnosis", diagnoses())
    peer.on("TransactionStatus", NOT_FOUND)
    test = nexo.self_test()
    assert [(check.name, check.outcome) for check in test.checks] == [
        ("diagnosis", "passed"), ("transaction_status", "passed"),
    ]  # fmt: skip
    assert peer.heard[0]["DiagnosisRequest"] == {"HostDiagnosisFlag": True}


@pytest.mark.parametrize("lookup", [
    tells("NotAllowed"), tells("", "Success"), told("Payment", payment()), status_line(501),
])  # fmt: skip
def test_a_terminal_that_tells_nothing_fails_its_self_test(nexo, peer: Peer, lookup):
    """A terminal that cannot be asked what became of a message fails, with advice."""
    peer.on("Diagnosis", diagnoses())
    peer.on("TransactionStatus", lookup)
    check = nexo.self_test().checks[-1]
    assert (check.name, check.outcome) == ("transaction_status", "failed")
    assert check.advice


@pytest.mark.parametrize(
    ("diagnosis", "outcome"),
    [(diagnoses(PrinterStatus="NoPaper"), "degraded"), (diagnoses(GlobalStatus="Busy"), "failed")],
)
def test_a_self_test_advises_on_what_it_found(nexo, peer: Peer, diagnosis, outcome):
    """A terminal with a shortcoming is told as such, with what to do."""
    peer.on("Diagnosis", diagnosis)
    peer.on("TransactionStatus", NOT_FOUND)
    check = nexo.self_test().checks[0]
    assert check.outcome == outcome
    assert check.advice


def test_health_of_a_silent_terminal_comes_in_time(peer: Peer):
    """A terminal that says nothing does not hold health beyond its limit, with the times as delivered."""
    nexo = NexoTerminal(NexoSettings(port=peer.address, sale_id="K", poi_id="P"))
    peer.on("Diagnosis", silent(peer))
    conformance.check_health_away("terminal", nexo)
    nexo.close()


def test_an_answer_that_hides_its_status_is_no_health(nexo, peer: Peer):
    """A diagnosis that succeeds and says nothing is not taken for good health."""
    peer.on(
        "Diagnosis",
        answer(lambda request: {"MessageHeader": header(request), "DiagnosisResponse": {"Response": response()}}),
    )
    assert isinstance(nexo.health(), Failed)


@pytest.mark.parametrize("port", [
    "https://terminal.example:8443/nexo", "http://127.0.0.1:8080/nexo", "http://[::1]:8080/nexo", "http://192.168.7.2/nexo",
    "http://localhost:9000/nexo", "http://10.0.0.2/",
])  # fmt: skip
def test_addresses_that_are_taken(port):
    """Encrypted anywhere, in clear only on this machine or a private network."""
    assert msgspec.convert({"port": port, "sale_id": "K", "poi_id": "P"}, NexoSettings).port == port


@pytest.mark.parametrize("wrong", [
    {"port": "http://terminal.example/nexo"}, {"port": "http://8.8.8.8/nexo"}, {"port": "/dev/ttyUSB0"}, {"port": ""},
    {"port": "https://user:secret@terminal.example/"}, {"port": "https://"}, {"port": "https://host:port/"},
    {"port": "https://terminal.example/a b"}, {"port": "ftp://127.0.0.1/"}, {"port": "http://[::1"},
    {"currency": "XXX"}, {"sale_id": ""}, {"poi_id": ""}, {"speed": 9600},
])  # fmt: skip
def test_settings_that_are_refused(wrong):
    """An address in clear over foreign networks, one with a password, or none, is refused, and so are unknown keys."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"port": "https://t.example/", "sale_id": "K", "poi_id": "P", **wrong}, NexoSettings)
