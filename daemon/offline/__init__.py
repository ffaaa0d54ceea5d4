"""A Live-compatible server on loopback, with a brain of its own: the protocol once, the brains behind one Protocol."""
