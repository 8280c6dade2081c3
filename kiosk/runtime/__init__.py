"""Running: the loop, the crew of device threads, and the translation of effects into calls."""
