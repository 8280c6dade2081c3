"""The serial MRZ scanner at the far end of a pty: every way in which scanners wrap a zone, misreads, and a pulled cable."""

import threading

import pytest

from hardware.card.mrz import parse_zone
from hardware.card.sim_persons import PERSONS
from hardware.scanner.driver import open_driver
from hardware.scanner.settings import ScannerSettings
from hardware.scanner.simulator import SimulatedScanner
from kiosk.domain.access_key import Misread, MrzKey
from kiosk.domain.faults import DeviceAbsent
from kiosk.domain.health import Failed, Ready

WAIT_S = 20.0
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6"
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
"""The specimens of Doc 9303-6 and -4."""


@pytest.fixture
def scanner(tmp_path):
    """A simulated scanner, plugged in."""
    simulated = SimulatedScanner(tmp_path / "scanner")
    simulated.start()
    yield simulated
    simulated.stop()


@pytest.fixture
def make_driver(tmp_path, scanner):
    """Return a function that opens the driver on the scanner's line."""
    opened = []

    def make(**settings):
        opened.append(open_driver(ScannerSettings(port=str(tmp_path / "scanner"), **settings)))
        return opened[-1]

    yield make
    for driver in opened:
        driver.close()


def seen(driver, act):
    """Wait for a zone in a thread, act once the line is being listened to, and return what the driver returned."""
    results, listening = [], threading.Event()
    forget = driver._forget

    def told(port):
        forget(port)
        listening.set()

    driver._forget = told
    thread = threading.Thread(target=lambda: results.append(driver.next_zone(WAIT_S)))
    thread.start()
    assert listening.wait(WAIT_S)
    act()
    thread.join(WAIT_S)
    driver._forget = forget
    return results[0]


@pytest.mark.parametrize("ends", ["cr", "crlf", "none"])
@pytest.mark.parametrize("frame", ["lines", "stx_etx"])
def test_a_zone_is_read_however_it_is_wrapped(scanner, make_driver, ends, frame):
    """Lines ended by CR, CR LF or nothing, bare or in STX and ETX: the key is that of the card."""
    scanner.do({"do": "set_up", "ends": ends, "wrapped": frame == "stx_etx"})
    key = seen(make_driver(frame=frame), lambda: scanner.do({"do": "scan", "card": "aygun"}))
    assert isinstance(key, MrzKey)
    assert key.reveal() == PERSONS["aygun"].mrz_information()


@pytest.mark.parametrize("zone", [TD2, TD3])
def test_zones_of_two_lines_are_read(scanner, make_driver, zone):
    """Two lines of 36 and two of 44 are zones too."""
    half = len(zone) // 2
    key = seen(make_driver(), lambda: scanner.do({"do": "type", "text": f"{zone[:half]}\r{zone[half:]}\r"}))
    assert key.reveal() == parse_zone(zone).information


def test_separators_are_left_out_where_they_are_configured(scanner, make_driver):
    """A scanner that puts something between the lines is configured, not programmed for."""
    lines = PERSONS["aygun"].mrz()
    text = "|".join(lines[at : at + 30] for at in (0, 30, 60)) + "|\r\n"
    assert isinstance(seen(make_driver(ignore="|"), lambda: scanner.do({"do": "type", "text": text})), MrzKey)


@pytest.mark.parametrize("trouble", [{"spoil": 1}, {"spoil": 4}, {"hide": 7}])
def test_a_misread_is_told_and_names_nobody(scanner, make_driver, trouble):
    """Wrong or covered letters are a misread; its evidence holds nothing of the card."""
    misread = seen(make_driver(silence_s=0.1), lambda: scanner.do({"do": "scan", "card": "aygun", **trouble}))
    assert isinstance(misread, Misread)
    assert not {"AA0000001", "MAMMADOVA", "900101"} & set(misread.evidence.split())


def test_after_a_misread_the_next_scan_is_read(scanner, make_driver):
    """A misread leaves nothing behind that would spoil the next scan."""
    driver = make_driver(silence_s=0.1)
    assert isinstance(seen(driver, lambda: scanner.do({"do": "scan", "hide": 20})), Misread)
    assert isinstance(seen(driver, lambda: scanner.do({"do": "scan"})), MrzKey)


def test_noise_is_no_misread(scanner, make_driver):
    """A few stray characters are nothing that a citizen did; the scan after them is read."""

    def act():
        scanner.do({"do": "type", "text": "?\x00\r\n"})
        scanner.do({"do": "type", "text": "\r\n"})

    driver = make_driver(silence_s=0.1)
    results = []
    thread = threading.Thread(target=lambda: results.append(driver.next_zone(0.6)))
    thread.start()
    act()
    thread.join(WAIT_S)
    assert results == [None]


def test_a_scanner_that_never_falls_silent_outlasts_no_wait(scanner, make_driver):
    """Letters without end are a misread soon after the wait is over: nobody stands in front of a kiosk that listens for ever."""
    driver, results = make_driver(silence_s=10.0), []
    thread = threading.Thread(target=lambda: results.append(driver.next_zone(0.2)))
    thread.start()
    over = threading.Event()
    talking = threading.Thread(
        target=lambda: [scanner.do({"do": "type", "text": "A" * 20}) for _ in iter(lambda: over.wait(0.02), True)]
    )
    talking.start()
    thread.join(WAIT_S)
    over.set()
    talking.join(WAIT_S)
    assert isinstance(results[0], Misread)


def test_what_was_seen_before_does_not_count(scanner, make_driver):
    """A card that was held to the scanner while nobody waited opens nothing later."""
    driver = make_driver()
    assert isinstance(driver.health(), Ready)
    scanner.do({"do": "scan"})
    assert driver.next_zone(0.3) is None


def test_a_wait_can_be_cancelled(make_driver):
    """Cancel ends the wait, also one that begins just after."""
    driver = make_driver()
    driver.cancel()
    assert driver.next_zone(WAIT_S) is None
    assert seen(driver, driver.cancel) is None


def test_a_pulled_cable_is_a_fault_and_comes_back(scanner, make_driver):
    """Without its cable the scanner is absent; plugged in again it works without anybody's doing."""
    driver = make_driver()
    assert isinstance(driver.health(), Ready)
    scanner.do({"do": "unplug"})
    with pytest.raises(DeviceAbsent):
        driver.next_zone(WAIT_S)
    assert isinstance(driver.health(), Failed)
    assert driver.self_test().outcome == "failed"
    scanner.do({"do": "plug"})
    assert isinstance(driver.health(), Ready)
    assert driver.self_test().outcome == "passed"


def test_what_was_gathered_is_overwritten(scanner, make_driver):
    """After a scan the driver holds nothing of the card: neither the letters nor room in which they stood."""
    driver = make_driver()
    buffers = driver._room, driver._text._seen._octets
    assert isinstance(seen(driver, lambda: scanner.do({"do": "scan"})), MrzKey)
    assert [set(buffer) for buffer in buffers] == [{0}, {0}]


def test_the_bench_says_what_a_scanner_cannot(scanner):
    """An unknown order or setting is answered, not obeyed in part."""
    assert not scanner.do({"do": "dance"})["ok"]
    assert not scanner.do({"do": "set_up", "ends": "tab"})["ok"]
    assert not scanner.do({"do": "scan", "card": "technician"})["ok"]
