"""One file a kind of device: its keys, its driver, its words, and how a person sees that it works."""
