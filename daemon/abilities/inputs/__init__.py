"""What is wired to the pins to be noticed or read, and what the kernel reads: inputs, and what they start."""
