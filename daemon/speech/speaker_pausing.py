"""Whether a speaker may stop its stream between two sounds, by its settings or by what is known of its board.

Most may not: amplifiers and codecs of many boards click when a stream starts or stops, HDMI and some USB devices
swallow what they hear first (docs/decisions/0045-at-rest-one-thread-decides.md).
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.machine.facts import CONFIG_FILES
from hardware.boards.matching import board_of, config_lines
from hardware.errors import PipitError
from hardware.sound.holder import card_of
from hardware.sound.refusal import is_hdmi

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.speech.settings import SpeakerSettings
    from hardware.boards.board import Board

log = logging.getLogger(__name__)


def may_pause(
    speaker: SpeakerSettings, *, config_files: Sequence[str] = CONFIG_FILES, boards: Sequence[Board] | None = None
) -> bool:
    """Reads files, some tens of milliseconds. A card that its name does not tell, or that nobody knows, may not.

    Never raises: a board whose file is wrong is told elsewhere.
    """
    if speaker.pauses != "board":
        return speaker.pauses == "always" and not is_hdmi(speaker.device)
    try:
        board = board_of(card_of(speaker.device), config_lines(map(Path, config_files)), boards)
    except PipitError as error:
        log.debug("the speaker does not pause: %s", error)
        return False
    return board is not None and board.pauses
