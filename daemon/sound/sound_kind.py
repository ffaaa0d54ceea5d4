"""What kinds of sound there are: each has a volume of its own."""

from enum import Enum


class SoundKind(Enum):
    VOICE = "voice"  # what the model says, and Pipit in its own words
    EARCON = "earcon"
    MESSAGE = "message"  # announcements that come from elsewhere
    RING = "ring"  # timers and alarms
