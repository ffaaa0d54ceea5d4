"""The model may end the conversation when the user does."""
