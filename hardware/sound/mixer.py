"""What a sound card's mixer is set to. Knows what an `alsaaudio.Mixer` can do; `hardware.sound.alsa` opens it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from hardware.sound.holder import Stream

AUDIBLE_PERCENT: Final = 70
"""What a silent control is set to: -9 dB of a usual 30 dB range, loud enough to hear and not to hurt."""


@dataclass(frozen=True, slots=True)
class Control:
    """One simple mixer element in one direction, as `alsamixer` shows it. Several of one name differ in `index`.

    `percent` is that of the loudest channel, None for one without a volume; `on` is false if every channel is
    switched off, None for one without a switch.
    """

    name: str
    index: int
    stream: Stream
    percent: int | None = None
    on: bool | None = None

    @property
    def silent(self) -> bool:
        return self.percent == 0 or self.on is False

    def made_audible(self) -> "Control":
        """The same, switched on, and at AUDIBLE_PERCENT if it is at 0."""
        return replace(
            self,
            percent=AUDIBLE_PERCENT if self.percent == 0 else self.percent,
            on=None if self.on is None else True,
        )

    def __str__(self) -> str:
        name = f"{self.name},{self.index}" if self.index else self.name
        return f"{name} ({'switched off' if self.on is False else f'{self.percent} %'})"


def read_element(element: Any, name: str, index: int, pcm_types: Mapping[Stream, int]) -> list[Control]:
    """What an `alsaaudio.Mixer` has in each direction: nothing where there is neither volume nor switch.

    `pcm_types` are the library's numbers of the two directions.
    What playback and capture have in common ("Volume", "Mute") counts as playback.
    """
    controls = []
    volumes, switches = set(element.volumecap()), set(element.switchcap())
    for stream, pcm_type in pcm_types.items():
        kinds = ("Capture ", "Joined Capture ") if stream == "c" else ("Playback ", "Joined Playback ", "", "Joined ")
        percent = on = None
        if volumes & {f"{kind}Volume" for kind in kinds}:
            percent = max(element.getvolume(pcmtype=pcm_type))
        if switches & {f"{kind}Mute" for kind in kinds}:
            on = any(element.getrec()) if stream == "c" else not all(element.getmute())
        if percent is not None or on is not None:
            controls.append(Control(name, index, stream, percent, on))
    return controls


def set_element(element: Any, control: Control, pcm_types: Mapping[Stream, int]) -> None:
    """Set an `alsaaudio.Mixer`, in the one direction, to what `control` says; None leaves it as it is."""
    if control.percent is not None:
        element.setvolume(control.percent, pcmtype=pcm_types[control.stream])
    if control.on is not None and control.stream == "p":
        element.setmute(not control.on)
    elif control.on is not None:
        element.setrec(control.on)
