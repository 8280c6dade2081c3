"""IPP messages, byte by byte."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.document import ipp_wire as w
from hardware.document.ipp_wire import Attribute, decode, encode
from kiosk.domain.faults import ProtocolError

# RFC 8010, appendix A.1 (Print-Job request) and A.2 (its answer).
PRINT_JOB = bytes.fromhex(
    "0101 0002 00000001 01"
    "47 0012 617474726962757465732d63686172736574 0005 7574662d38"
    "48 001b 617474726962757465732d6e61747572616c2d6c616e6775616765 0005 656e2d7573"
    "45 000b 7072696e7465722d757269 002c"
    "6970703a2f2f7072696e7465722e6578616d706c652e636f6d2f6970702f7072696e742f70696e6574726565"
    "42 0008 6a6f622d6e616d65 0006 666f6f626172"
    "22 0016 6970702d6174747269627574652d666964656c697479 0001 01"
    "02 21 0006 636f70696573 0004 00000014"
    "44 0005 7369646573 0013 74776f2d73696465642d6c6f6e672d65646765 03"
)  # fmt: skip
ANSWER = bytes.fromhex(
    "0101 0000 00000001 01"
    "47 0012 617474726962757465732d63686172736574 0005 7574662d38"
    "48 001b 617474726962757465732d6e61747572616c2d6c616e6775616765 0005 656e2d7573"
    "41 000e 7374617475732d6d657373616765 000d 7375636365737366756c2d6f6b"
    "02 21 0006 6a6f622d6964 0004 00000093"
    "45 0007 6a6f622d757269 0030"
    "6970703a2f2f7072696e7465722e6578616d706c652e636f6d2f6970702f7072696e742f70696e65747265652f313437"
    "23 0009 6a6f622d7374617465 0004 00000003 03"
)


def test_the_request_of_the_rfc():
    """The request that RFC 8010 shows is made with its very bytes."""
    operation = [
        Attribute(w.CHARSET, "attributes-charset", ("utf-8",)),
        Attribute(w.LANGUAGE, "attributes-natural-language", ("en-us",)),
        Attribute(w.URI, "printer-uri", ("ipp://printer.example.com/ipp/print/pinetree",)),
        Attribute(w.NAME, "job-name", ("foobar",)),
        Attribute(w.BOOLEAN, "ipp-attribute-fidelity", (True,)),
    ]
    job = [Attribute(w.INTEGER, "copies", (20,)), Attribute(w.KEYWORD, "sides", ("two-sided-long-edge",))]
    made = encode((1, 1), 2, 1, ((w.OPERATION_GROUP, operation), (w.JOB_GROUP, job)), b"%PDF")
    assert made == PRINT_JOB + b"%PDF"
    assert decode(made).data == b"%PDF"


def test_the_answer_of_the_rfc():
    """The answer that RFC 8010 shows is read."""
    found = decode(ANSWER)
    job = found.group(w.JOB_GROUP)
    assert (found.version, found.code, found.request_id) == ((1, 1), 0, 1)
    assert (job.number("job-id"), job.number("job-state")) == (147, 3)
    assert job.words("job-uri") == ("ipp://printer.example.com/ipp/print/pinetree/147",)
    assert found.group(w.OPERATION_GROUP).words("status-message") == ("successful-ok",)


def test_several_values_and_collections():
    """Further values belong to the attribute before them, and what stands in a collection is no attribute of the printer."""
    member = bytes.fromhex("4a 0000 0006 782d73697a65 21 0000 0004 00000005")
    body = bytes.fromhex("0200 0000 00000007 04") + bytes.fromhex("44 0001 61 0001 78 44 0000 0001 79")
    body += bytes.fromhex("34 0001 63 0000") + member + bytes.fromhex("37 0000 0000")
    body += bytes.fromhex("32 0001 72 0009 0000012c 0000012c 03") + bytes.fromhex(
        "33 0001 67 0008 00000001 00000063 03"
    )
    printer = decode(body).group(w.PRINTER_GROUP)
    assert printer.values == {"a": ["x", "y"], "c": [None], "r": [(300, 300)], "g": [(1, 99)]}


@pytest.mark.parametrize("end", range(len(ANSWER)))
def test_a_cut_off_answer_is_none(end):
    """An answer of which anything is missing is a protocol error and nothing else."""
    with pytest.raises(ProtocolError):
        decode(ANSWER[:end])


@given(st.binary(max_size=200))
def test_any_bytes(data):
    """Whatever comes, it is a message or a protocol error."""
    with suppress(ProtocolError):
        decode(b"\2\0\0\0\0\0\0\1" + data)
