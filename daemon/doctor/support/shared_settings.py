"""The settings for a support bundle: values that can be nobody's words, and what equals its default."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel

from daemon.house.settings import Settings
from daemon.live.settings import KNOWN_MODELS, LiveSettings
from daemon.wake.models import WAKE_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LEFT_OUT: Final = "(left out)"
DEFAULT: Final = "(default)"

LIVE_TABLES: Final = ("turns", "tools", "sampling", "thinking", "dialog", "google", "safety", "context")
"""Of these all is numbers, switches, or words of a list."""


def _keys_of(table: type[BaseModel], name: str) -> Iterator[str]:
    inner = table.model_fields[name].annotation
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        yield from inner.model_fields


HARMLESS: Final = frozenset(
    {
        *(f"microphone.{key}" for key in ("rate_hz", "channels", "sample_format", "channel", "gain_db", "period_ms")),
        *(f"speaker.{key}" for key in ("rate_hz", "channels", "period_ms", "volume")),
        *(f"wake.{key}" for key in ("threshold", "consecutive", "refractory_s", "gate")),
        *(f"listening.{key}" for key in ("end_silence_ms", "nothing_said_s", "longest_utterance_s", "follow_up_s")),
        *(f"listening.{key}" for key in ("linger_s", "reply_deadline_s", "longest_reply_s")),
        *(f"live.{key}" for key in ("voice", "api_version", "connect_timeout_s", "response", "media_resolution")),
        *("live.transcription.input", "live.transcription.output"),
        *(f"live.{name}.{key}" for name in LIVE_TABLES for key in _keys_of(LiveSettings, name)),
        *(f"broker.{key}" for key in ("port", "lock", "session_s", "start_s", "device_per_minute", "per_minute")),
        *("broker.connections", "broker.clock_tolerance_s"),
        *("history.keep", "history.days", "history.tools"),
        *(f"usage.{key}" for key in ("daily_limit", "monthly_limit", "warn_at", "recycle_tokens")),
        *(f"button.{key}" for key in ("pin", "hold_ms", "tail_ms", "bounce_ms", "pull")),
        *("mute.pin", "mute.pull", "indicator.pin", "indicator.active", "gpio.chip", "gpio.factory"),
        *(f"camera.{key}" for key in ("source", "width", "height", "rotation", "quality", "look", "watch", "watch_s")),
        *(f"device.{key}" for key in ("kind", "pin", "active", "safe", "max_on_s", "min_off_s")),
        *(f"device.{key}" for key in ("min_level", "max_level", "max_switches_per_minute")),
    }
)
"""Numbers, switches and words that the settings themselves limit to a list or a pattern."""

PERSONAL: Final = frozenset(
    {
        *("household.name", "household.room", "device.name", "camera.device", "camera.path"),
        *("live.transcription.languages", "live.transcription.vocabulary", "usage.currency"),
        *("live.credential.broker", "live.credential.broker_ca_file", "live.credential.secret_file"),
        *("broker.host", "broker.names", "broker.certificate"),
        *("live.system_instruction", "live.endpoint", "live.ca_file", "live.credential.file", "wake.models_dir"),
    }
)
"""What people wrote. Devices are told apart by their numbers, in the order of the settings."""

_LANGUAGE: Final = re.compile(r"[a-z]{2}(?:-[A-Z]{2})?")
_PCM: Final = re.compile(r"(hw|plughw|sysdefault|dsnoop|dmix|front):(?:CARD=)?([^,]*)(?:,(?:DEV=)?\d{1,2})?")
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
    for key in type(table).model_fields:
        value = getattr(table, key)
        if not isinstance(value, BaseModel):
            same = default is not None and value == getattr(default, key)
            yield f"{name}.{key} = {_shown(f'{name}.{key}', value, cards, same=same)}"


def _shown(key: str, value: Any, cards: Sequence[str], *, same: bool) -> str:
    if key in HARMLESS:
        return f"{value} {DEFAULT}" if same else str(value)
    if same:
        return DEFAULT
    if show := _KNOWN.get(key):
        return show(value, cards)
    return LEFT_OUT


def pcm_name(device: str, cards: Sequence[str]) -> str:
    """An ALSA name with its card by number, for an id may be somebody's name."""
    if device in _SERVERS:
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


_KNOWN: Final[dict[str, Callable[[Any, Sequence[str]], str]]] = {
    "microphone.device": pcm_name,
    "speaker.device": pcm_name,
    "wake.models": _wake_words,
    "live.model": _known_model,
    "live.language": _language,
    "household.language": _language,
}
"""Settings of which some values are known to be harmless."""


def decided_keys() -> frozenset[str]:
    """Every key that somebody decided about; a new one is left out until it stands in a list here."""
    return HARMLESS | PERSONAL | frozenset(_KNOWN)
