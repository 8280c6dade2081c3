"""What is wrong with a configuration beyond its types. Each mistake begins with its key and says what was expected."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from kiosk.config.tables import DRIVEN, LANGUAGES, OPTIONAL, CentralTable, Config
from kiosk.domain.screen_profile import ScreenProfile
from kiosk.domain.service import Field, Service

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
ROTATIONS = (0, 90, 180, 270)
TIMEOUT_MIN_S, CONNECT_MAX_S, ANSWER_MAX_S = 0.1, 30.0, 15.0
"""An answer must come within the time that the runtime gives an order, or the order is overdue before its answer."""
CODE_LETTERS = 32
PIN_HASH = r"scrypt\$[0-9a-f]{32}\$[0-9a-f]{64}"
HASH_PIN = 'expected the output of "kiosk hash-pin"'


def contradictions(config: Config) -> list[str]:
    """Return what cannot be meant: values out of range, and what does not go together."""
    return [
        *_drivers(config),
        *_kiosk(config),
        *_central(config.central),
        *_screen(config.screen),
        *_way_in(config),
        *_proof(config),
        *(_bench_in_production(config) if config.kiosk.production else ()),
    ]


def _drivers(config: Config) -> Iterator[str]:
    for name in DRIVEN:
        if not config.drivers.get(name):
            yield f"drivers.{name}: expected the name of a driver"
    for name in config.drivers:
        if name not in (*DRIVEN, *OPTIONAL):
            yield f"drivers.{name}: is no device; expected one of {', '.join((*DRIVEN, *OPTIONAL))}"


def _kiosk(config: Config) -> Iterator[str]:
    kiosk = config.kiosk
    if not re.fullmatch(r"[A-Z0-9]{2,12}(-[A-Z0-9]{1,6})?", kiosk.id):
        yield f'kiosk.id = "{kiosk.id}": expected capitals and digits, e.g. "AGALI-1"'
    if kiosk.surplus_most_minor < 0:
        yield f"kiosk.surplus_most_minor = {kiosk.surplus_most_minor}: expected 0 or more"
    if kiosk.log_level not in LOG_LEVELS:
        yield f'kiosk.log_level = "{kiosk.log_level}": expected one of {", ".join(LOG_LEVELS)}'
    if not knows_timezone(kiosk.timezone):
        expected = 'expected the name of a time zone, e.g. "Asia/Baku"'
        if not knows_timezone("UTC"):
            expected = "this machine knows no time zones: the Debian package tzdata is missing (apt install tzdata)"
        yield f'kiosk.timezone = "{kiosk.timezone}": {expected}'


def knows_timezone(name: str) -> bool:
    """Say whether this machine knows a time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no name at all, or the name of a folder of zones
        return False
    return True


def _central(central: CentralTable) -> Iterator[str]:
    if not safe_url(central.url):
        yield f'central.url = "{central.url}": expected https://HOST, or http:// to this machine alone (127.0.0.1)'
    if not central.token_file:
        yield "central.token_file: expected the path of the file that holds the kiosk's token"
    limits = {
        "connect_timeout_s": (central.connect_timeout_s, CONNECT_MAX_S),
        "answer_timeout_s": (central.answer_timeout_s, ANSWER_MAX_S),
    }
    for name, (value, most) in limits.items():
        if not TIMEOUT_MIN_S <= value <= most:  # nan is TOML too, and is in no range
            yield f"central.{name} = {value}: expected {TIMEOUT_MIN_S:g} to {most:g} seconds"


