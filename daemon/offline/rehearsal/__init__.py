"""Sessions that go by a script."""
