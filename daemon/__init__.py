"""What the appliance decides: hearing, conversing, acting. Never touches a pin or a PCM itself."""

__version__ = "0.1.0"
