"""``kiosk-bench card``: makes card files for the simulated reader, and writes what an inspection system must trust.

kiosk-bench card make --out FILE [--from NAME] [options]    a card file, for {"device": "card", "do": "insert", "card": FILE}
kiosk-bench card list                                       the names that need no file
kiosk-bench card trust --out FOLDER                         trust anchors and revocation lists
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from hardware.card.sim_persons import BROKEN, PERSONS, TECHNICIAN, named_card
from hardware.card.sim_pki import KINDS
from hardware.card.sim_profile import CardFaults, Profile, load_card, save_card
from hardware.card.sim_trust import export_trust

_SHORT_READ_MAX = 256


def main(arguments: list[str]) -> int:
    """Do one of the three. Exit status 2 for what cannot be, with a sentence that says why."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.action == "list":
        sys.stdout.write("\n".join([*PERSONS, *(f"NAME:{fault}" for fault in BROKEN), TECHNICIAN.name]) + "\n")
    elif options.action == "trust":
        export_trust(options.out)
    else:
        try:
            save_card(make_card(options), options.out)
        except (ValueError, OSError, msgspec.MsgspecError) as error:
            parser.error(str(error))
    return 0


def make_card(options: argparse.Namespace) -> Profile:
    """Return the card that the options describe. ValueError for one that cannot be; OSError for a missing file."""
    profile = named_card(options.source) or load_card(Path(options.source))
    fields: dict[str, Any] = msgspec.to_builtins(profile)
    fields |= _fields(options)
    fields["faults"] = fields.get("faults", {}) | _faults(options.fault)
    for change in options.set:
        name, _, value = change.partition("=")
        fields[name] = _value(value)
    if isinstance(fields.get("max_read"), int) and fields["max_read"] > _SHORT_READ_MAX:
        fields["extended"] = True
    made: Profile = msgspec.convert(fields, type=Profile)
    return made


def _fields(options: argparse.Namespace) -> dict[str, Any]:
    """Return what was said about the card, by the names of its fields."""
    said = {
        name: getattr(options, name)
        for name in ("name", "can", "form", "active", "signer", "digest", "max_read", "photo", "pin", "role")
    }
    if options.access is not None:
        said["access"] = [each for each in options.access.split(",") if each]
    if options.groups is not None:
        said["data_groups"] = [int(each) for each in options.groups.split(",")]
    if options.pace:
        said["pace"] = [_pace(each) for each in options.pace]
    if options.chip is not None:
        curve, _, ciphers = options.chip.partition(":")
        said["chip_curve"] = "" if curve == "none" else curve
        said |= {"chip_ciphers": ciphers.split(",")} if ciphers else {}
    return {name: value for name, value in said.items() if value is not None}


def _pace(text: str) -> dict[str, Any]:
    mapping, cipher, parameter = text.split(":")
    return {"mapping": mapping, "cipher": cipher, "parameter_id": int(parameter)}


def _faults(named: list[str]) -> dict[str, Any]:
    """Join broken variants by name, and single faults as field=value."""
    faults: dict[str, Any] = {}
    for each in named:
        name, is_set, value = each.partition("=")
        if is_set:
            faults[name] = _value(value)
        elif name in BROKEN:
            changed = msgspec.to_builtins(BROKEN[name])
            faults |= {field: value for field, value in changed.items() if value != getattr(CardFaults(), field)}
        else:
            raise ValueError(f"no fault {name!r}; there are {', '.join(BROKEN)}, and field=value")
    return faults


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk-bench card", description="Cards for the simulated reader.")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="the cards that need no file")
    trust = actions.add_parser("trust", help="write trust anchors and revocation lists in DER")
    trust.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    make = actions.add_parser("make", help="write a card file")
    make.add_argument("--out", type=Path, required=True, metavar="FILE")
    make.add_argument(
        "--from", dest="source", default="aygun", metavar="CARD", help="a name or card file to start from"
    )
    make.add_argument("--name", help="what the ledger calls it")
    make.add_argument("--access", help="PACE, BAC, or both with a comma; empty for an open card")
    make.add_argument("--pace", action="append", metavar="MAPPING:CIPHER:ID", help="as ECDH-GM:AES-128:13; repeatable")
    make.add_argument("--can", help="card access number")
    make.add_argument("--form", help="TD1, TD2 or TD3")
    make.add_argument("--groups", help="data groups, as 1,2,11,14,15")
    make.add_argument("--photo", help="jpeg or jpeg2000, in data group 2")
    make.add_argument("--active", metavar="KEY", help="active authentication: none, rsa-BITS, or a curve")
    make.add_argument("--chip", metavar="CURVE[:CIPHER,…]", help="chip authentication: none, dh-0 to dh-2, or a curve")
    make.add_argument("--signer", help=f"document signer: {', '.join(KINDS)}")
    make.add_argument("--digest", help="of the data groups: sha1 to sha512")
    make.add_argument("--max-read", type=int, metavar="BYTES", help="the largest read; above 256 with extended length")
    make.add_argument("--pin", help="of a technician's card")
    make.add_argument("--role", help="in a technician's certificate")
    make.add_argument(
        "--fault", action="append", default=[], metavar="NAME|FIELD=VALUE", help=f"{', '.join(BROKEN)}; repeatable"
    )
    make.add_argument("--set", action="append", default=[], metavar="FIELD=JSON", help="any other field; repeatable")
    return parser
