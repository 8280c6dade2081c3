"""The command line of the central system: ``kiosk-central serve | migrate | add-kiosk | openapi | ledger | settle | …``."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from central.days import day_of, now_ms
from central.payments.verdicts import VERDICTS
from central.store import Store, StoreError

DATABASE_VARIABLE = "KIOSK_CENTRAL_DATABASE"
DATABASE = "sqlite:///central.db"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit status 0 done, 1 it could not be done (one sentence on standard error), 2 wrong arguments."""
    options = parser().parse_args(arguments)
    store = None
    try:
        store = Store(options.database)
        status: int = options.run(store, options)
    except StoreError as error:
        sys.stderr.write(f"kiosk-central: {error}\n")
        return 1
    except BrokenPipeError:  # whoever read our output has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    finally:
        if store is not None:
            store.close()
    return status


def parser() -> argparse.ArgumentParser:
    """Return the arguments and what they do."""
    top = argparse.ArgumentParser(prog="kiosk-central", description="The reference central system for kiosks.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    database = argparse.ArgumentParser(add_help=False)
    database.add_argument(
        "--database",
        metavar="URL",
        default=os.environ.get(DATABASE_VARIABLE, DATABASE),
        help=f"sqlite:///FILE or postgresql://… (default: ${DATABASE_VARIABLE}, else {DATABASE})",
    )

    def command(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, parents=[database], help=text, description=text)
        made.set_defaults(run=run)
        return made

    serve = command("serve", do_serve, "Serve kiosks until stopped.")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    serve.add_argument(
        "--port", type=port, default=8700, metavar="P", help="default 8700; 0 takes a free one and says which"
    )
    serve.add_argument("--public-url", type=url, metavar="URL", help="where citizens' phones find it (QR codes)")
    serve.add_argument("--log-level", default="INFO", choices=["DEBUG", "INFO", "WARNING", "ERROR"])
    migrate = command("migrate", do_migrate, "Make or update the database.")
    migrate.add_argument("--demo", action="store_true", help="also lay down synthetic people and debts, unpaid again")
    add_kiosk = command("add-kiosk", do_add_kiosk, "Enter a kiosk and print its token, once.")
    add_kiosk.add_argument("id", metavar="ID")
    add_kiosk.add_argument("--renew", action="store_true", help="give a kiosk that exists a new token")
    revoked = command("put-revocations", do_put_revocations, "Put in a newer revocation list of technicians' cards.")
    revoked.add_argument("file", type=Path, metavar="FILE", help="the list, PEM or DER")
    revoked.add_argument(
        "--ca", type=Path, required=True, metavar="FILE", help="the operator's CA certificates, PEM or DER"
    )
    kiosks = command("kiosks", do_kiosks, "Show each kiosk's last word about itself: its devices and its paper.")
    kiosks.add_argument("--json", action="store_true", help="as JSON")
    command("openapi", do_openapi, "Print the OpenAPI 3.1 description.")
    ledger = command("ledger", do_ledger, "Print submissions and claims.")
    ledger.add_argument("--json", action="store_true", help="as JSON")
    settle = command("settle", do_settle, "Decide an open claim, once; the kiosk tells it to whoever comes back.")
    settle.add_argument("reference", metavar="REFERENCE", help="the code on the claim slip")
    settle.add_argument("verdict", choices=tuple(VERDICTS))
    settle.add_argument("--receipt", default="", metavar="NUMBER", help="of a booked claim: the receipt number")
    new_key = command("new-key", do_new_key, "Make a new key for the seals of documents; older ones stay known.")
    new_key.add_argument("--issuer", default="", metavar="NAME", help="who signs, as `kiosk verify` tells it")
    withdraw = command("withdraw-key", do_withdraw_key, "Believe nothing that a key signed any more.")
    withdraw.add_argument("id", metavar="KEY")
    revoke = command("revoke", do_revoke, "Take a document back: it is no longer valid.")
    revoke.add_argument("number", metavar="NUMBER", help="the number on the document")
    return top


def say(line: str) -> None:
    """Write a line to standard output, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def port(text: str) -> int:
    """Read a port number."""
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"not a port: {text} (0 to 65535)")
    return int(text)


def url(text: str) -> str:
    """Read a web address."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise argparse.ArgumentTypeError(f"not a web address: {text}")
    return text.rstrip("/")


def do_serve(store: Store, options: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; either is a clean end."""
    from central import log  # noqa: PLC0415 - the web framework takes longer to load than the other commands to run
    from central.serving import address_of, listen, make_server  # noqa: PLC0415

    store.require_schema()
    with listen(options.host, options.port) as listener:
        log.set_up(options.log_level)
        address = address_of(listener)
        server = make_server(store, options.public_url or address, lambda: say(f"kiosk-central: ready at {address}"))

        def stop(_signal: int, _frame: FrameType | None) -> None:
            server.should_exit = True  # also when the signal comes before uvicorn has its own handlers

        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, stop)
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    return 0 if server.started else 1


def do_migrate(store: Store, options: argparse.Namespace) -> int:
    """Make or update the database."""
    from central.agencies import demo  # noqa: PLC0415 - only this command seeds

    version = store.migrate()
    if options.demo:
        with store.write() as tx:
            demo.seed(tx, day_of(now_ms()))
    say(f"schema {version}{', demonstration data laid down' if options.demo else ''}")
    return 0


def do_add_kiosk(store: Store, options: argparse.Namespace) -> int:
    """Enter a kiosk; its token goes to standard output alone."""
    from central import auth  # noqa: PLC0415 - as in serve
    from central.kiosks import registry  # noqa: PLC0415

    store.require_schema()
    token = auth.new_token()
    registry.add(store, options.id, auth.digest(token), now_ms(), renew=options.renew)
    say(token)
    return 0


def do_put_revocations(store: Store, options: argparse.Namespace) -> int:
    """Put a revocation list in."""
    from central.technicians.revocations import put  # noqa: PLC0415 - as in serve

    store.require_schema()
    say(put(store, options.file, options.ca))
    return 0


def do_kiosks(store: Store, options: argparse.Namespace) -> int:
    """Print a table of kiosks."""
    from central.kiosks import heartbeats  # noqa: PLC0415 - as in serve

    store.require_schema()
    rows = heartbeats.table(store)
    if options.json:
        names = ("kiosk", "last_word", "version", "paper", "devices")
        say(json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False))
        return 0
    for line in heartbeats.lines(rows):
        say(line)
    return 0


def do_openapi(store: Store, _options: argparse.Namespace) -> int:
    """Print the description of the interface; the database is not touched."""
    from central.app import make_litestar  # noqa: PLC0415 - as in serve

    schema = make_litestar(store, "https://central.example").openapi_schema.to_schema()
    say(json.dumps(schema, ensure_ascii=False, indent=2))
    return 0


def do_ledger(store: Store, options: argparse.Namespace) -> int:
    """Print the ledger."""
    from central.ledger import ledger  # noqa: PLC0415 - as in serve

    store.require_schema()
    entries = ledger(store)
    if options.json:
        say(json.dumps(entries, ensure_ascii=False))
        return 0
    for entry in entries:
        say(
            "{reference:<24} {service:<24} {amount_minor:>10} {entry:<10} {outcome:<12} {receipt_number}".format_map(
                entry
            )
        )
    return 0


def do_settle(store: Store, options: argparse.Namespace) -> int:
    """Settle a claim."""
    from central.payments.verdicts import settle  # noqa: PLC0415 - as in serve

    store.require_schema()
    say(f"{settle(store, options.reference, options.verdict, options.receipt)}: {options.verdict}")
    return 0


def do_new_key(store: Store, options: argparse.Namespace) -> int:
    """Make a key that signs from now on."""
    from central.signing.keys import ISSUER, keyring_of  # noqa: PLC0415 - as in serve

    store.require_schema()
    say(keyring_of(store).add(now_ms(), options.issuer or ISSUER).key_id)
    return 0


def do_withdraw_key(store: Store, options: argparse.Namespace) -> int:
    """Withdraw a key, and make another if none is left that signs."""
    from central.signing.keys import keyring_of  # noqa: PLC0415 - as in serve

    keyring = keyring_of(store)
    keyring.withdraw(options.id)
    keyring.prepare()
    say(f"{options.id}: withdrawn")
    return 0


def do_revoke(store: Store, options: argparse.Namespace) -> int:
    """Take a document back."""
    from central.signing.revoking import revoke  # noqa: PLC0415 - as in serve

    store.require_schema()
    revoke(store, options.number, now_ms())
    say(f"{options.number}: revoked")
    return 0


if __name__ == "__main__":
    sys.exit(main())
