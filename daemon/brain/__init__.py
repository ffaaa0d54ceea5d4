"""A brain that needs no network: understand and answer."""
