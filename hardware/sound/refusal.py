"""Why a sound card cannot be used, in words that help. Knows ALSA's answers, not its library."""

import errno
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from hardware.base import SAMPLE_BYTES, PcmFormat
from hardware.errors import DeviceBusy, DeviceMissing, FormatRefused, HardwareError
from hardware.sound.holder import Stream, card_of


@dataclass(frozen=True, slots=True)
class Part:
    """What a sound card is to us. `name` is also the section of the settings."""

    name: Literal["microphone", "speaker"]
    stream: Stream


MICROPHONE: Final = Part("microphone", "c")
SPEAKER: Final = Part("speaker", "p")

CONVERTING: Final = ("plughw", "sysdefault", "plug", "usb")
"""PCMs by which ALSA converts already."""

_MISSING: Final = (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ECONNREFUSED, errno.EHOSTDOWN)
"""An unknown name, a card that is not plugged in, a sound server that is not running."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was to be opened."""

    part: Part
    device: str
    format: PcmFormat


def refusal(attempt: Attempt, answer: str, devices: Sequence[str], held_by: str | None) -> HardwareError:
    """The error for ALSA's `answer`, which begins with a `strerror` text; it carries no number.

    `devices` are the names that could be used instead, `held_by` who has the card open, if that is known.
    """
    code = _code(answer)
    subject = f"{attempt.part.name} {attempt.device!r}"
    if code in _MISSING:
        return DeviceMissing(f"there is no {subject}", fix=_choose(attempt.part, devices))
    if code == errno.EBUSY:
        return DeviceBusy(
            f"{subject} is in use by {held_by or 'another program'}",
            fix="stop that program, or keep the sound server away from this card",
        )
    if code in (errno.EACCES, errno.EPERM):
        return HardwareError(
            f"no permission to use {subject}",
            fix="add the user Pipit runs as to the group audio: sudo usermod -aG audio USER",
        )
    if code == errno.EINVAL:
        return FormatRefused(f"{subject} does not offer {_words(attempt.format)}", fix=_convert(attempt))
    return HardwareError(f"{subject} cannot be opened ({answer})", fix=_choose(attempt.part, devices))


def usable_names(names: Sequence[str]) -> list[str]:
    """Of all the PCMs that ALSA lists those to choose from: cards by the PCM that converts, and sound servers."""
    wanted = {"default", "pipewire", "plughw", "pulse"}
    hdmi = {*wanted, "sysdefault"} - {"plughw"}
    return [name for name in names if name.partition(":")[0] in (hdmi if is_hdmi(name) else wanted)]


def check_negotiated(attempt: Attempt, info: Mapping[str, Any]) -> None:
    """Compare what was asked for with `info`, what the card gave: ALSA opens with other values without a word.

    Periods of another size are no fault, for streams are cut into periods again. Raises FormatRefused.
    """
    asked, part = attempt.format, attempt.part.name
    if info["rate"] != asked.rate_hz:
        raise FormatRefused(
            f"{part} {attempt.device!r} gave {info['rate']} Hz where {asked.rate_hz} Hz were asked for",
            fix=f"set rate_hz = {info['rate']} under [{part}], or {_convert(attempt)}",
        )
    if info["channels"] != asked.channels:
        raise FormatRefused(
            f"{part} {attempt.device!r} gave {info['channels']} channels where {asked.channels} were asked for",
            fix=f"set channels = {info['channels']} under [{part}], or {_convert(attempt)}",
        )
    if info["format_name"] != asked.sample_format:
        raise FormatRefused(
            f"{part} {attempt.device!r} gave {info['format_name']} where {asked.sample_format} was asked for",
            fix=_take_or_convert(attempt, info["format_name"]),
        )


def _code(answer: str) -> int | None:
    """The error number whose text `answer` begins with."""
    known = (*_MISSING, errno.EBUSY, errno.EACCES, errno.EPERM, errno.EINVAL)
    return next((code for code in known if answer.startswith(os.strerror(code))), None)


def _choose(part: Part, devices: Sequence[str]) -> str:
    if not devices:
        return f"plug a sound card in; none that is plugged in can be a {part.name}"
    return f"plug it in, or set device under [{part.name}] to one of: {', '.join(devices)}"


def converting_pcm(card: str, *, hdmi: bool, device: int = 0) -> str:
    """The PCM by which ALSA converts what the card of this id, or its PCM of this number, does not take itself.

    HDMI takes nothing but frames of IEC 958, which its own PCM makes and plughw does not (tidal-connect#254).
    """
    return f"{'sysdefault' if hdmi else 'plughw'}:CARD={card}{f',DEV={device}' if device else ''}"


def is_bare_hdmi(device: str) -> bool:
    """Whether the name is that of a screen's card by itself, which no sound of ours can be played by."""
    return device.partition(":")[0] in {"hw", "plughw"} and is_hdmi(device)


def is_hdmi(device: str) -> bool:
    """Whether the name is that of a screen's card, however it is reached."""
    return "hdmi" in device.lower()


def _convert(attempt: Attempt) -> str:
    """Have ALSA convert, if it does not yet."""
    prefix, _, card = attempt.device.partition(":")
    if is_bare_hdmi(attempt.device):
        name = converting_pcm(card_of(attempt.device), hdmi=True)
    elif prefix in CONVERTING:
        return f"set rate_hz = 48000 and channels = 2 under [{attempt.part.name}], which nearly every card has"
    else:
        name = f"plughw:{card}" if prefix == "hw" and card else "plughw:CARD=… of that card"
    return f"have ALSA convert by device = {name!r} under [{attempt.part.name}]"


def _take_or_convert(attempt: Attempt, offered: str) -> str:
    if offered not in SAMPLE_BYTES:
        return _convert(attempt)
    return f'set sample_format = "{offered}" under [{attempt.part.name}], or {_convert(attempt)}'


def _words(format: PcmFormat) -> str:  # noqa: A002
    channels = "1 channel" if format.channels == 1 else f"{format.channels} channels"
    return f"{format.rate_hz} Hz, {channels}, {format.sample_format}"
