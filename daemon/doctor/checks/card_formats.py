"""Do the settings open the cards as they are? Else ALSA converts: by lines between samples, and by means of slots."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from daemon.doctor.checks.chosen_cards import MICROPHONE, SPEAKER, Side, card_behind
from daemon.hearing.making import microphone_format
from daemon.house.settings import Settings
from daemon.machine.check import Check
from daemon.machine.facts import CONFIG_FILES
from daemon.machine.finding import CannotTell, Finding, good, warning
from daemon.machine.usb_streams import Offer, offers
from daemon.speech.making import speaker_format
from hardware.base import SAMPLE_BYTES
from hardware.boards.matching import board_of, config_lines, usb_board_of
from hardware.boards.pages import wishes_of
from hardware.sound.holder import device_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from daemon.doctor.examining.patient import Patient, PatientCheck
    from daemon.machine.sound_cards import Card
    from hardware.base import PcmFormat
    from hardware.boards.board import Board

REPLIES_HZ: Final = 24_000
HEARS_HZ: Final = 16_000
LOUD_GAIN_DB: Final = 6.0
"""From one bit on it matters that the card's low bits are still there when the gain is applied."""


@dataclass(frozen=True)
class Opened:
    """One side of the settings, and what the card behind it takes."""

    side: Side
    card: Card
    format: PcmFormat
    gain_db: float
    ways: tuple[Offer, ...]


def examine(site: Patient, side: Side) -> Finding:
    """The first thing by which the card's own quality is lost, or what board it is of which something else is known."""
    opened, board = _opened(site, side)
    if opened.ways:
        wrong = list(_losses(opened))
        told = f"{side.name} {opened.card.id} is opened as it is"
    elif board and board.cards:
        wrong = _other_than(board, site, side)
        told = f"{side.name} {opened.card.id} is opened as the board {board.word} wants it"
    else:
        raise CannotTell(f"the kernel does not say what {opened.card} takes")
    if not wrong:
        return good(f"the {told}")
    return warning(f"the {side.name}: {wrong[0][0]}", f"set {wrong[0][1]} under [{side.name}]")


def _opened(site: Patient, side: Side) -> tuple[Opened, Board | None]:
    settings = site.settings or Settings()
    card = card_behind(site, side)
    if card is None:
        raise CannotTell(f"the {side.name} is no card that is known here")
    heard = side is MICROPHONE
    ways = offers(site, card.number, device_of(side.device(site)), side.stream)
    pcm_format = microphone_format(settings.microphone) if heard else speaker_format(settings.speaker)
    lines = config_lines(Path(site.path(file)) for file in CONFIG_FILES)
    board = usb_board_of(card.usb) if card.usb else board_of(card.id, lines)
    return Opened(side, card, pcm_format, settings.microphone.gain_db if heard else 0.0, ways), board


def _losses(opened: Opened) -> Iterator[tuple[str, str]]:
    """What is lost, and what to set."""
    chosen, ways = opened.format, opened.ways
    rates = [way for way in ways if way.has_rate(chosen.rate_hz)]
    if not rates:
        best = _nearest_rate(ways, HEARS_HZ if opened.side is MICROPHONE else REPLIES_HZ)
        yield (
            f"{opened.card.id} has no {chosen.rate_hz} Hz, and ALSA may convert without a filter",
            f"rate_hz = {best}",
        )
    channels = sorted({way.channels for way in rates or ways})
    if chosen.channels not in channels and opened.side is MICROPHONE and channels[0] > 1:
        yield (
            f"{opened.card.id} has {_listed(channels)} channels, of which ALSA would make {chosen.channels}",
            f"channels = {channels[0]}, channel = 0",
        )
    yield from _bits(opened, rates or list(ways))


def _bits(opened: Opened, ways: Sequence[Offer]) -> Iterator[tuple[str, str]]:
    """Where a gain is to come, what the card has below 16 bits."""
    if opened.format.sample_format != "S16_LE" or opened.gain_db < LOUD_GAIN_DB:
        return
    wide = [name for way in ways for name in way.sample_formats if name in SAMPLE_BYTES and name != "S16_LE"]
    if wide:
        yield (
            f"{opened.card.id} has more than 16 bits, and a gain of {opened.gain_db:g} dB brings none of them back",
            f'sample_format = "{wide[0]}"',
        )


def _nearest_rate(ways: Sequence[Offer], ours_hz: int) -> int:
    """The lowest that loses nothing, and rather a multiple of ours."""
    rates = sorted({rate for way in ways for rate in way.rates_hz})
    enough = [rate for rate in rates if rate >= ours_hz]
    return min(enough, key=lambda rate: (rate % ours_hz != 0, rate), default=rates[-1])


def _other_than(board: Board, site: Patient, side: Side) -> list[tuple[str, str]]:
    """What the settings have otherwise than the board's file; a gain is the household's."""
    settings = site.settings or Settings()
    table = settings.microphone if side is MICROPHONE else settings.speaker
    sound = board.microphone if side is MICROPHONE else board.speaker
    keys = ("rate_hz", "channels", "channel", "sample_format")
    wanted = {key: getattr(sound, key) for key in keys if hasattr(table, key)}
    other = [key for key, value in wanted.items() if value is not None and getattr(table, key) != value]
    if not other:
        return []
    return [(f"the board {board.word} has other {' and '.join(other)} than the settings", wishes_of(board, side.name))]


def _listed(numbers: Sequence[int]) -> str:
    return " or ".join(map(str, numbers))


MICROPHONE_FORMAT: Final[PatientCheck] = Check(
    "microphone-format", "Is the microphone opened as it is?", lambda site: examine(site, MICROPHONE)
)
SPEAKER_FORMAT: Final[PatientCheck] = Check(
    "speaker-format", "Is the speaker opened as it is?", lambda site: examine(site, SPEAKER)
)
