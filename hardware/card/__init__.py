"""The ID card: reader, driver, and the simulated card at the other end."""
