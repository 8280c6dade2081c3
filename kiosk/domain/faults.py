"""Faults: one root, the evidence inside. Drivers raise them; crew.py turns them into DeviceFailed and nobody else does.

KioskError
├── DeviceFault            a device does not do its work
│   ├── DeviceAbsent       nothing at the other end of the wire (unplugged, no such port)
│   ├── DeviceSilent       it is there and does not answer in time
│   └── ProtocolError      it answered something the protocol does not allow
├── CentralUnreachable     no answer from the central system in time; nothing is known of the request's fate
├── CentralRefused         the central system answered with a problem (RFC 9457)
├── JournalFault           the journal cannot be written or does not verify
│   └── VersionFault     a journey was begun by another version of the program
└── ConfigError            the configuration has mistakes; ``mistakes`` lists all of them
"""

from __future__ import annotations

EVIDENCE_LENGTH_MAX = 1000
"""Characters. Evidence is kept for years, and a card, a scanner or a line may send anything of any length."""


def cut(evidence: str) -> str:
    """Return evidence, of a long one its beginning and how long it was."""
    if len(evidence) <= EVIDENCE_LENGTH_MAX:
        return evidence
    end = f"… ({len(evidence)} characters)"
    return evidence[: EVIDENCE_LENGTH_MAX - len(end)] + end


class KioskError(Exception):
    """The root of every fault in this program."""


class DeviceFault(KioskError):
    """A device does not do its work. ``reason`` is a word of the message catalogue; the message is the evidence, cut."""

    reason = "failed"

    def __init__(self, evidence: str, reason: str | None = None) -> None:
        super().__init__(cut(evidence))
        if reason is not None:
            self.reason = reason


class DeviceAbsent(DeviceFault):
    """Nothing at the other end of the wire."""

    reason = "absent"


class DeviceSilent(DeviceFault):
    """It is there and does not answer in time."""

    reason = "silent"


class ProtocolError(DeviceFault):
    """It answered something the protocol does not allow."""

    reason = "garbled"


class CentralUnreachable(KioskError):
    """No answer from the central system in time; nothing is known of the request's fate."""


class CentralRefused(KioskError):
    """The central system answered with a problem. ``type`` is the last part of its RFC 9457 type URI."""

    def __init__(self, problem_type: str, title: str, status: int) -> None:
        super().__init__(f"{status} {problem_type}: {title}")
        self.type = problem_type
        self.status = status


class JournalFault(KioskError):
    """The journal cannot be written or does not verify."""


class VersionFault(JournalFault):
    """A journey was begun by another version of the program: that one must end it (law 8)."""


class ConfigError(KioskError):
    """The configuration has mistakes."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes
