"""What outlives a restart: one SQLite file."""
