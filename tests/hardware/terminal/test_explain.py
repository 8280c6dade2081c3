"""What a technician is shown of a message: every field and tag by its name, and what nobody knows as it came."""

from __future__ import annotations

import pytest

from hardware.terminal.apdu import Apdu
from hardware.terminal.bmp import DIGITS_OF_LENGTH, FIXED
from hardware.terminal.dictionary import FIELDS, TAGS
from hardware.terminal.explain import explain_apdu
from tests.hardware.terminal import frames


def explained(data: str, command: int = 0x040F):
    return explain_apdu(Apdu(command, bytes.fromhex(data)).encode())


def flat(told) -> dict[str, tuple[str, str]]:
    """All fields and tags of an explanation, whatever they stand in: number → name and value."""
    found = {}
    for each in [*told.get("fields", ()), *told.get("tags", ())]:
        found[each.get("bmp") or each["tag"]] = (each["name"], each.get("value", ""))
        found |= flat(each)
    return found


def test_every_field_that_can_be_measured_has_a_name():
    """No field is known by its length only."""
    assert FIELDS.keys() == FIXED.keys() | DIGITS_OF_LENGTH.keys()


@pytest.mark.parametrize("bmp", sorted(FIXED))
def test_fields_of_fixed_length(bmp):
    """A field of fixed length ends where it should: what follows it is read."""
    told = explained(f"{bmp:02X} {'01' * FIXED[bmp]} 27 6C")
    assert flat(told)[f"{bmp:02X}"][0] == FIELDS[bmp][0]
    assert flat(told)["27"] == ("result code", "6C")
    assert not told["partial"]


@pytest.mark.parametrize("bmp", sorted(DIGITS_OF_LENGTH))
def test_fields_of_counted_length(bmp):
    """A field that counts its bytes ends where it says, be it empty or twelve bytes long."""
    for size in (0, 12):
        counter = f"{size:03d}"[-DIGITS_OF_LENGTH[bmp] :]
        told = explained(f"{bmp:02X} {''.join('F' + digit for digit in counter)} {'41' * size} 27 6C")
        assert flat(told)["27"] == ("result code", "6C")
        assert not told["partial"]


@pytest.mark.parametrize("tag", sorted(TAGS))
def test_every_tag_has_its_name(tag):
    """Each known tag is named, also deep inside others."""
    name = f"{tag:02X}" if tag < 0x100 else f"{tag:04X}"
    inner = bytes.fromhex(name) + b"\x00"
    outer = b"\x2f" + bytes([len(inner)]) + inner
    assert flat(explained((b"\x06" + bytes([len(outer)]) + outer).hex()))[name][0] == TAGS[tag][0]


def test_values_are_shown():
    """Numbers, texts, identifiers and codes of a real message are shown as people write them."""
    found = flat(explain_apdu(bytes.fromhex(frames.VALINA_APPROVED)))
    assert {number: value for number, (_, value) in found.items()}.items() >= {
        "27": "00", "04": "000000000001", "0B": "000022", "0C": "164923", "0D": "0308", "17": "0001", "19": "70",
        "22": "****5726", "29": "29001006", "2A": "100764992", "3B": "291675", "3C": "GEN.NR.:291675", "49": "0978",
        "87": "0022", "88": "000022", "8A": "2E", "8B": "Debit Mastercard", "07": "GEN.NR.:291675",
        "43": "A0000000041010", "46": "A0000000041010 5F260EFC5D28E451", "1F10": "00", "1F12": "02",
    }.items()  # fmt: skip


@pytest.mark.parametrize(
    ("charset", "raw", "shown"),
    [("", "8E", "Ä"), ("14 01 FE", "C3 84", "Ä"), ("14 01 01", "C4", "Ä"), ("14 01 05", "C0", "Р")],
    ids=["CP437", "UTF-8", "Latin-1", "ISO 8859-5"],
)
def test_texts_are_read_by_their_character_set(charset, raw, shown):
    """Without tag 14 a text is CP437; with it it is what the tag says, wherever in the message the tag stands."""
    line = f"24 {2 + len(bytes.fromhex(raw)):02X} 07 {len(bytes.fromhex(raw)):02X} {raw}"
    for objects in (f"{charset} {line}", f"{line} {charset}"):
        told = explained(f"27 05 06 {len(bytes.fromhex(objects)):02X} {objects}")
        assert flat(told)["07"] == ("text line", shown)
        assert told["text"] == shown


def test_an_unknown_field_is_shown_as_it_came():
    """What stands before an unknown field is read; the field and what follows it is shown raw and marked as partial."""
    told = explained("27 00 77 AB CD EF 01")
    assert flat(told) == {"27": ("result code", "00")}
    assert (told["partial"], told["unread"]) == (True, "77ABCDEF01")


def test_a_cut_off_container_is_partial():
    """Objects before the one that is cut off are read, the rest is shown raw."""
    told = explained("06 06 1F 10 01 02 43 07")
    container = told["fields"][0]
    assert (container["tags"][0]["value"], container["partial"], container["unread"]) == ("02", True, "4307")


@pytest.mark.parametrize(
    ("command", "data", "number", "value"),
    [
        (0x0600, "00 00 00 BE 09 44 06 06 26 04 0A 02 06 D3", "0A", "06D3"),
        (0x0601, "04 00 00 00 00 02 40 49 09 44 01 3C 02 1E", "01", "3C"),
        (0x0620, "00 00 00 03 03", "03", "03"),
        (0x0630, "00 00 00 87 00 19", "87", "0019"),
        (0x0501, "00 00 00 03 04", "03", "04"),
        (0x060F, "19 00 29 29 00 10 06 49 09 44", "29", "29001006"),
        (0x060F, "27 E0", "27", "E0"),
        (0x061E, "6C 06 08 1F 16 05 FF 00 00 14 41", "1F16", "FF00001441"),
        (0x061E, "6F 09 44 06 04 1F 16 01 02", "1F16", "02"),
        (0x04FF, "0A 01 06 05 24 03 07 01 41", "07", "A"),
    ],
)
def test_each_command_keeps_its_fields_where_the_manual_puts_them(command, data, number, value):
    """Passwords, config bytes, codes and minutes in front of the fields are not taken for fields."""
    told = explained(data, command)
    assert flat(told)[number][1] == value
    assert "unread" not in told


def test_print_commands():
    """A line shows its text and the receipt it belongs to, a block its lines, and both say whether the receipt ends there."""
    line = explained("81 41 42 06 04 1F 07 01 02", 0x06D1)
    assert (line["text"], line["receipt"], line["attribute"], line["ends"]) == ("AB", "customer", "81", True)
    block = explained("06 10 1F 07 01 01 25 0A 09 01 40 07 01 41 07 02 20 42", 0x06D3)
    assert (block["lines"], block["receipt"], block["ends"]) == (["A", " B"], "merchant", False)
