"""The sentences that Pipit itself says: a file a language, and what reads them."""
