"""The panel: door switch, presence sensor, mains sensor and three guide lamps on GPIO."""
