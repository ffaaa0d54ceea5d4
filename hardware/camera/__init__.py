"""Cameras, and the pictures that they give."""
