"""The kiosks that may call."""
