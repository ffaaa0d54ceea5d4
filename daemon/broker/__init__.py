"""The token broker: it has the API key, its devices have a secret each, and get tokens for one session at a time."""
