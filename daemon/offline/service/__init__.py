"""What the service is like: its models, limits, refusals and faults."""
