"""The table of the speaker."""

from typing import Annotated, Literal

from pydantic import AfterValidator

from daemon.settings.field import Table, setting, sound_device
from hardware.base import SampleFormat


class SpeakerSettings(Table):
    """The sound card that speaks."""

    device: Annotated[str, AfterValidator(sound_device)] = setting(
        "default",
        'ALSA PCM as `aplay -L` prints it, or "plughw:CARD=id"; of two equal USB cards "usb:1-1.3", by port.',
        min_length=1,
        max_length=200,
        fix="choose a name that `aplay -L` prints",
        share="pcm",
    )
    rate_hz: int = setting(
        24_000, "Sampling rate the card is opened with; replies come at 24000.", ge=8_000, le=192_000, fix="try 48000"
    )
    channels: int = setting(
        1,
        "Channels the card is opened with; each says the same.",
        ge=1,
        le=8,
        fix="1, or 2 if the card has no mono",
    )
    sample_format: SampleFormat = setting(
        "S16_LE",
        "Sample format the card is opened with. With more bits a low volume costs no precision.",
        fix='"S16_LE" for nearly every card',
    )
    period_ms: int = setting(
        20, "Audio in one ALSA period.", ge=10, le=80, fix="use 20, or 40 if the journal reports xruns"
    )
    pauses: Literal["board", "always", "never"] = setting(
        "board",
        "Whether its stream stops while there is nothing to hear, which spares 12 wake-ups a second; many cards click.",
        fix='"board" is by what is known of it; "always" if yours neither clicks nor swallows the first sound',
    )
    volume: float = setting(
        0.8, "Volume of the voice until somebody says otherwise: 0 is silent, 1 is full.", ge=0, le=1, fix="try 0.8"
    )
