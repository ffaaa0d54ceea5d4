"""What outlives the process: one SQLite file in the state directory, and who writes what into it."""
