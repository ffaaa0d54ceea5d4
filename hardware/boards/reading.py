"""The files in this folder become boards. What is wrong in one is named by its file and key; nothing is passed over."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hardware.base import SAMPLE_BYTES
from hardware.boards.board import Board, BoardFileError, BoardPin, Light, MixerLevel, Refusal, Sound
from hardware.header.pins import HEADER_PINS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FOLDER: Final = Path(__file__).parent

_WORD: Final = re.compile(r"[a-z0-9][a-z0-9_-]*")
_USB: Final = re.compile(r"[0-9a-f]{4}:([0-9a-f]{4}|\*)")
_RATES_HZ: Final = range(8_000, 192_001)


def known_boards(folder: Path = FOLDER) -> tuple[Board, ...]:
    """Every board of the folder, by `order` and word. Raises BoardFileError."""
    boards = [read_board(path) for path in folder.glob("*.toml")]
    return tuple(sorted(boards, key=lambda board: (board.order, board.word)))


def read_board(path: Path) -> Board:
    """The board of one file, whose name is its word. Raises BoardFileError, which names the file and the key."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        return Board(word=_word(path.stem), **_read(document, _BOARD))
    except (OSError, ValueError, TypeError) as error:
        raise BoardFileError(
            f"the board file {path.name} cannot be used: {error}",
            fix="correct it; hardware/boards/board.py has the keys",
        ) from error


def _word(stem: str) -> str:
    if not _WORD.fullmatch(stem):
        raise ValueError("its name must be of small letters, digits, - and _")
    return stem


def _read(table: Mapping[str, Any], keys: Mapping[str, tuple[str, Callable[[Any], Any]]]) -> dict[str, Any]:
    """The values of a table under the names of our fields. Raises ValueError that names the key."""
    values = {}
    for key, value in table.items():
        if key not in keys:
            raise ValueError(f"{key} is not a key; there are {', '.join(keys)}")
        field, reader = keys[key]
        try:
            values[field] = reader(value)
        except (ValueError, TypeError) as error:
            raise ValueError(f"{key} {error}") from None
    return values


def _text(value: Any) -> str:
    """It goes through pipes and tables line by line."""
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError("must be text on one line")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")  # noqa: TRY004 - one kind of error for a wrong file
    return value


def _number(least: int, most: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return value

    return read


def _decibels(value: Any) -> float:
    if type(value) not in (int, float) or not -20 <= value <= 60:
        raise ValueError("must be a number from -20 to 60")
    return float(value)


def _one_of(*words: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return str(value)

    return read


def _list(reader: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValueError("must be a list")  # noqa: TRY004 - as above
        return tuple(reader(one) for one in value)

    return read


def _table(make: Callable[..., Any], keys: Mapping[str, tuple[str, Callable[[Any], Any]]]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError("must be a table")  # noqa: TRY004 - as above
        return make(**_read(value, keys))

    return read


def _line(value: Any) -> str:
    text = _text(value)
    if ";" in text or not re.match(r"(dtoverlay|dtparam|gpio)=", text):
        raise ValueError("must hold lines of config.txt: dtoverlay=…, dtparam=… or gpio=…")
    return text


def _usb(value: Any) -> str:
    text = _text(value)
    if not _USB.fullmatch(text):
        raise ValueError("must hold ids such as 0b0e:0412, or 0b0e:* for all of a vendor")
    return text


def _button(pin: int, only_on: str = "") -> BoardPin:
    return BoardPin(pin, "its button", "button", only_on)


_PIN: Final = _number(HEADER_PINS[0], HEADER_PINS[-1])
_PIN_KEYS: Final = {
    "pin": ("pin", _PIN),
    "use": ("use", _text),
    "only_on": ("only_on", _text),
    "moved_by": ("moved_by", _text),
}
_BUTTON_KEYS: Final = {"pin": ("pin", _PIN), "only_on": ("only_on", _text)}
_LIGHT_KEYS: Final = {
    "kind": ("kind", _one_of("led", "apa102", "ws2812")),
    "count": ("count", _number(1, 255)),
    "pins": ("pins", _list(_PIN)),
    "only_on": ("only_on", _text),
}
_MIXER_KEYS: Final = {
    "control": ("control", _text),
    "side": ("side", _one_of("microphone", "speaker")),
    "on": ("on", _flag),
    "percent": ("percent", _number(0, 100)),
}
_SOUND_KEYS: Final = {
    "rate_hz": ("rate_hz", _number(_RATES_HZ[0], _RATES_HZ[-1])),
    "channels": ("channels", _number(1, 8)),
    "channel": ("channel", _number(0, 7)),
    "sample_format": ("sample_format", _one_of(*SAMPLE_BYTES)),
    "gain_db": ("gain_db", _decibels),
    "device": ("device", _number(0, 31)),
}
_REFUSAL_KEYS: Final = {"models": ("models", _list(_text)), "sentence": ("sentence", _text), "fix": ("fix", _text)}

_BOARD: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "order": ("order", _number(0, 10_000)),
    "title": ("title", _text),
    "source": ("source", _text),
    "cards": ("cards", _list(_text)),
    "usb": ("usb", _list(_usb)),
    "lines": ("lines", _list(_line)),
    "eeprom": ("eeprom", _text),
    "i2c_address": ("i2c_address", _number(0x03, 0x77)),
    "module": ("module", _text),
    "overlay_from": ("overlay_from", _text),
    "hears": ("hears", _flag),
    "speaks": ("speaks", _flag),
    "echo_cancelling": ("echo_cancelling", _flag),
    "pauses": ("pauses", _flag),
    "remark": ("remark", _text),
    "microphone": ("microphone", _table(Sound, _SOUND_KEYS)),
    "speaker": ("speaker", _table(Sound, _SOUND_KEYS)),
    "pin": ("own_pins", _list(_table(BoardPin, _PIN_KEYS))),
    "button": ("buttons", _list(_table(_button, _BUTTON_KEYS))),
    "light": ("lights", _list(_table(Light, _LIGHT_KEYS))),
    "mixer": ("mixer", _list(_table(MixerLevel, _MIXER_KEYS))),
    "refusal": ("refusal", _table(Refusal, _REFUSAL_KEYS)),
}
"""By key of the file: the field of Board, and how its value is read."""
