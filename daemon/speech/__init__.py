"""What Pipit says of its own accord: synthesis, announcements, earcons."""
