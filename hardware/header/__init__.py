"""The pins of the header: buttons, lights and outputs, over gpiozero and lgpio."""
