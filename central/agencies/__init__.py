"""The agencies behind the centre, synthetic: one module each, each with one service.

A new service is a module with the methods of ``Agency`` and a line in ``AGENCIES``.
"""

from __future__ import annotations

from central.agencies.agency import Agency, Bill, Done
from central.agencies.electricity import Electricity
from central.agencies.fines import Fines
from central.agencies.residents import Residents

AGENCIES: dict[str, Agency] = {
    agency.service: agency
    for agency in (
        Electricity(),
        Fines(),
        Residents("residence-certificate"),
        Residents("child-certificate", "child"),
        Residents("entrusted-certificate", "another"),
    )
}

__all__ = ["AGENCIES", "Agency", "Bill", "Done"]
