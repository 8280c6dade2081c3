"""The demonstration: bench, central system and kiosk started together, one citizen's journey played, four ledgers compared."""
