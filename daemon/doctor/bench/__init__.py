"""How fast this machine is for Pipit."""
