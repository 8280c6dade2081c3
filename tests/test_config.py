"""Configuration: every mistake is told at once, with file, key and what was expected."""

import zoneinfo
from pathlib import Path

import pytest

from kiosk.config import load
from kiosk.domain.faults import ConfigError

CONFIG = Path(__file__).parents[1] / "config"
GOOD = f"""
[kiosk]
id = "AGALI-1"
data = "data"
production = false
services = "{CONFIG}/services"
languages = "{CONFIG}/languages"
receipts = "{CONFIG}/receipts"
[central]
url = "http://127.0.0.1:1"
token_file = "token"
[drivers]
card = "pcsc"
terminal = "zvt"
printer = "escpos"
panel = "gpio"
"""


def written(tmp_path, text, name="kiosk.toml"):
    path = tmp_path / name
    path.write_text(text)
    return path


def mistakes(path):
    with pytest.raises(ConfigError) as caught:
        load(path)
    return "\n".join(caught.value.mistakes)


SHIPPED = [
    "electricity", "traffic-fine", "residence-certificate", "child-certificate", "my-payments", "payment-status",
    "entrusted-certificate",
]  # fmt: skip


def test_the_services_are_found_in_order(tmp_path):
    """A good configuration loads, with the services of its folder in the order they are shown."""
    config = load(written(tmp_path, GOOD))
    assert [service.id for service in config.found_services] == SHIPPED


@pytest.mark.check
def test_the_shipped_configuration_needs_only_what_is_a_terminals_own(tmp_path):
    """config/kiosk.toml lacks nothing but what each terminal adds: it says so, and nothing else is wrong with it."""
    assert mistakes(CONFIG / "kiosk.toml").splitlines() == [
        f'{CONFIG / "kiosk.toml"}: servicing.pin_hash: expected the output of "kiosk hash-pin"'
    ]


def test_a_torn_file_is_a_mistake_with_its_place(tmp_path):
    """Half a file, as after a power cut, is told with its path and never half-used."""
    told = mistakes(written(tmp_path, GOOD[: GOOD.index('"zvt"') + 3])).splitlines()
    assert len(told) == 1
    assert "kiosk.toml: is not whole TOML" in told[0]


def test_a_missing_file_is_told(tmp_path):
    """No file is no traceback."""
    assert "there is no such file" in mistakes(tmp_path / "nothing.toml")


def test_an_unknown_key_is_refused(tmp_path):
    """A misspelt key stops the kiosk; it is never silently ignored."""
    assert "`dta`" in mistakes(written(tmp_path, GOOD.replace("data =", "dta =")))


def test_a_wrong_type_names_key_and_expectation(tmp_path):
    """A wrong type is told with its key and what was expected."""
    text = mistakes(written(tmp_path, GOOD.replace("production = false", 'production = "no"')))
    assert "Expected `bool`" in text
    assert "$.kiosk.production" in text


def test_all_contradictions_are_told_at_once(tmp_path):
    """Several mistakes come in one answer, so that one visit mends them all."""
    text = mistakes(written(tmp_path, GOOD.replace('"AGALI-1"', '"agali 1"').replace('panel = "gpio"', 'lamp = "x"')))
    assert "kiosk.id" in text
    assert "drivers.panel: expected the name of a driver" in text
    assert "drivers.lamp: is no device" in text


def test_the_bench_is_refused_in_production(tmp_path):
    """A production kiosk starts neither with the finger socket nor with a simulated port, nor without TLS or a PIN."""
    text = GOOD.replace("production = false", "production = true").replace("127.0.0.1:1", "central.example")
    text += '[bench]\nfinger = "finger"\n[panel]\npins = "bench:/tmp/panel.sock"\n'
    found = mistakes(written(tmp_path, text))
    for expected in ("bench: is not allowed", "panel.pins", "pin_hash", "https://"):
        assert expected in found


def test_a_terminals_own_file_lies_over_its_base(tmp_path):
    """A terminal's file changes single keys; the base's folders are found beside the base."""
    folder = tmp_path / "share"
    folder.mkdir()
    for name in ("services", "languages", "receipts"):
        (folder / name).symlink_to(CONFIG / name)
    base = GOOD.replace(f"{CONFIG}/", "").replace("AGALI-1", "KIOSK")
    written(folder, base)
    own = written(tmp_path, 'base = "share/kiosk.toml"\n[kiosk]\nid = "AGALI-7"\n', "terminal.toml")
    config = load(own)
    assert config.kiosk.id == "AGALI-7"
    assert [service.id for service in config.found_services] == SHIPPED
    assert config.path(config.kiosk.languages) == folder / "languages"


