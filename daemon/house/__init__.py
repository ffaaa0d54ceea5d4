"""What this Pipit is made of: its settings, its parts put together, its life as a service."""
