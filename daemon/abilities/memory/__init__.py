"""What was said, and what is remembered of it."""
