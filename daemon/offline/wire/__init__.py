"""What is said on the wire, and to whom."""
