"""What can happen, what shall be done, and the machine between."""
