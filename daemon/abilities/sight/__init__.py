"""A camera that the model may look through."""
