"""The operator's staff in the demonstration: the bench's technician, and a colleague who may only take the cash box."""

from __future__ import annotations

import msgspec

from hardware.card.sim_persons import TECHNICIAN

COLLECTOR = msgspec.structs.replace(
    TECHNICIAN, name="collector", common_name="Rəna Əliyeva", staff_number="T-0012", role="cash-collector"
)
COLLECTOR_FILE = "collector.json"
"""In the bench's folder, beside its control socket."""
