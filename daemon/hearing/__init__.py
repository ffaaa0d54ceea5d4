"""From a period of the microphone to "somebody spoke"."""
