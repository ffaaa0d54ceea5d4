"""The command `pipit`."""
