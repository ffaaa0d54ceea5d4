"""The home server: one machine of the house that serves the Live protocol to several Pipits, each with a secret."""
