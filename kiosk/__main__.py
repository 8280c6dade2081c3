"""``kiosk``: the command line. Each command's work is in ``kiosk.commands``; mistakes in the configuration end here."""

from __future__ import annotations

import argparse
import getpass
import os
import secrets
import sys
from pathlib import Path

from kiosk import lean
from kiosk.commands.decode import KINDS as DECODED
from kiosk.config import load
from kiosk.domain.faults import ConfigError, KioskError
from kiosk.domain.health import DEVICES, OPTIONAL

CONFIG = Path(os.environ.get("KIOSK_CONFIG", "/etc/kiosk/terminal.toml"))


def parser() -> argparse.ArgumentParser:
    """Return the grammar of the command line."""
    top = argparse.ArgumentParser(prog="kiosk", description="A self-service kiosk for public services.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    with_config = argparse.ArgumentParser(add_help=False)
    with_config.add_argument("--config", type=Path, default=CONFIG, metavar="F", help=f"configuration ({CONFIG})")
    commands.add_parser("run", parents=[with_config], help="run the kiosk")
    check = commands.add_parser("check-config", help="explain every mistake in a configuration")
    check.add_argument("file", type=Path, nargs="?", default=CONFIG)
    diagnose = commands.add_parser("diagnose", parents=[with_config], help="test the devices")
    diagnose.add_argument("device", nargs="?", choices=(*DEVICES, *OPTIONAL))
    diagnose.add_argument("--json", action="store_true", help="one JSON object instead of text")
    report = commands.add_parser(
        "report", parents=[with_config], help="test all devices and print the readiness report"
    )
    report.add_argument("--lang", choices=("az", "ru", "en"), default="az")
    journal = commands.add_parser("journal", parents=[with_config], help="verify, show or export the journal")
    journal.add_argument("what", choices=("verify", "show", "export", "at-rest"))
    journal.add_argument("--from", type=int, default=1, dest="start", metavar="SEQ", help="first entry to show")
    decode = commands.add_parser("decode", help="explain wire bytes: one JSON object per frame or command")
    decode.add_argument("kind", choices=DECODED)
    decode.add_argument(
        "hex", nargs="*", metavar="HEX", help="a frame's bytes; none or -: one frame per line of the input"
    )
    cards = commands.add_parser("cards", parents=[with_config], help="the authorities whose ID cards are believed")
    cards.add_argument("what", choices=("import",))
    cards.add_argument("file", type=Path, help="a master list (.ml), an LDIF file of the ICAO PKD, or DER or PEM")
    cards.add_argument("--into", type=Path, metavar="FOLDER", help="instead of the configured card.trust")
    cards.add_argument("--country", action="append", default=[], metavar="AZ", help="take only these (may be repeated)")
    cards.add_argument(
        "--fingerprint",
        default="",
        metavar="SHA256",
        help="the authority of a master list that nobody trusted vouches for, compared with what the state publishes",
    )
    verify = commands.add_parser(
        "verify",
        parents=[with_config],
        help="check the QR of a document without a network: is it genuine, whose, until when",
    )
    verify.add_argument("code", nargs="?", default="-", metavar="TEXT|FILE.png|-", help="none or -: one code per line")
    verify.add_argument("--keys", type=Path, metavar="FILE", help="the centre's keys; instead of those the kiosk keeps")
    verify.add_argument("--json", action="store_true", help="one JSON object per code instead of text")
    commands.add_parser("hash-pin", help="make the hash of a technician's PIN for [servicing] pin_hash")
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Exit status 0 well, 1 degraded or "no", 2 failed, 78 a mistake in the configuration."""
    options = parser().parse_args(arguments)
    try:
        return carry_out(options)
    except ConfigError as error:
        sys.stderr.write("".join(f"kiosk: {mistake}\n" for mistake in error.mistakes))
        return 78
    except KioskError as error:
        sys.stderr.write(f"kiosk: {error}\n")
        return 2
    except BrokenPipeError:  # the reader of our output has gone; nothing is wrong
        sys.stderr.close()
        return 0


def carry_out(options: argparse.Namespace) -> int:
    """Call the command. Imports stand here, so that one command does not load what another needs."""
    if options.command == "hash-pin":
        return hash_pin()
    if options.command == "decode":
        from kiosk.commands.decode import decode  # noqa: PLC0415

        return decode(options.kind, options.hex)
    if options.command == "check-config":
        from kiosk.commands.checks import check_config  # noqa: PLC0415

        return check_config(options.file)
    if options.command == "cards":
        from kiosk.commands.cards import folder_of, import_cards  # noqa: PLC0415

        folder = options.into or folder_of(load(options.config))
        return import_cards(options.file, folder, options.country, options.fingerprint)
    if options.command == "verify":
        from kiosk.commands.parts import keys_of  # noqa: PLC0415
        from kiosk.commands.verify import verify  # noqa: PLC0415

        return verify(options.code, options.keys or keys_of(load(options.config)), as_json=options.json)
    config = load(options.config)
    if options.command == "run":
        lean.start()
        from kiosk.commands.running import run  # noqa: PLC0415

        return run(config)
    if options.command == "journal":
        from kiosk.commands.journals import journal_command  # noqa: PLC0415

        return journal_command(config, options.what, options.start)
    from kiosk.commands.diagnose import diagnose, report  # noqa: PLC0415

    if options.command == "diagnose":
        return diagnose(config, options.device, as_json=options.json)
    return report(config, options.lang)


def hash_pin() -> int:
    """Ask for a PIN twice (or read it from standard input) and print its hash."""
    from kiosk.domain.secret import Secret  # noqa: PLC0415
    from kiosk.runtime import desk  # noqa: PLC0415

    pin = getpass.getpass("PIN (6 digits or more): ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    if not pin.isdigit() or len(pin) < 6:
        raise ConfigError(["hash-pin: expected 6 digits or more"])
    if sys.stdin.isatty() and getpass.getpass("again: ") != pin:
        raise ConfigError(["hash-pin: the two PINs differ"])
    sys.stdout.write(desk.hash_pin(Secret(pin), secrets.token_bytes(16)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
