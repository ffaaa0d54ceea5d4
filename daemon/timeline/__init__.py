"""A conversation as a picture."""
