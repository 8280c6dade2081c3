"""The banknote acceptor: CCNET (CashCode)."""
