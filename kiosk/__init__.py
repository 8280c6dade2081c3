"""The kiosk: what it is and does. No wires and no widgets in this package."""
