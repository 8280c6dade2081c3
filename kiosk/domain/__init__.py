"""What the kiosk talks about: money, citizens, services, payments, receipts, health and faults. Pure values, no I/O."""
