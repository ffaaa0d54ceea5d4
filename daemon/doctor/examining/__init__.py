"""How a machine is examined: what there is to look at, and how it is told."""
