"""Sound cards and boards as data: a TOML file each. Standard library alone: the installer reads it with any Python."""
