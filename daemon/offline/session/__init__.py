"""One client: what it says, and how it is answered."""
