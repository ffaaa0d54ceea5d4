"""Sound cards: ALSA, and what is gained and lost with a card."""
