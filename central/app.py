"""The application: endpoints, edge, errors and the OpenAPI description put together."""

from __future__ import annotations

from typing import Any

from litestar import Litestar, Response, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.status_codes import HTTP_200_OK
from litestar.types import ASGIApp

from central.applications.documents import get_document
from central.applications.lookups import get_receipt, get_verify
from central.applications.quotes import post_quote
from central.applications.submissions import post_submission
from central.auth import calling_kiosk
from central.catalogue.endpoints import VERSION, get_catalogue, get_health
from central.correlation import Correlated
from central.edge import BODY_BYTES_AT_MOST, CheckedRequest
from central.kiosks.heartbeats import post_kiosk_health
from central.payments.claims import post_claim
from central.payments.copies import post_copy
from central.payments.matters import post_matters
from central.payments.registrations import post_registration
from central.problems import HANDLERS, Refusal
from central.signing.endpoints import get_signing_keys
from central.signing.keys import keyring_of
from central.store import Store
from central.technicians.revocations import get_revocations


def make_litestar(store: Store, public_url: str) -> Litestar:
    """Return the framework's application; ``public_url`` is where citizens' phones find it (for QR codes)."""
    return Litestar(
        route_handlers=[
            get_catalogue,
            get_health,
            get_revocations,
            post_quote,
            post_submission,
            post_claim,
            post_matters,
            post_copy,
            post_registration,
            post_kiosk_health,
            get_receipt,
            get_verify,
            get_signing_keys,
            get_document,
        ],
        dependencies={"kiosk_id": Provide(calling_kiosk)},
        request_class=CheckedRequest,
        request_max_body_size=BODY_BYTES_AT_MOST,
        exception_handlers=HANDLERS,
        state=State({"store": store, "public_url": public_url.rstrip("/"), "keyring": keyring_of(store)}),
        openapi_config=OpenAPIConfig(
            title="Central system for self-service kiosks",
            version=VERSION,
            openapi_router=Router("/", route_handlers=[], include_in_schema=False, after_request=only_descriptions),
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
            components=Components(security_schemes={"kiosk": SecurityScheme(type="http", scheme="bearer")}),
        ),
        logging_config=None,
    )


def only_descriptions(response: Response[Any]) -> Response[Any]:
    """Turn the framework's own page for an unknown address into a problem like every other."""
    if response.status_code != HTTP_200_OK:
        raise Refusal("not-found")
    return response


def make_app(store: Store, public_url: str) -> ASGIApp:
    """Return the whole application, ready to be served, and make the first key where there is none. StoreError."""
    keyring_of(store).prepare()
    return Correlated(make_litestar(store, public_url))
