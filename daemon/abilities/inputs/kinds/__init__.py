"""The kinds of input, a file each."""
