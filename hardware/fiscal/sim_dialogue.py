"""From the bytes of a request to the bytes of its answer: `check_type` by `check_type`.

Source: README.md, "The way in".
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from hardware.fiscal.sim_register import Answer, Register
from hardware.fiscal.sim_words import DOCUMENTS, OPERATIONS, SUCCESS, Refused
from hardware.sim_http import Reply

USER, PASSWORD = "SuperApi", "123"
TOKEN_BYTES: Final = 16
Json = dict[str, Any]


class Session:
    """Who is logged in at one register during one stretch of power."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.access_token: str | None = None

    def answer(self, raw: bytes) -> Reply:
        """Work on one request. Raises PowerCut."""
        operation = ""
        try:
            request, operation = _read(raw)
            early = self.register.controls.take_spoilt(operation, early=True)
            if early:
                return Reply(early.number)
            said = self._obey(request, operation)
        except Refused as why:
            said = {"code": why.code, "message": str(why)}
        spoilt = self.register.controls.take_spoilt(operation, early=False)
        if spoilt and spoilt.how == "http_error":
            return Reply(spoilt.number)
        return Reply(200, json.dumps(said, ensure_ascii=False).encode(), spoilt)

    def _obey(self, request: Json, operation: str) -> Json:
        if operation == "login":
            return self._login(request)
        if self.access_token is None or request.get("access_token") != self.access_token:
            raise Refused(401)
        controls = self.register.controls
        turn = self.register.take_turn()
        try:
            self.register.meet_tax_service()
            if controls.take_internal_error(done=False):
                raise Refused(65500)
            said = self._do(request, operation)
            if controls.take_internal_error(done=True):
                raise Refused(65500)
        finally:
            turn.release()
        return {"code": 0, "message": SUCCESS, **said}

    def _login(self, request: Json) -> Json:
        if (request.get("name"), request.get("password")) != (USER, PASSWORD):
            raise Refused(99)
        self.access_token = base64.b64encode(secrets.token_bytes(TOKEN_BYTES)).decode()
        return {"access_token": self.access_token, "code": 1, "message": "login success"}

    def _do(self, request: Json, operation: str) -> Answer:
        register = self.register
        if operation in DOCUMENTS:
            return register.create(operation, request.get("tokenData"), _text(request, "int_ref"))
        if operation in {"deposit", "withdraw"}:
            return register.move_cash(operation, request.get("tokenData"))
        if operation in {"rollback", "copy"}:
            action = register.rollback if operation == "rollback" else register.copy
            return action(_text(request, "fiscalId") or "")
        if operation == "history":
            return register.history(request.get("date_start"), request.get("date_end"))
        plain: dict[str, Callable[[], Answer]] = {
            "info": register.info,
            "shift_status": register.shift_status,
            "open_shift": register.open_shift,
            "close_shift": register.close_shift,
            "x_report": register.x_report,
            "reprint": register.reprint,
        }
        return plain[operation]()


def _read(raw: bytes) -> tuple[Json, str]:
    """Give requestData and the name of the operation."""
    try:
        message = json.loads(raw, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise Refused(1302) from None
    request = message.get("requestData") if isinstance(message, dict) else None
    check = request.get("checkData") if isinstance(request, dict) else None
    if not isinstance(request, dict) or not isinstance(check, dict):
        raise Refused(1301)
    number = check.get("check_type")
    if not isinstance(number, int) or number not in OPERATIONS:
        raise Refused(1300)
    return request, OPERATIONS[number]


def _text(request: Json, name: str) -> str | None:
    value = request.get(name)
    if value is not None and not isinstance(value, str):
        raise Refused(1301)
    return value
