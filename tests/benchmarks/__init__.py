"""Measurements, run by ``./run bench``. Never tests: machines are noisy, so medians and ratios of one run are quoted."""
