from hardware.demo.desktop import bench_size, kiosk_size
from hardware.demo.settings import CONFIG, DEMO_PIN, DEMO_PIN_HASH, kiosk_settings, to_toml
from kiosk.config import load
from kiosk.domain.secret import Secret
from kiosk.runtime.desk import pin_matches

BENCH = {
    "network_port": 4711,
    "terminal": "/b/terminal",
    "printer": '/b/"odd" printer',
    "validator": "/b/validator",
    "scanner": "/b/scanner",
    "panel": "/b/panel.sock",
    "trust": "/b/trust",
}


def test_the_kiosk_takes_the_settings_as_they_are_meant(tmp_path):
    """The written file is a configuration the kiosk accepts, with every wire leading to the bench."""
    path = tmp_path / "kiosk.toml"
    path.write_text(to_toml(CONFIG / "kiosk.toml", kiosk_settings(tmp_path, BENCH, size=(1000, 625))))
    config = load(path)
    assert not config.kiosk.production
    assert config.central.url == "http://127.0.0.1:4711"
    assert (config.terminal["port"], config.printer["port"]) == (BENCH["terminal"], BENCH["printer"])
    assert config.panel["pins"] == "bench:/b/panel.sock"
    assert (config.screen.width_px, config.screen.height_px, config.screen.fullscreen) == (1000, 625, False)
    assert config.servicing.technician == "card_or_pin"
    assert config.card["technicians"] == "/b/trust/operator.der"
    assert config.bench is not None
    assert config.bench.finger == str(tmp_path / "finger")


def test_the_pin_that_is_shown_opens_the_technicians_screen():
    """The demonstration's PIN and its hash belong together."""
    assert pin_matches(Secret(DEMO_PIN), DEMO_PIN_HASH)


def test_both_windows_fit_beside_each_other():
    """On every usual desktop kiosk and bench stand side by side without covering each other."""
    for desktop in ((1920, 1080), (1600, 900), (1366, 768), (1280, 800), (3840, 2160)):
        kiosk = kiosk_size(desktop)
        bench = bench_size(desktop, kiosk)
        assert kiosk[0] + bench[0] <= desktop[0]
        assert max(kiosk[1], bench[1]) <= desktop[1]
        assert kiosk[0] * 800 == kiosk[1] * 1280 or abs(kiosk[0] / kiosk[1] - 1.6) < 0.01
