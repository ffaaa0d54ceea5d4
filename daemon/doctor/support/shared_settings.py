"""The settings for a support bundle: values that can be nobody's words, and what equals its default.

What is whose is said by the fields (`daemon.settings.sharing`). Devices are told apart by their numbers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel

from daemon.house.settings import Settings
from daemon.live.settings import KNOWN_MODELS
from daemon.settings.sharing import share_of
from daemon.wake.models import WAKE_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from daemon.settings.field import Share

LEFT_OUT: Final = "(left out)"
DEFAULT: Final = "(default)"

_LANGUAGE: Final = re.compile(r"[a-z]{2}(?:-[A-Z]{2})?")
_PCM: Final = re.compile(r"(hw|plughw|sysdefault|dsnoop|dmix|front):(?:CARD=)?([^,]*)(?:,(?:DEV=)?\d{1,2})?")
_USB_PORT: Final = re.compile(r"usb:[\d.-]+(?:,DEV=\d{1,2})?")
_SERVERS: Final = frozenset({"default", "pulse", "pipewire"})


def settings_lines(settings: Settings | None, cards: Sequence[str]) -> Iterator[str]:
    """`table.key = value`, a line each. `cards` are the ids of this machine's sound cards, by number."""
    if settings is None:
        yield "there are no settings that can be used"
        return
    tables = dict(_tables(settings))
    for name, default in _tables(Settings()):
        table = tables[name]
        yield from _table_lines(name, table, default, cards)
    for number, device in enumerate(settings.devices, 1):
        yield f"device {number}:"
        yield from (f"  {line}" for line in _table_lines("device", device, None, cards))


def _tables(settings: BaseModel, prefix: str = "") -> Iterator[tuple[str, BaseModel]]:
    """Every table in `settings`, the outer before the inner."""
    for key in type(settings).model_fields:
        value = getattr(settings, key)
        if isinstance(value, BaseModel):
            yield f"{prefix}{key}", value
            yield from _tables(value, f"{prefix}{key}.")


def _table_lines(name: str, table: BaseModel, default: BaseModel | None, cards: Sequence[str]) -> Iterator[str]:
    for key, field in type(table).model_fields.items():
        value = getattr(table, key)
        if not isinstance(value, BaseModel):
            same = default is not None and value == getattr(default, key)
            yield f"{name}.{key} = {_shown(share_of(field), value, cards, same=same)}"


def _shown(share: Share | None, value: Any, cards: Sequence[str], *, same: bool) -> str:
    if same:
        return f"{value} {DEFAULT}" if share == "harmless" else DEFAULT
    return _WAYS[share](value, cards) if share else LEFT_OUT


def pcm_name(device: str, cards: Sequence[str]) -> str:
    """An ALSA name with its card by number, for an id may be somebody's name."""
    if device in _SERVERS or _USB_PORT.fullmatch(device):
        return device
    found = _PCM.fullmatch(device)
    if not found:
        return LEFT_OUT
    if found[2] in cards:
        return f"{found[1]} of card {cards.index(found[2])}"
    if found[2].isdecimal() and int(found[2]) < len(cards):
        return f"{found[1]} of card {int(found[2])}, by number"
    return f"{found[1]} of a card that is not there"


def _known_model(value: str, _: Sequence[str]) -> str:
    return value if value in KNOWN_MODELS else LEFT_OUT


def _wake_words(value: tuple[str, ...], _: Sequence[str]) -> str:
    return ", ".join(name if name in WAKE_WORDS else "(one of their own)" for name in value)


def _language(value: str, _: Sequence[str]) -> str:
    return value if _LANGUAGE.fullmatch(value) else LEFT_OUT


def _whole(value: Any, _: Sequence[str]) -> str:
    return str(value)


_WAYS: Final[Mapping[Share, Callable[[Any, Sequence[str]], str]]] = {
    "harmless": _whole,
    "language": _language,
    "model": _known_model,
    "pcm": pcm_name,
    "wake words": _wake_words,
}
"""How a value is shown that is what the field says: whole, or as far as it is known to be nobody's words."""
