"""How technicians come in is configured: what does not go together is told."""

from __future__ import annotations

import pytest

from kiosk.config import load
from kiosk.domain.faults import ConfigError
from tests.test_config import GOOD, PIN_HASH, written

CARD = '[card]\ntechnicians = "/etc/kiosk/ca.pem"\nrevocations = "/var/lib/kiosk/revocations"\n'
PRODUCTION = GOOD.replace("production = false", "production = true").replace(
    "http://127.0.0.1:1", "https://central.example"
)


def test_without_a_word_technicians_come_in_by_pin(tmp_path):
    """A configuration from before there were cards means what it meant."""
    assert load(written(tmp_path, GOOD)).servicing.technician == "pin"


@pytest.mark.parametrize("way_in", ["card", "card_or_pin"])
def test_a_card_needs_somebody_who_issued_it(tmp_path, way_in):
    """Cards without the operator's certificates would let nobody in: that is told before the kiosk starts."""
    text = f'{GOOD}[servicing]\ntechnician = "{way_in}"\npin_hash = "{PIN_HASH}"\n'
    with pytest.raises(ConfigError, match=r"card\.technicians: expected the operator's CA certificates"):
        load(written(tmp_path, text))
    assert load(written(tmp_path, text + CARD)).servicing.technician == way_in


def test_the_card_alone_needs_no_pin_hash(tmp_path):
    """In production the kiosk's own PIN must be configured only where it opens something."""
    card = f'{PRODUCTION}{CARD}[servicing]\ntechnician = "card"\n'
    assert load(written(tmp_path, card)).servicing.pin_hash == ""
    with pytest.raises(ConfigError, match=r"servicing\.pin_hash: expected"):
        load(written(tmp_path, card.replace('"card"', '"card_or_pin"')))


def test_another_word_is_refused(tmp_path):
    """A way in that nobody knows stops the kiosk."""
    with pytest.raises(ConfigError, match=r"servicing\.technician"):
        load(written(tmp_path, f'{GOOD}[servicing]\ntechnician = "badge"\n'))
