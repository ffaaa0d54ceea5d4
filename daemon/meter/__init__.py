"""What the appliance hears, to be looked at: level, floor, gate, score and voice, live or of a file."""
