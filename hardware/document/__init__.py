"""The document printer: the centre's signed A4 documents on an IPP printer or an A4-wide kiosk printer. Nothing of them is ever on disk."""
