"""Configuration: every mistake is told at once, with file, key and what was expected."""

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


def test_the_services_are_found_in_order(tmp_path):
    """A good configuration loads, with the services of its folder in the order they are shown."""
    config = load(written(tmp_path, GOOD))
    assert [service.id for service in config.found_services] == ["electricity", "traffic-fine", "residence-certificate"]


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
    assert len(config.found_services) == 3
    assert config.path(config.kiosk.languages) == folder / "languages"


@pytest.mark.parametrize(("change", "told"), [
    (('id = "electricity"', 'id = "power"'), 'id = "power": expected "electricity"'),
    (('ru = "Номер абонента"', 'ru = ""'), "fields.customer_number.label.ru: expected a text"),
    (('pattern = "[0-9]{9}"', 'pattern = "[0-9{9}"'), "is no regular expression"),
    (('example = "123456789"', 'example = "12"'), "does not match pattern"),
    (('delivery = "later"', 'delivery = "now"'), "money is taken before the centre is told"),
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
