"""Who services a kiosk: what a technician's card proves, and why one is refused."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Role = Literal["technician", "cash-collector"]
"""What a card's holder may do: ``technician`` tests and prints, ``cash-collector`` takes the cash box out."""

Remark = Literal["", "no_list", "list_overdue"]
"""What the technician should know of the revocation list: nothing, that there is none yet, that a newer one is overdue."""

Reason = Literal[
    "wrong_pin",
    "last_try",
    "blocked",
    "no_card",
    "not_a_technician_card",
    "untrusted",
    "no_role",
    "expired",
    "revoked",
    "removed",
    "unreadable",
]
UNKNOWN = -1

WayIn = Literal["pin", "card", "card_or_pin"]
"""How whoever opened the door proves to be of the staff: by the kiosk's PIN, by a card of their own, or by either."""


class Technician(Struct, frozen=True):
    """A staff member whose card has proven itself: the name and the serial number (hexadecimal) of its certificate."""

    name: str
    serial: str
    roles: tuple[Role, ...]
    remark: Remark = ""


class TechnicianRefusal(Struct, frozen=True):
    """The card did not let its holder in. ``tries_left``: for the PIN, as the card says; UNKNOWN where it was not asked.

    ``serial``: of its certificate, where its PIN was counted.

    wrong_pin              the card refused the PIN; a PIN of the wrong length is not even sent
    last_try               one try is left: nothing was sent, and nothing is until the caller names this very card
    blocked                no try is left; the operator must reset the card
    no_card                no card lies in any reader
    not_a_technician_card  it has no PIV application, or no certificate in it
    untrusted              not issued by the operator, not for authentication, or a copy without its key
    no_role                issued by the operator to somebody who has no business here
    expired                its validity is over, or has not begun by this kiosk's clock
    revoked                the operator's revocation list names it
    removed                it left the reader
    unreadable             its answers are damaged
    """

    reason: Reason
    tries_left: int = UNKNOWN
    evidence: str = ""
    serial: str = ""
