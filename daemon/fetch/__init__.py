"""Fetches the model files that other people publish, by pinned SHA-256, for the installers of `wake` and `offline`."""
