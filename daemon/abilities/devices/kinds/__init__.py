"""One file a kind of device: its driver, its words, and how a person sees that it works; and the keys of them all."""
