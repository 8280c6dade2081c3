"""The demonstration kiosk's own configuration: the fleet's, with every wire leading to the bench."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CONFIG = Path(__file__).resolve().parents[2] / "config"
KIOSK_ID = "DEMO-1"
OPERATOR_CA, OPERATOR_LIST = "operator.der", "operator.crl"
"""What the bench publishes of the operator whose technicians' cards it has (``hardware.card.sim_trust``)."""
DEMO_PIN = "246810"
DEMO_PIN_HASH = (
    "scrypt$c03bef2f389c3621813c782c4cd68c5b$13973b0b2745a1c24e90bc3208488efb382bea31c6261c021c06aa5988787607"
)
"""What ``kiosk hash-pin`` says of the demonstration's PIN. The technicians' cards have the same."""

FISCAL_WORD_FILE, FISCAL_WORD = "fiscal-password", "123"
"""Of the simulated register's user, as on test units."""

Table = Mapping[str, Any]


def kiosk_settings(folder: Path, bench: Table, *, size: tuple[int, int] | None) -> dict[str, Table]:
    """Return the tables of kiosk.toml. ``bench`` is what kiosk-bench said; ``size``: of the window, None draws without one."""
    screen: dict[str, Any] = {"fullscreen": False}
    optional: dict[str, Table] = fiscal_settings(folder, bench)
    if (
        size is not None
    ):  # a visitor can put notes in and hold a card to the scanner; what is played without a display is paid by card
        optional = {
            "drivers": {"cash": "ccnet", "scanner": "serial"},
            "cash": {"port": str(bench["validator"])},
            "scanner": {"port": str(bench["scanner"])},
        }
        screen |= {"width_px": size[0], "height_px": size[1]}
    return {
        "kiosk": {"id": KIOSK_ID, "data": str(folder / "data"), "production": False},
        "central": {"url": f"http://127.0.0.1:{bench['network_port']}", "token_file": str(folder / "token")},
        "screen": screen,
        "card": {
            "trust": str(folder / "trust"),
            "technicians": str(Path(bench["trust"]) / OPERATOR_CA),
            "revocations": str(folder / "revocations"),
        },
        "terminal": {"port": str(bench["terminal"])},
        "printer": {"port": str(bench["printer"])},
        "panel": {"pins": f"bench:{bench['panel']}"},
        "servicing": {"pin_hash": DEMO_PIN_HASH, "technician": "card_or_pin"},
        "bench": {"finger": str(folder / "finger"), "papers": str(folder / "papers")},
        **optional,
    }


def fiscal_settings(folder: Path, bench: Table) -> dict[str, Table]:
    """Return the tables of a fiscal register, where the bench has one. What is played without a display has it on demand."""
    if "fiscal" not in bench:
        return {}
    register = {"port": str(bench["fiscal"]), "password_file": str(folder / FISCAL_WORD_FILE)}
    return {"drivers": {"fiscal": "ekassa"}, "fiscal": register}


def to_toml(base: Path, tables: Mapping[str, Table]) -> str:
    """Return tables of strings, numbers and booleans as TOML. JSON's notation of these is also TOML's."""
    lines = [f"base = {json.dumps(str(base))}"]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"
