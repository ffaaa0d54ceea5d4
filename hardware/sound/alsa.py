"""Sound cards by ALSA. The only file that knows alsaaudio (pyalsaaudio 0.11: others differ in what they return).

A stream has a thread of its own, which alone touches its PCM once it has been opened; alsaaudio lets go of the
interpreter while it reads and writes. The thread speaks to the loop by `call_soon_threadsafe`.
"""

import contextlib
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

import alsaaudio  # type: ignore[import-not-found]

from hardware.base import PcmFormat, PlayoutSource, SampleFormat
from hardware.errors import DeviceMissing, HardwareError
from hardware.sound.alsa_messages import keep_quiet
from hardware.sound.card import RETRY_S, CapturePcm, Card, OpenPcm, P, PlaybackPcm
from hardware.sound.card_microphone import CardMicrophone
from hardware.sound.card_speaker import STUCK_S, CardSpeaker, never
from hardware.sound.holder import Stream, holder
from hardware.sound.mixer import Control, read_element, set_element
from hardware.sound.refusal import MICROPHONE, SPEAKER, Attempt, Part, refusal, usable_names
from hardware.sound.strides import wanted_periods
from hardware.sound.usb_place import pcm_behind

CAPTURE_BUFFER_MS: Final = 500
"""What the card must be able to hold while our thread waits for the interpreter; it delays nothing.

On one busy processor 160 ms were too few: the first session's libraries load while someone speaks.
"""

_FORMATS: Final[dict[SampleFormat, int]] = {
    "S16_LE": alsaaudio.PCM_FORMAT_S16_LE,
    "S24_3LE": alsaaudio.PCM_FORMAT_S24_3LE,
    "S24_LE": alsaaudio.PCM_FORMAT_S24_LE,
    "S32_LE": alsaaudio.PCM_FORMAT_S32_LE,
    "FLOAT_LE": alsaaudio.PCM_FORMAT_FLOAT_LE,
}
_TYPES: Final = {MICROPHONE: alsaaudio.PCM_CAPTURE, SPEAKER: alsaaudio.PCM_PLAYBACK}
_STREAMS: Final[dict[Stream, int]] = {part.stream: pcm_type for part, pcm_type in _TYPES.items()}


def open_capture(device: str, format: PcmFormat) -> CapturePcm:  # noqa: A002
    """A PCM that holds CAPTURE_BUFFER_MS or more. Raises `alsaaudio.ALSAAudioError`."""
    period_ms = format.period_frames * 1000 / format.rate_hz
    pcm: CapturePcm = _open(MICROPHONE, device, format, periods=max(4, math.ceil(CAPTURE_BUFFER_MS / period_ms)))
    return pcm


def open_playback(device: str, format: PcmFormat) -> PlaybackPcm:  # noqa: A002
    """A PCM with room for a stride if it has that much. Raises `alsaaudio.ALSAAudioError`."""
    pcm: PlaybackPcm = _open(SPEAKER, device, format, periods=wanted_periods(format))
    return pcm


def _open(part: Part, device: str, format: PcmFormat, periods: int) -> Any:  # noqa: A002
    keep_quiet()
    return alsaaudio.PCM(
        type=_TYPES[part],
        mode=alsaaudio.PCM_NORMAL,
        device=pcm_behind(device),
        rate=format.rate_hz,
        channels=format.channels,
        format=_FORMATS[format.sample_format],
        periodsize=format.period_frames,
        periods=periods,
    )


def capture_devices() -> list[str]:
    """Names a microphone may have here, for messages: cards, and the sound server if there is one."""
    return _devices(MICROPHONE)


def playback_devices() -> list[str]:
    """Names a speaker may have here."""
    return _devices(SPEAKER)


def _devices(part: Part) -> list[str]:
    names: list[str] = alsaaudio.pcms(_TYPES[part])
    return usable_names(names)


def mixer_controls(card: str) -> list[Control]:
    """Every volume and switch of the card of this id or number. Raises `DeviceMissing` if it has no mixer."""
    device = f"hw:{card}"
    keep_quiet()
    seen: Counter[str] = Counter()
    controls = []
    try:
        for name in alsaaudio.mixers(device=device):
            with contextlib.closing(alsaaudio.Mixer(name, id=seen[name], device=device)) as element:
                controls += read_element(element, name, seen[name], _STREAMS)
            seen[name] += 1
    except alsaaudio.ALSAAudioError as error:
        raise DeviceMissing(f"the mixer of card {card} cannot be read ({error})", fix="look with alsamixer") from error
    return controls


def set_control(card: str, control: Control) -> None:
    """Set a control of the card to what `control` says. Raises HardwareError."""
    keep_quiet()
    try:
        with contextlib.closing(alsaaudio.Mixer(control.name, id=control.index, device=f"hw:{card}")) as element:
            set_element(element, control, _STREAMS)
    except alsaaudio.ALSAAudioError as error:
        raise HardwareError(f"{control.name} of card {card} cannot be set ({error})", fix="try alsamixer") from error


def _card(attempt: Attempt, open_pcm: OpenPcm[P], retry_s: Sequence[float], clock: Callable[[], float]) -> Card[P]:
    return Card(attempt, open_pcm, retry_s, failure=alsaaudio.ALSAAudioError, explain=_explain, clock=clock)


def _explain(attempt: Attempt, error: Exception) -> HardwareError:
    return refusal(attempt, str(error), _devices(attempt.part), holder(attempt.device, attempt.part.stream))


class AlsaMicrophone(CardMicrophone):
    """A microphone by ALSA. Implements `hardware.base.Microphone`."""

    def __init__(
        self,
        device: str,
        format: PcmFormat,  # noqa: A002  the name in the Protocol
        *,
        backlog: int = 50,
        open_pcm: OpenPcm[CapturePcm] = open_capture,
        retry_s: Sequence[float] = RETRY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` (seconds) paces the zeros of a muted microphone, and tells for how long the card has been well."""
        card = _card(Attempt(MICROPHONE, device, format), open_pcm, retry_s, clock)
        super().__init__(card, format, backlog=backlog, clock=clock)


class AlsaSpeaker(CardSpeaker):
    """A speaker by ALSA. Implements `hardware.base.Speaker`."""

    def __init__(
        self,
        device: str,
        format: PcmFormat,  # noqa: A002  the name in the Protocol
        source: PlayoutSource,
        *,
        open_pcm: OpenPcm[PlaybackPcm] = open_playback,
        retry_s: Sequence[float] = RETRY_S,
        clock: Callable[[], float] = time.monotonic,
        stuck_s: float = STUCK_S,
        pauses: Callable[[], bool] = never,
    ) -> None:
        """`clock` (seconds) also tells for how long the card has been well. `pauses`: see `CardSpeaker`."""
        card = _card(Attempt(SPEAKER, device, format), open_pcm, retry_s, clock)
        super().__init__(card, format, source, stuck_s, clock=clock, pauses=pauses)
