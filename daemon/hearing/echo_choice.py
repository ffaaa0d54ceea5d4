"""Who takes the echo out: the board, libspeexdsp, or nobody; by the settings and by what is known of the board."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from daemon.machine.facts import CONFIG_FILES
from daemon.sound.echo.echo_path import EchoPath
from daemon.sound.echo.speexdsp import NoEchoLibrary, SpeexCanceller, open_library
from hardware.boards.matching import board_of, config_lines, usb_board_of
from hardware.errors import PipitError
from hardware.sound.holder import PROC, card_of
from hardware.sound.usb_place import SYS

if TYPE_CHECKING:
    import ctypes
    from collections.abc import Callable, Sequence

    from hardware.base import PcmFormat
    from hardware.boards.board import Board

EchoChoice = Literal["auto", "none", "hardware", "software"]
Chosen = Literal["none", "hardware", "software"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EchoChooser:
    """`microphone` and `speaker` are ALSA names."""

    choice: EchoChoice
    microphone: str
    speaker: str
    config_files: Sequence[str] = CONFIG_FILES
    boards: Sequence[Board] | None = None
    proc: Path = PROC
    sys: Path = SYS
    open: Callable[[], ctypes.CDLL] = open_library

    def chosen(self) -> Chosen:
        """Reads files, some tens of milliseconds. Never raises: a board whose file is wrong is told elsewhere.

        A board knows what it plays itself alone: it counts where both sides are on it.
        """
        if self.choice != "auto":
            return self.choice
        card = card_of(self.microphone, self.sys)
        if not card or card != card_of(self.speaker, self.sys):
            return "software"
        try:
            board = self._board(card)
        except PipitError as error:
            log.debug("what the board does about the echo is not known: %s", error)
            return "software"
        return "hardware" if board and board.echo_cancelling else "software"

    def _board(self, card: str) -> Board | None:
        folder = f"card{card}" if card.isdecimal() else card
        try:
            usb = (self.proc / "asound" / folder / "usbid").read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return board_of(card, config_lines(map(Path, self.config_files)), self.boards)
        return usb_board_of(usb, self.boards)

    def path(self, speaker_format: PcmFormat, now_s: Callable[[], float] = time.monotonic) -> EchoPath:
        """What hears what is played. Where the library is missing it goes on without, and says so once."""
        chosen = self.chosen()
        if chosen != "software":
            log.info("echo: %s", "the board takes it out" if chosen == "hardware" else "it stays")
            return EchoPath(speaker_format, now_s, by_board=chosen == "hardware")
        try:
            library = self.open()
        except NoEchoLibrary as error:
            wanted = self.choice == "software"
            log.log(logging.WARNING if wanted else logging.INFO, "echo: it stays, for %s (%s)", error, error.fix)
            return EchoPath(speaker_format, now_s, without_library=wanted)
        log.info("echo: libspeexdsp takes it out, while something plays")
        return EchoPath(speaker_format, now_s, lambda: SpeexCanceller(library))
