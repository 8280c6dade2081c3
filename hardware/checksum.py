"""CRC-16/KERMIT, the check sum that ZVT (serial) and CCNET share: reflected 1021, start 0; "123456789" gives 2189."""

from __future__ import annotations

from binascii import crc_hqx

_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def crc16_kermit(data: bytes) -> int:
    """Return CRC-16/KERMIT: the mirror image of the CRC the standard library computes."""
    crc = crc_hqx(data.translate(_MIRRORED), 0)
    return _MIRRORED[crc >> 8] | _MIRRORED[crc & 0xFF] << 8
