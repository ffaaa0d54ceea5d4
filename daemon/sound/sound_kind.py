"""What a sound is for: each kind has a volume of its own."""

from enum import Enum


class SoundKind(Enum):
    """Of everything that the speaker plays."""

    VOICE = "voice"  # replies
    EARCON = "earcon"
    MESSAGE = "message"  # announcements
    RING = "ring"  # timers and alarms
