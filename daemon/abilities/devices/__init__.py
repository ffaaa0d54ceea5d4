"""Lamps, relays and whatever else hangs on the pins."""