def safe_url(url: str) -> bool:
    """Say whether an address keeps personal data from travelling in clear: https, or http that stays on this machine."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or port == 0 or not url.isprintable() or " " in url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)


def _screen(screen: ScreenProfile) -> Iterator[str]:
    for name in ("width_px", "height_px", "width_mm"):
        value = getattr(screen, name)
        if not (value > 0 and math.isfinite(value)):
            yield f"screen.{name} = {value}: expected more than 0"
    if not (screen.height_mm >= 0 and math.isfinite(screen.height_mm)):
        yield f"screen.height_mm = {screen.height_mm}: expected more than 0, or 0 for square pixels"
    if screen.rotation not in ROTATIONS:
        yield f"screen.rotation = {screen.rotation}: expected one of {', '.join(map(str, ROTATIONS))}"


def _way_in(config: Config) -> Iterator[str]:
    pin_hash, way_in = config.servicing.pin_hash, config.servicing.technician
    if not pin_hash and config.kiosk.production and way_in != "card":
        yield f"servicing.pin_hash: {HASH_PIN}"
    if way_in != "pin" and not config.card.get("technicians"):
        yield f'card.technicians: expected the operator\'s CA certificates, for servicing.technician = "{way_in}"'
    if pin_hash and not re.fullmatch(PIN_HASH, pin_hash):
        yield f"servicing.pin_hash: {HASH_PIN}: scrypt$, 32 hexadecimal digits in small letters, $, 64 more"


def _proof(config: Config) -> Iterator[str]:
    for service in config.found_services:
        if service.level != "none" and not config.card.get("trust"):
            yield f'card.trust: expected the folder that "kiosk cards import" fills, for {service.id}: needs = {service.needs}'


def _bench_in_production(config: Config) -> Iterator[str]:
    if config.bench is not None:
        yield "bench: is not allowed in production; expected kiosk.production = false, or no [bench] table"
    for name in (*DRIVEN, *OPTIONAL):
        for key, value in config.table(name).items():
            if isinstance(value, str) and "bench" in value:
                yield f"{name}.{key} = {value!r}: leads to the bench, which production does not allow"


def service_mistakes(service: Service, stem: str) -> list[str]:
    """Return what is wrong with a service beyond its types. ``stem``: its file's name without ``.toml``."""
    wrong = [] if service.id == stem else [f'id = "{service.id}": expected "{stem}", the file\'s name']
    texts = {"title": service.title, "summary": service.summary}
    for each in service.fields:
        texts |= {f"fields.{each.id}.label": each.label, f"fields.{each.id}.hint": each.hint}
        wrong += _field(each)
    for name, count in Counter(each.id for each in service.fields).items():
        if count > 1:
            wrong.append(f'fields: {count} of them have id = "{name}"; expected each id once')
    for name, text in texts.items():
        wrong += missing_texts(name, text)
    if service.amount == "quoted" and service.delivery == "now":
        wrong.append('delivery = "now": expected "later", since money is taken before the centre is told')
    if service.paper == "slip" and service.delivery == "later":
        wrong.append('paper = "slip": expected delivery = "now", since the slip is made of the centre\'s answer')
    if service.document and service.paper != "slip":
        wrong.append(f'document = "{service.document}": expected paper = "slip", which comes where the document cannot')
    if (service.amount == "asked") != (service.paper == "statement"):
        wrong.append('paper: expected "statement" where amount = "asked", and only there')
    if service.amount == "asked" and service.needs == "nothing" and [each.id for each in service.fields] != ["code"]:
        wrong.append('fields: expected one with id = "code", to find what is asked about (or needs = "card")')
    if service.about != "holder" and (service.amount != "free" or not service.needs_card):
        wrong.append(f'about = "{service.about}": expected amount = "free" and a service that needs a card')
    wrong += _fiscal(service)
    if service.amount == "quoted" and not service.fields:
        wrong.append("fields: expected at least one, to find what is due")
    return wrong


def _fiscal(service: Service) -> Iterator[str]:
    if service.fiscal == "none" and service.vat_percent is not None:
        yield f'vat_percent = {service.vat_percent}: expected fiscal = "fee" or "total" beside it'
    if service.fiscal != "none" and service.amount != "quoted":
        yield f'fiscal = "{service.fiscal}": expected "none", since nothing is paid for it (amount = "{service.amount}")'
    if service.fiscal != "none" and len(service.id) > CODE_LETTERS:
        yield f"id: expected at most {CODE_LETTERS} characters, as a register takes for the code of what is sold"


def missing_texts(name: str, texts: dict[str, str]) -> list[str]:
    """Return a mistake for each language that a text lacks."""
    return [f"{name}.{code}: expected a text" for code in LANGUAGES if not texts.get(code)]


def _field(field: Field) -> Iterator[str]:
    """Compile the pattern whether or not there is an example: what raises in the pure step raises at every replay."""
    if field.max_length < 1:
        yield f"fields.{field.id}.max_length = {field.max_length}: expected at least 1"
    try:
        pattern = re.compile(field.pattern)
    except (re.error, OverflowError, RecursionError) as error:
        yield f'fields.{field.id}.pattern = "{field.pattern}": is no regular expression: {error}'
        return
    if field.example and not pattern.fullmatch(field.example):
        yield f'fields.{field.id}.example = "{field.example}": does not match pattern {field.pattern}'
