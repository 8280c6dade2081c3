"""The receipt printer: wire, driver and simulator (ESC/POS)."""
