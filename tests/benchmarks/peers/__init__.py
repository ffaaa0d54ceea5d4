"""Pipit beside others that do the same, all in one run: `./install.sh bench --peers`."""