@pytest.mark.parametrize(("change", "told"), [
    (('id = "electricity"', 'id = "power"'), 'id = "power": expected "electricity"'),
    (('ru = "Номер абонента"', 'ru = ""'), "fields.customer_number.label.ru: expected a text"),
    (('pattern = "[0-9]{9}"', 'pattern = "[0-9{9}"'), "is no regular expression"),
    (
        ('pattern = "[0-9]{9}"\nmax_length = 9\ngroup = 3\nexample = "123456789"', 'pattern = "[0-9{9}"\nmax_length = 9'),
        'fields.customer_number.pattern = "[0-9{9}": is no regular expression',
    ),
    (('pattern = "[0-9]{9}"', 'pattern = "[0-9]{99999999999999}"'), "is no regular expression"),
    (("max_length = 9", "max_length = 0"), "fields.customer_number.max_length = 0: expected at least 1"),
    (('kind = "digits"', 'kind = "letters"'), "fields: Invalid enum value 'letters' - at `$.fields[0].kind`"),
    (('example = "123456789"', 'example = "12"'), "does not match pattern"),
    (('delivery = "later"', 'delivery = "now"'), "money is taken before the centre is told"),
    (('fiscal = "fee"', 'fiscal = "none"'), 'vat_percent = 18: expected fiscal = "fee" or "total" beside it'),
    (('fiscal = "fee"', 'fiscal = "half"'), "Invalid enum value 'half'"),
    (("vat_percent = 18", "vat_percent = 20"), "Invalid enum value 20"),
    (('amount = "quoted"', 'amount = "free"'), 'fiscal = "fee": expected "none", since nothing is paid for it'),
    (('id = "electricity"', f'id = "{"e" * 33}"'), "id: expected at most 32 characters"),
    (('needs = "card"', 'needs = "passport"'), "Invalid enum value 'passport'"),
])  # fmt: skip
def test_a_service_with_a_mistake_is_told(tmp_path, change, told):
    """Each mistake in a service's file is told with its field."""
    services = tmp_path / "services"
    services.mkdir()
    text = (CONFIG / "services" / "electricity.toml").read_text()
    assert change[0] in text
    written(services, text.replace(*change), "electricity.toml")
    assert told in mistakes(written(tmp_path, GOOD.replace(f"{CONFIG}/services", "services")))


def test_a_field_that_is_asked_twice_is_told(tmp_path):
    """Two fields with one id would overwrite each other's answer: the service is refused."""
    services = tmp_path / "services"
    services.mkdir()
    text = (CONFIG / "services" / "electricity.toml").read_text()
    written(services, text + text[text.index("[[fields]]") :], "electricity.toml")
    told = mistakes(written(tmp_path, GOOD.replace(f"{CONFIG}/services", "services")))
    assert 'electricity.toml: fields: 2 of them have id = "customer_number"; expected each id once' in told


PIN_HASH = f"scrypt${'0a' * 16}${'1b' * 32}"


