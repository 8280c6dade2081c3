"""The devices: one folder each, with the pure wire format, the driver (the port), and the simulator at the wire's other end."""
