"""The payment terminal: ZVT over a serial line. Driver and simulator share the protocol and no code."""
