"""The folder of trust anchors on disk, replaced whole or not at all, whatever happens in between.

    FOLDER/current → import-0007-5d0c8f31       import-0007-5d0c8f31/az-<fingerprint>.cer, az-<fingerprint>.crl

An import writes a new folder, then turns the link in one rename. A reader that has begun with the old one can finish: it
stays until the import after the next.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from hardware.card.trust import Anchors, read_all
from kiosk.domain.faults import DeviceFault

CURRENT = "current"
_NEW, _IMPORT = "current.new", "import-"
_FILES_MAX = 20_000
_BYTES_MAX = 64 * 1024 * 1024


class TrustFolder:
    """Reads the anchors, and again once an import has replaced them. Not for several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read_from = ""
        self._anchors = Anchors()

    def anchors(self) -> Anchors:
        """Return what is trusted now. DeviceFault no_trust: there is nothing, or nothing that can be read."""
        current = current_of(self._folder)
        if not current:
            raise DeviceFault(f"{self._folder} holds no trust anchors: kiosk cards import", "no_trust")
        if current != self._read_from:
            try:
                self._anchors, troubles = read_all(*contents_of(self._folder))
            except OSError as error:
                raise DeviceFault(f"{self._folder}: {error}", "no_trust") from error
            if troubles or not self._anchors.count:
                raise DeviceFault(f"{self._folder}: {'; '.join(troubles[:3]) or 'no certificate'}", "no_trust")
            self._read_from = current
        return self._anchors


def current_of(folder: Path) -> str:
    """Return the name of the last import; "" where there was none."""
    try:
        return str((folder / CURRENT).readlink())
    except OSError:
        return ""


def contents_of(folder: Path) -> tuple[list[bytes], list[bytes]]:
    """Return the certificates and the revocation lists of the last import. OSError where they cannot be read."""
    paths = sorted((folder / CURRENT).resolve(strict=True).iterdir())
    if len(paths) > _FILES_MAX or sum(path.stat().st_size for path in paths) > _BYTES_MAX:
        raise OSError(f"{len(paths)} files, more than a kiosk reads")
    certificates = [path.read_bytes() for path in paths if path.suffix == ".cer"]
    return certificates, [path.read_bytes() for path in paths if path.suffix == ".crl"]


def replace_contents(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put these files in the place of what the folder holds. OSError: it holds what it held before."""
    folder.mkdir(parents=True, exist_ok=True)
    before = current_of(folder)
    _remove(folder, keep={before})
    last = before.removeprefix(_IMPORT).partition("-")[0]
    number = int(last) + 1 if last.isdecimal() else 1
    new = folder / f"{_IMPORT}{number:04d}-{secrets.token_hex(4)}"  # no name comes twice, also where all was deleted
    new.mkdir()
    for name, content in files.items():
        with (new / name).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    _sync(new)
    link = folder / _NEW
    link.unlink(missing_ok=True)
    link.symlink_to(new.name)
    link.replace(folder / CURRENT)
    _sync(folder)


def _remove(folder: Path, keep: set[str]) -> None:
    for path in folder.glob(f"{_IMPORT}*"):
        if path.name not in keep and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
