"""Requests to one IPP printer (RFC 8011) over HTTP: each bounded in time and size, each telling whether it has left.

An address is ``ipp://HOST[:631]/PATH`` or ``ipps://…`` (RFC 3510, RFC 7472): HTTP to port 631, in clear or over TLS.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

from hardware.document.ipp_wire import (
    CHARSET,
    INTEGER,
    JOB_GROUP,
    KEYWORD,
    LANGUAGE,
    MIME,
    NAME,
    OPERATION_GROUP,
    PRINTER_GROUP,
    URI,
    Attribute,
    Group,
    Message,
    Version,
    decode,
    encode,
)
from hardware.http_post import HttpLink, is_safe_address, nothing
from kiosk.domain.faults import ProtocolError

PRINT_JOB, CANCEL_JOB, GET_JOB, GET_JOBS, GET_PRINTER = 0x0002, 0x0008, 0x0009, 0x000A, 0x000B
VERSION_NOT_SUPPORTED = 0x0503
FIRST_REFUSAL = 0x0100
IPP_PORT = 631
MEDIA_TYPE = "application/ipp"
USER = f"kiosk-{socket.gethostname()}"[:127]
"""Whose jobs are ours, on a queue that several kiosks may share."""
A4 = "iso_a4_210x297mm"
VERSIONS: tuple[Version, ...] = ((2, 0), (1, 1))
PRINTER_ATTRIBUTES = (
    "printer-make-and-model", "printer-state", "printer-state-reasons", "printer-is-accepting-jobs",
    "document-format-supported", "media-supported", "media-ready", "pwg-raster-document-type-supported",
    "pwg-raster-document-resolution-supported",
)  # fmt: skip
JOB_ATTRIBUTES = ("job-id", "job-name", "job-state", "job-state-reasons", "job-originating-user-name")


class Refused(ProtocolError):
    """The printer answered with a status that is no success: it has not done what was asked."""

    def __init__(self, status: int) -> None:
        super().__init__(f"IPP status {status:#06x}")
        self.status = status


def http_address(url: str) -> str:
    """Return where to post to. ValueError for what is no IPP address, or where a citizen's document would travel in clear."""
    parts = urlsplit(url)
    scheme = {"ipp": "http", "ipps": "https"}.get(parts.scheme)
    if scheme is None or not parts.hostname:
        raise ValueError(
            f"{url!r}: expected ipps://HOST/PATH, or ipp:// to this machine or a private network by its number"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    found = urlunsplit((scheme, f"{host}:{parts.port or IPP_PORT}", parts.path or "/", parts.query, ""))
    if parts.username is not None or not is_safe_address(found):
        raise ValueError(f"{url!r}: expected ipps://; ipp:// only to this machine or a private network by its number")
    return found


class IppClient:
    """Asks one printer. Methods raise DeviceFault: NotSent if nothing has left, Refused for a refusal."""

    def __init__(self, url: str, ca_file: str, connect_timeout_s: float, answer_timeout_s: float) -> None:
        self._url, self._answer_timeout_s = url, answer_timeout_s
        self._link = HttpLink(http_address(url), ca_file, connect_timeout_s, "document", media_type=MEDIA_TYPE)
        self._version, self._request_id = VERSIONS[0], 0

    def printer(self, limit_s: float | None = None) -> Group:
        """Return what the printer can do and how it is. An old printer is asked again in its own version of IPP."""
        wanted = [Attribute(KEYWORD, "requested-attributes", PRINTER_ATTRIBUTES)]
        for self._version in VERSIONS:
            try:
                return self._ask(GET_PRINTER, wanted, limit_s).group(PRINTER_GROUP)
            except Refused as refused:
                if refused.status != VERSION_NOT_SUPPORTED:
                    raise
        raise Refused(VERSION_NOT_SUPPORTED)

    def print_job(
        self, name: str, media_type: str, document: bytes, limit_s: float, on_sent: Callable[[], None]
    ) -> Group:
        """Send a job and return it. After NotSent or Refused nothing is printed; after anything else nobody knows."""
        asked = [Attribute(NAME, "job-name", (name,)), Attribute(MIME, "document-format", (media_type,))]
        job = (JOB_GROUP, [Attribute(KEYWORD, "media", (A4,)), Attribute(INTEGER, "copies", (1,))])
        return self._ask(PRINT_JOB, asked, limit_s, (job,), document, on_sent).group(JOB_GROUP)

    def job(self, number: int, limit_s: float | None = None) -> Group:
        """Return how a job stands."""
        asked = [Attribute(INTEGER, "job-id", (number,)), Attribute(KEYWORD, "requested-attributes", JOB_ATTRIBUTES)]
        return self._ask(GET_JOB, asked, limit_s).group(JOB_GROUP)

    def job_named(self, name: str) -> int:
        """Return the number of the newest job of ours with this name, whether under way or ended; 0 if there is none."""
        found = 0
        for which in ("not-completed", "completed"):
            asked = [
                Attribute(KEYWORD, "requested-attributes", JOB_ATTRIBUTES),
                Attribute(KEYWORD, "which-jobs", (which,)),
            ]
            jobs = self._ask(GET_JOBS, asked).all_of(JOB_GROUP)
            found = max([found, *(job.number("job-id") for job in jobs if job.first("job-name") == name)])
        return found

    def give_up_ours(self) -> bool:
        """Have every job of ours that has not ended given up; say whether there was none left to give up."""
        asked = [
            Attribute(KEYWORD, "requested-attributes", JOB_ATTRIBUTES),
            Attribute(KEYWORD, "which-jobs", ("not-completed",)),
        ]
        jobs = self._ask(GET_JOBS, asked).all_of(JOB_GROUP)
        ours = [job.number("job-id") for job in jobs if job.first("job-originating-user-name") == USER]
        for number in ours:
            with suppress(Refused):  # it has just ended
                self.cancel(number)
        return not ours

    def cancel(self, number: int) -> None:
        """Have a job given up."""
        self._ask(CANCEL_JOB, [Attribute(INTEGER, "job-id", (number,))])

    def close(self) -> None:
        """Cut what is under way."""
        self._link.close()

    def _ask(
        self,
        operation: int,
        attributes: Iterable[Attribute],
        limit_s: float | None = None,
        more: tuple[tuple[int, list[Attribute]], ...] = (),
        document: bytes = b"",
        on_sent: Callable[[], None] = nothing,
    ) -> Message:
        self._request_id += 1
        first = [
            Attribute(CHARSET, "attributes-charset", ("utf-8",)),
            Attribute(LANGUAGE, "attributes-natural-language", ("en",)),
            Attribute(URI, "printer-uri", (self._url,)),
        ]
        ordered = sorted(
            attributes, key=lambda each: each.name != "job-id"
        )  # right after its printer (RFC 8011, 4.1.5)
        user = Attribute(NAME, "requesting-user-name", (USER,))
        named = [*ordered[:1], user, *ordered[1:]] if ordered and ordered[0].name == "job-id" else [user, *ordered]
        groups = ((OPERATION_GROUP, [*first, *named]), *more)
        body = encode(self._version, operation, self._request_id, groups, document)
        answer = decode(self._link.post(body, self._answer_timeout_s if limit_s is None else limit_s, on_sent))
        if answer.request_id != self._request_id:
            raise ProtocolError("an answer to another request")
        if answer.code >= FIRST_REFUSAL:
            raise Refused(answer.code)
        return answer
