"""What citizens ask for: quotes, submissions, and what can be looked up of them afterwards."""
