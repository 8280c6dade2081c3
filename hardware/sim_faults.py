"""What can be wrong with the line of a simulated device that serves HTTP, and what its power cuts strike: told by the bench.

The bench's thread writes, the device's threads read and count down. Every fault is off until asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import Literal

from msgspec import Struct

How = Literal["lost", "hangs", "half", "double", "garbage", "noise", "http_error"]


class Spoilt(Struct, frozen=True):
    """What becomes of one answer.

    how      lost: the connection is cut; hangs: nothing comes, the connection stands; half: cut after ``number`` bytes;
             double: the same HTTP response twice; garbage: HTTP 200 with ``raw`` as its body; noise: ``raw`` in place of HTTP;
             http_error: status ``number`` and no message; a device may know other ways of its own
    message  only an answer to this kind of message; None: whatever is answered next
    early    an HTTP error before the device's application has heard of the request
    """

    how: str
    message: str | None = None
    number: int = 0
    raw: bytes = b""
    early: bool = False


@dataclass
class LineFaults:
    """What is wrong now, with any such device.

    silent            requests are taken and never answered, nor worked on
    late_s            each answer leaves that much later than it should
    cut_at, stay_off  the power is cut at this instant, one of the device's own; it does not come back by itself
    spoilt            what becomes of the next answers
    """

    silent: bool = False
    late_s: float = 0.0
    cut_at: str | None = None
    stay_off: bool = False
    spoilt: list[Spoilt] = field(default_factory=list)

    def spoil(self, spoilt: Spoilt, times: int) -> None:
        """Let this become of so many answers, whatever was told before of answers spoilt in the same way."""
        self.spoilt = [each for each in self.spoilt if each.how != spoilt.how] + [spoilt] * times


@dataclass
class LineControls:
    """The faults, and how many requests were lost in silence (``unheard``)."""

    faults: LineFaults = field(default_factory=LineFaults)
    unheard: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def take_spoilt(self, message: str | None, *, early: bool) -> Spoilt | None:
        """Take what is to become of the answer to this kind of message, if anything is."""
        with self._lock:
            for spoilt in self.faults.spoilt:
                if spoilt.early == early and spoilt.message in {None, message}:
                    self.faults.spoilt.remove(spoilt)
                    return spoilt
        return None

    def lose_request(self) -> None:
        """Count a request that nobody heard."""
        with self._lock:
            self.unheard += 1

    def take_cut(self, instant: str) -> bool:
        """Say whether the power is cut now."""
        with self._lock:
            if self.faults.cut_at != instant:
                return False
            self.faults.cut_at = None
            return True
