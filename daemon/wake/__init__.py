"""Hears the wake word, and whether someone speaks; the only place that knows model files."""
