"""The program's version: a journey is never replayed by another one (law 8)."""

from importlib.metadata import version

VERSION = version("village-kiosk")
