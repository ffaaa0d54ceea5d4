"""The brain at home: its process, sessions with it, and when it takes the place of the service."""
