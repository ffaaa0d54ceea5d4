"""What Pipit asks of a machine. Standard library alone: the installer and the doctor read the same facts."""
