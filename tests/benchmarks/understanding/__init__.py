"""How much of what people say to a house is understood, by language: `python -m tests.benchmarks.understanding`."""
