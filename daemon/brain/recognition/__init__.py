"""From sound to words, by a network on this machine."""
