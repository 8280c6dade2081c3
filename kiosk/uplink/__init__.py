"""The line to the central system: the wire contract, the client, the outbox."""
