"""The citizen's journey as a pure function: ``step(kiosk, entry) -> (kiosk, effects)``. No clock, no dice, no I/O."""
