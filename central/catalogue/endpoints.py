"""GET /v1/catalogue and GET /v1/health."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from litestar import Response, get
from litestar.datastructures import State
from litestar.params import HeaderParameter

from central.auth import known_kiosk
from central.catalogue import catalogue, matches
from central.describe import KIOSK_ONLY, problems
from central.store import Store
from kiosk.uplink.messages import Catalogue, HealthAnswer

VERSION = "0.1.0"


@get(
    "/v1/catalogue",
    guards=[known_kiosk],
    security=KIOSK_ONLY,
    operation_id="catalogue",
    responses=problems("malformed", "unauthorised"),
    sync_to_thread=False,
)
def get_catalogue(
    if_none_match: Annotated[str, HeaderParameter(name="If-None-Match", required=False)] = "",
) -> Response[Catalogue | None]:
    """Say what is carried out today; nothing at all (304) to who knows it already."""
    answer = catalogue()
    headers = {"ETag": f'"{answer.version}"', "Cache-Control": "private, no-cache"}
    if matches(if_none_match, answer.version):
        return Response(None, status_code=304, headers=headers)
    return Response(answer, headers=headers)


@get("/v1/health", operation_id="health", responses=problems(), sync_to_thread=True)
def get_health(state: State) -> HealthAnswer:
    """Say that the centre and its database answer."""
    store: Store = state.store
    with store.read() as connection:
        connection.execute(sa.select(1))
    return HealthAnswer(version=VERSION)
