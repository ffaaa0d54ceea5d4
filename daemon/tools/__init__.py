"""What the model may call: typed async functions, one family a file."""
