"""What the appliance is wired to: sound cards, pins, and the fakes that stand in for them. Never imports `daemon`."""
