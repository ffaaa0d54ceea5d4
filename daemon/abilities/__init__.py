"""What the model can do: one folder a thing, with its settings, tools, bounds and checks."""
