"""MRZ scanners: a device that sees the machine readable zone of a card held to it."""
