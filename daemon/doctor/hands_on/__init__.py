"""What a person has to see, hear or press."""
