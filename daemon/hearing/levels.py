"""The levels that a sound board wants of its mixer: set at each start, for a codec forgets them without power."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from daemon.machine.facts import CONFIG_FILES
from hardware.boards.matching import board_of, config_lines
from hardware.errors import PipitError
from hardware.sound.holder import PROC, card_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hardware.boards.board import MixerLevel, Side
    from hardware.sound.mixer import Control

NEAR_PERCENT: Final = 8
"""How far a level may be from what was asked for and still hold: half a step of a control that has but seven."""

log = logging.getLogger(__name__)


def _read(card: str) -> list[Control]:
    from hardware.sound.alsa import mixer_controls

    return mixer_controls(card)


def _set(card: str, control: Control) -> None:
    from hardware.sound.alsa import set_control

    set_control(card, control)


def set_board_levels(
    microphone: str,
    speaker: str,
    *,
    read: Callable[[str], list[Control]] = _read,
    set_one: Callable[[str, Control], None] = _set,
    config_files: Sequence[str] = CONFIG_FILES,
    proc: Path = PROC,
) -> list[str]:
    """Set what the boards behind these ALSA names want of their mixers; warn in the log of what does not hold.

    Returns those warnings. Waits for ALSA, some tens of milliseconds. Never raises for a card: a board that is too low
    may still be heard, and what is not there is told when it is opened. Where the name tells no card, or the card is no
    board that is known, nothing is touched.
    """
    told: list[str] = []
    sides: tuple[tuple[Side, str], ...] = (("microphone", microphone), ("speaker", speaker))
    for side, device in sides:
        card = _card_id(card_of(device), proc)
        try:
            levels = _levels(card, side, config_files)
            if levels:
                told += _settle(card, levels, read, set_one)
        except PipitError as error:
            told.append(f"the levels of the {side} could not be set: {error}")
    for sentence in told:
        log.warning("%s", sentence)
    return told


def _card_id(card: str, proc: Path) -> str:
    """The id of a card, also where its number is given; empty if there is no such card."""
    if not card.isdecimal():
        return card
    try:
        return (proc / f"asound/card{card}/id").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _levels(card: str, side: Side, config_files: Sequence[str]) -> list[MixerLevel]:
    board = board_of(card, config_lines(map(Path, config_files))) if card else None
    return [level for level in board.mixer if level.side == side] if board else []


def _settle(
    card: str,
    levels: Sequence[MixerLevel],
    read: Callable[[str], list[Control]],
    set_one: Callable[[str, Control], None],
) -> list[str]:
    """Set what stands otherwise, read it back, and return a sentence for each level that does not hold."""
    told = []
    controls = read(card)
    for level in levels:
        for control in _meant(controls, level):
            if not _holds(control, level):
                try:
                    set_one(card, _as_wanted(control, level))
                except PipitError as error:
                    told.append(str(error))
    return told + list(_not_held(card, levels, read(card)))


def _not_held(card: str, levels: Sequence[MixerLevel], controls: Sequence[Control]) -> Iterator[str]:
    for level in levels:
        meant = _meant(controls, level)
        if not meant:
            yield f"the board's {level.side} wants {_words(level)}, which {card} has not. Fix: see `pipit doctor`"
        for control in meant:
            if not _holds(control, level):
                yield (
                    f"the {level.side}'s {control} on {card} did not stay at {_words(level)}. Fix: see whether another"
                    " program sets it, and `pipit doctor`"
                )


def _meant(controls: Sequence[Control], level: MixerLevel) -> list[Control]:
    """Those of the level's name: of its side, or where ALSA tells no side, which it lists with playback."""
    named = [control for control in controls if control.name == level.control]
    own = [control for control in named if control.stream == ("c" if level.side == "microphone" else "p")]
    return own or named


def _holds(control: Control, level: MixerLevel) -> bool:
    """What has no switch is never off."""
    on_holds = level.on is None or control.on is None or control.on == level.on
    if level.percent is None:
        return on_holds
    return on_holds and control.percent is not None and abs(control.percent - level.percent) <= NEAR_PERCENT


def _as_wanted(control: Control, level: MixerLevel) -> Control:
    """The control with the level's parts that it has; None leaves a part as it is."""
    return replace(
        control,
        percent=None if control.percent is None else level.percent,
        on=None if control.on is None else level.on,
    )


def _words(level: MixerLevel) -> str:
    switched = {True: ["on"], False: ["off"], None: []}[level.on]
    return " ".join([level.control, *switched, *([f"{level.percent} %"] if level.percent is not None else [])])
