"""The mixer of the sound cards: a volume of nothing, or a switch that is off."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from daemon.doctor.checks.chosen_cards import MICROPHONE, SPEAKER, Side, card_behind
from daemon.errors import DeviceMissing, PipitError
from daemon.machine.check import Check
from daemon.machine.finding import CannotTell, Finding, bad, good, warning
from daemon.machine.sound_cards import cards
from hardware.boards.reading import known_boards
from hardware.sound.mixer import Control

if TYPE_CHECKING:
    from daemon.doctor.examining.patient import Patient
    from daemon.machine.sound_cards import Card

ReadMixer = Callable[[str], list[Control]]
SetControl = Callable[[str, Control], None]

QUIET_PERCENT: Final = 20
"""Below this a voice across the room is not understood, whatever the card: the lowest fifth of its range."""

_SERIES: Final = {
    "p": re.compile(r"^(Master|PCM|Digital|DAC|Playback|Softmaster)\b", re.IGNORECASE),
    "c": re.compile(r"^(Capture|ADC|Digital|PGA)\b", re.IGNORECASE),
}
"""Elements that all sound goes through: one of them off, and nothing is heard."""
_CHOICE: Final = {
    "p": re.compile(r"^(Speaker|Headphone|HP|Line ?Out|Front)", re.IGNORECASE),
    "c": re.compile(r"^(.*\bMic|Line)(?!.*Boost)", re.IGNORECASE),
}
"""Elements side by side: nothing is heard if all of them are off."""


def _real_mixer(card: str) -> list[Control]:
    from hardware.sound.alsa import mixer_controls

    return mixer_controls(card)


def _really_set(card: str, control: Control) -> None:
    from hardware.sound.alsa import set_control

    set_control(card, control)


def examine_mixer(site: Patient, read_mixer: ReadMixer = _real_mixer) -> Finding:
    """What keeps sound from the two cards of the settings."""
    problems, quiet, seen = [], [], []
    for side, card, controls in _mixers(site, read_mixer):
        problems += [f"the {side.name}'s {control} on {card.id}" for control in silent_controls(controls, side)]
        quiet += [f"the {side.name}'s {control} on {card.id}" for control in _quiet(controls, side)]
        seen.append(card.id)
    if problems:
        return bad(
            f"nothing can be heard: {', '.join(problems)}", "`sudo pipit doctor --fix` turns it up; so does alsamixer"
        )
    if quiet:
        return warning(f"it is set very low: {', '.join(quiet)}", "turn it up with alsamixer")
    return good(f"the mixers of {', '.join(dict.fromkeys(seen))} let sound through")


def _mixers(site: Patient, read_mixer: ReadMixer) -> list[tuple[Side, Card, list[Control]]]:
    """The mixers of the two sides. Raises CannotTell if neither has one."""
    cards(site)  # says so where there is no sound at all
    found, reasons = [], []
    for side in (MICROPHONE, SPEAKER):
        card = card_behind(site, side)
        if card is None:
            reasons.append(f"the card of the {side.name} is not known")
            continue
        try:
            controls = read_mixer(card.id)
        except DeviceMissing as error:
            reasons.append(error.message)
            continue
        if any(control.stream == side.stream for control in controls):
            found.append((side, card, controls))
        else:
            reasons.append(f"{card.id} has no mixer for the {side.name}")
    if not found:
        raise CannotTell("; ".join(reasons))
    return found


def silent_controls(controls: Sequence[Control], side: Side) -> list[Control]:
    """Those that keep all sound from this side."""
    of_side = [control for control in controls if control.stream == side.stream]
    series = [control for control in of_side if _SERIES[side.stream].match(control.name)]
    choice = [control for control in of_side if _CHOICE[side.stream].match(control.name)]
    routes = [control for control in controls if control.name in _routes(side)]
    silent = [control for control in (*series, *routes) if control.silent]
    return silent + (choice if choice and all(control.silent for control in choice) else [])


def _routes(side: Side) -> set[str]:
    """Switches inside the codecs that boards want on, for they are off after a cold start.

    ALSA lists those that have no direction in their name with playback, whatever they belong to.
    """
    wanted = (level for board in known_boards() for level in board.mixer)
    return {level.control for level in wanted if level.side == side.name and level.on and level.percent is None}


def _quiet(controls: Sequence[Control], side: Side) -> list[Control]:
    of_side = [control for control in controls if control.stream == side.stream]
    return [
        control
        for control in of_side
        if _SERIES[side.stream].match(control.name) and 0 < (control.percent or 0) < QUIET_PERCENT
    ]


def mend_mixer(site: Patient, read_mixer: ReadMixer = _real_mixer, set_one: SetControl = _really_set) -> str:
    """Turn on, and up to an ordinary level, what is silent; says how it was, so that it can be undone."""
    done = []
    for side, card, controls in _mixers(site, read_mixer):
        for control in silent_controls(controls, side):
            set_one(card.id, control.made_audible())
            done.append(f"{control} on {card.id}")
    if not done:
        raise PipitError("only what is silent is turned up without you", fix="use alsamixer")
    return f"turned up {', '.join(done)}; `sudo alsactl store` keeps it"


MIXER = Check("mixer", "Do the mixers of the sound cards let sound through?", examine_mixer, mend_mixer)
