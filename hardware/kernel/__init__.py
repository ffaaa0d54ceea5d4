"""Sensors that the kernel reads: files below a root, which need no library and no pin of ours."""
