"""A simulated day in a home: what is real is the appliance, the SDK and the sockets; what is not is time."""