@pytest.mark.parametrize(("table", "line", "told"), [
    ("servicing", 'pin_hash = "246810"', 'servicing.pin_hash: expected the output of "kiosk hash-pin"'),
    ("servicing", f'pin_hash = "{PIN_HASH[:-1]}"', "servicing.pin_hash: expected"),
    ("servicing", f'pin_hash = "{PIN_HASH.replace("b", "B")}"', "servicing.pin_hash: expected"),
    ("servicing", f'pin_hash = "{PIN_HASH.replace("0a", "xy")}"', "servicing.pin_hash: expected"),
    ("kiosk", 'log_level = "TRACE"', 'kiosk.log_level = "TRACE": expected one of DEBUG, INFO, WARNING, ERROR'),
    ("kiosk", 'log_level = "info"', 'kiosk.log_level = "info": expected one of'),
    ("kiosk", 'timezone = "Asia/Agali"', 'kiosk.timezone = "Asia/Agali": expected the name of a time zone'),
    ("kiosk", 'timezone = "Asia"', 'kiosk.timezone = "Asia": expected the name of a time zone'),
    ("kiosk", 'timezone = "../../etc/passwd"', "expected the name of a time zone"),
    ("kiosk", 'timezone = ""', 'kiosk.timezone = "": expected the name of a time zone'),
    ("central", "connect_timeout_s = 0", "central.connect_timeout_s = 0.0: expected 0.1 to 30 seconds"),
    ("central", "connect_timeout_s = 31", "central.connect_timeout_s = 31.0: expected 0.1 to 30 seconds"),
    ("central", "answer_timeout_s = 15.5", "central.answer_timeout_s = 15.5: expected 0.1 to 15 seconds"),
    ("central", "answer_timeout_s = nan", "central.answer_timeout_s = nan: expected 0.1 to 15 seconds"),
    ("central", "answer_timeout_s = -1", "central.answer_timeout_s = -1.0: expected 0.1 to 15 seconds"),
    ("screen", "width_px = 0", "screen.width_px = 0: expected more than 0"),
    ("screen", "height_px = -800", "screen.height_px = -800: expected more than 0"),
    ("screen", "width_mm = 0", "screen.width_mm = 0.0: expected more than 0"),
    ("screen", "width_mm = inf", "screen.width_mm = inf: expected more than 0"),
    ("screen", "height_mm = -1.0", "screen.height_mm = -1.0: expected more than 0, or 0 for square pixels"),
    ("screen", "rotation = 45", "screen.rotation = 45: expected one of 0, 90, 180, 270"),
])  # fmt: skip
def test_a_value_out_of_range_is_told(tmp_path, table, line, told):
    """A value that cannot be meant is told with file, key and what was expected, alone."""
    text = GOOD.replace(f"[{table}]", f"[{table}]\n{line}") if f"[{table}]" in GOOD else f"{GOOD}[{table}]\n{line}\n"
    path = written(tmp_path, text)
    found = mistakes(path).splitlines()
    assert len(found) == 1
    assert found[0].startswith(f"{path}: {table}.")
    assert told in found[0]


@pytest.mark.parametrize(("table", "line"), [
    ("servicing", f'pin_hash = "{PIN_HASH}"'), ("servicing", 'pin_hash = ""'), ("kiosk", 'log_level = "WARNING"'),
    ("kiosk", 'timezone = "UTC"'), ("central", "connect_timeout_s = 30"), ("central", "answer_timeout_s = 0.1"),
    ("screen", "rotation = 270"), ("screen", "height_mm = 0"), ("screen", "height_mm = 135.6"),
])  # fmt: skip
def test_a_value_at_its_limit_is_taken(tmp_path, table, line):
    """What is meant is not refused."""
    text = GOOD.replace(f"[{table}]", f"[{table}]\n{line}") if f"[{table}]" in GOOD else f"{GOOD}[{table}]\n{line}\n"
    assert load(written(tmp_path, text)).kiosk.id == "AGALI-1"


@pytest.mark.parametrize("url", [
    "http://central.example", "http://10.0.0.5:8080", "http://127.0.0.1.example/", "central.example", "ftp://127.0.0.1/",
    "https://", "https:///v1", "https://[::1", "https://central.example:port", "https://central example", "",
    "http://localhost@central.example/",
])  # fmt: skip
@pytest.mark.parametrize("production", ["true", "false"])
def test_personal_data_never_travels_in_clear(tmp_path, url, production):
    """An address that is neither https nor http to this very machine is refused in any mode."""
    text = GOOD.replace("http://127.0.0.1:1", url).replace("production = false", f"production = {production}")
    found = mistakes(written(tmp_path, f'{text}[servicing]\npin_hash = "{PIN_HASH}"\n'))
    assert found.endswith(f'central.url = "{url}": expected https://HOST, or http:// to this machine alone (127.0.0.1)')
    assert len(found.splitlines()) == 1


@pytest.mark.parametrize(
    "url", ["https://central.example", "https://10.0.0.5:8443/kiosks", "http://localhost:8080", "http://[::1]:1"]
)
def test_a_safe_address_is_taken(tmp_path, url):
    """https to anywhere and http to this machine are taken."""
    assert load(written(tmp_path, GOOD.replace("http://127.0.0.1:1", url))).central.url == url


def test_a_machine_without_time_zones_is_told_what_to_install(tmp_path):
    """Where no time zone at all is known, the mistake names the package that is missing."""
    zoneinfo.ZoneInfo.clear_cache()
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    try:
        found = mistakes(written(tmp_path, GOOD))
    finally:
        zoneinfo.reset_tzpath()
        zoneinfo.ZoneInfo.clear_cache()
    assert 'kiosk.timezone = "Asia/Baku"' in found
    assert "the Debian package tzdata is missing" in found


