"""Devices by other names, and several at once: rooms, groups, scenes."""
