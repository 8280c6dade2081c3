"""The bench: every simulated device under stable names in one folder, and one control socket for all of them."""

from hardware.bench.bench import Bench
from hardware.bench.cli import main

__all__ = ["Bench", "main"]
