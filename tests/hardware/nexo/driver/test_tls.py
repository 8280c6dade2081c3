"""The same over an encrypted connection: only the terminal whose certificate was given is talked to."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec.structs import replace

from hardware.nexo.driver import NexoTerminal
from kiosk.domain.faults import DeviceAbsent
from kiosk.domain.money import Money
from kiosk.domain.payment import Approved, Unresolved
from tests.hardware.nexo.driver.peer import IMPATIENT, Peer, dripping, raw, settings_for
from tests.hardware.nexo.driver.scripts import pays

SALE = Money(240)


def certificate(folder: Path, name: str) -> Path:
    """Make a key and a certificate that signs itself, for 127.0.0.1, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(private + made.public_bytes(pem))
    return path


@pytest.fixture
def known(tmp_path: Path) -> Path:
    return certificate(tmp_path, "terminal")


@pytest.fixture
def peer(known: Path) -> Iterator[Peer]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(known)
    peer = Peer(tls)
    yield peer
    peer.close()


def test_a_payment_is_made_over_tls(peer: Peer, known: Path):
    """A terminal that shows the certificate we were given takes payments."""
    nexo = NexoTerminal(settings_for(peer, ca_file=str(known)))
    peer.on("Payment", pays())
    assert isinstance(nexo.pay(SALE, "A-1", lambda _: None), Approved)
    nexo.close()


def test_another_terminal_is_told_nothing(peer: Peer, tmp_path: Path):
    """A terminal with another certificate is as good as absent: nothing has left, and no doubt arises."""
    nexo = NexoTerminal(settings_for(peer, ca_file=str(certificate(tmp_path, "other"))))
    with pytest.raises(DeviceAbsent):
        nexo.pay(SALE, "A-1", lambda _: None)
    assert not peer.heard
    nexo.close()


@pytest.mark.parametrize("fault", ["drip", "cut"])
def test_doubt_arises_over_tls_as_well(peer: Peer, known: Path, fault):
    """An answer that drips for ever, or breaks off, leaves the payment unresolved within its time."""
    hasty = replace(IMPATIENT, pay_limit_s=4)
    nexo = NexoTerminal(settings_for(peer, hasty, ca_file=str(known)))
    peer.on("Payment", dripping(peer, b"HTTP/1.1 200 OK\r\nX: y") if fault == "drip" else raw(b"HTTP/1.1 200 OK\r\n"))
    assert isinstance(nexo.pay(SALE, "A-1", lambda _: None), Unresolved)
    nexo.close()