def test_every_mistake_of_every_table_is_told_at_once(tmp_path):
    """Wrong types, unknown keys and missing ones in several tables, and a wrong service, come in one answer."""
    services = tmp_path / "services"
    services.mkdir()
    written(
        services, (CONFIG / "services" / "electricity.toml").read_text().replace("order = 10", ""), "electricity.toml"
    )
    text = GOOD.replace(f"{CONFIG}/services", "services").replace('data = "data"', 'dta = "data"')
    text = text.replace('token_file = "token"', "token_file = 7").replace('card = "pcsc"', "card = 1")
    path = written(tmp_path, text + '[screen]\nwidth_px = "wide"\nrotation = 1.5\n[scren]\n')
    found = mistakes(path).splitlines()
    assert sorted(line.removeprefix(f"{path}: ").removeprefix(f"{services}/") for line in found) == [
        "central.token_file: Expected `str`, got `int` - at `$.central.token_file`",
        "drivers: Expected `str`, got `int` - at `$.drivers[...]`",
        "electricity.toml: order: Object missing required field `order`",
        "kiosk.data: Object missing required field `data`",
        "kiosk.dta: Object contains unknown field `dta`",
        "screen.rotation: Expected `int`, got `float` - at `$.screen.rotation`",
        "screen.width_px: Expected `int`, got `str` - at `$.screen.width_px`",
        "scren: Object contains unknown field `scren`",
    ]


@pytest.mark.parametrize("key", ['folder = "/tmp"', "found_services = []"])
def test_what_is_found_cannot_be_configured(tmp_path, key):
    """The keys that loading fills in itself are refused in a file."""
    assert "is found, not configured" in mistakes(written(tmp_path, key + GOOD))


@pytest.mark.parametrize(("base", "told"), [
    ('kiosk = "AGALI-1"\n', "base.toml: kiosk: expected a table ([kiosk])"),
    ("kiosk = 7\n", "base.toml: kiosk: expected a table ([kiosk])"),
    ("[kiosk]\nservices = 7\n", "base.toml: kiosk.services: Expected `str`, got `int`"),
    ("[screen]\nrotation = 1\n", "base.toml: screen.rotation = 1: expected one of"),
    ("[screen]\nrotation = true\n", "base.toml: screen.rotation: Expected `int`, got `bool`"),
    ('base = "kiosk.toml"\n', "base.toml: base: Object contains unknown field `base`"),
    ("[kiosk\n", "base.toml: is not whole TOML"),
])  # fmt: skip
def test_a_mistake_in_the_base_is_told_with_the_bases_file(tmp_path, base, told):
    """A mistake that stands in the base is told with the base's own path, and never a traceback."""
    written(tmp_path, base, "base.toml")
    assert told in mistakes(
        written(tmp_path, 'base = "base.toml"\n' + GOOD.replace(f'services = "{CONFIG}/services"\n', ""))
    )


@pytest.mark.parametrize(("own", "told"), [
    ("base = 7\n", "terminal.toml: base: expected the path of a file"),
    ('base = "nowhere.toml"\n', "nowhere.toml: there is no such file"),
    ('base = "base.toml"\nkiosk = 3\n', "terminal.toml: kiosk: Expected `object`, got `int`"),
    ('base = "base.toml"\n[screen]\nrotation = 2\n', "terminal.toml: screen.rotation = 2"),
    ('base = "base.toml"\n[kiosk]\nid = "x"\n', 'terminal.toml: kiosk.id = "x"'),
])  # fmt: skip
def test_a_mistake_of_the_terminals_own_is_told_with_its_own_file(tmp_path, own, told):
    """A mistake that stands in the terminal's own file is told with that path, even where the base has the key too."""
    written(tmp_path, GOOD + "[screen]\nrotation = 1\n", "base.toml")
    assert told in mistakes(written(tmp_path, own, "terminal.toml"))


def test_a_cash_acceptor_is_there_only_where_a_driver_is_named(tmp_path):
    """Without drivers.cash the kiosk takes cards only; with it the acceptor is one of its devices, with a table of its own."""
    assert "cash" not in load(written(tmp_path, GOOD)).driven
    with_cash = load(written(tmp_path, GOOD.replace("[drivers]", '[drivers]\ncash = "ccnet"') + '[cash]\nport = "x"\n'))
    assert (with_cash.driven[-1], with_cash.table("cash")) == ("cash", {"port": "x"})


def test_the_largest_surplus_cannot_be_negative(tmp_path):
    """The largest surplus is 0 or more."""
    text = GOOD.replace("[kiosk]", "[kiosk]\nsurplus_most_minor = -1")
    assert "kiosk.surplus_most_minor = -1: expected 0 or more" in mistakes(written(tmp_path, text))
