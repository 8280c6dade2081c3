"""The reference central system: quotes, submissions and claims of self-service kiosks, over synthetic agencies."""
