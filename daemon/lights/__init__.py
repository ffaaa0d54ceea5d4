"""What a light shows: one table of looks, and the pictures that rows and rings of lights make of it."""
