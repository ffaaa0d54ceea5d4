"""What of the service's messages may be shown: their shape, without sound, pictures, keys, tokens and handles.

Pure functions: `shown` for a whole message of the socket, `without_secrets` for a sentence that may quote one.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from daemon.live.checked import rate_hz

HIDDEN: Final = "[key]"
"""Stands for every key, token and handle."""

LONGEST_TEXT: Final = 120
"""Characters of a string that are shown whole; of a longer one only its beginning is."""
LONGEST_LINE: Final = 2_000
"""Characters of a message that are shown."""

_SECRETS: Final = re.compile(
    r"AIza[\w-]{8,}|AQ\.[\w-]{10,}|auth_tokens/[^\s\"']+|(?<=key=)[^&\s]+|(?<=access_token=)[^&\s]+"
)
"""What keys and tokens of Google look like, in case one is quoted that is not ours."""

_SECRET_FIELDS: Final = frozenset(
    {
        "accesstoken",
        "apikey",
        "authorization",
        "credential",
        "handle",
        "key",
        "newhandle",
        "password",
        "secret",
        "token",
        "xgoogapikey",
    }
)
"""Fields whose text is never shown, in small letters without what joins words: both sides may write snake or camel."""


def without_secrets(text: str, secret: str = "") -> str:
    """`text` without `secret` and without anything that looks like a key."""
    if secret:
        text = text.replace(secret, HIDDEN)
    return _SECRETS.sub(HIDDEN, text)


def shown(frame: str | bytes, secret: str = "") -> str:
    """A message of the socket on one line: JSON, in which everything private is replaced and everything long is cut.

    `secret` is a key to hide wherever it stands. What is no JSON is not shown at all, for nobody knows what is in it.
    """
    try:
        line = json.dumps(_shown("", json.loads(frame), secret), ensure_ascii=False)
    except (ValueError, RecursionError):
        return f"<{len(frame)} bytes that are no JSON>"
    return _cut(_printable(line), LONGEST_LINE)


def _shown(name: str, value: Any, secret: str) -> Any:
    """`value`, which stands under `name`, as far as it may be shown."""
    match value:
        case dict():
            media = _media_type(value)
            return {
                _cut(without_secrets(key, secret), LONGEST_TEXT): (
                    _medium(media, item) if key == "data" and isinstance(item, str) else _shown(key, item, secret)
                )
                for key, item in value.items()
            }
        case list():
            return [_shown(name, item, secret) for item in value]
        case str() if value and _folded(name) in _SECRET_FIELDS:
            return HIDDEN
        case str():
            return _cut(without_secrets(value, secret), LONGEST_TEXT)
    return value


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _media_type(value: dict[str, Any]) -> str:
    return next((str(item) for key, item in value.items() if _folded(key) == "mimetype"), "")


def _medium(media_type: str, data: str) -> str:
    """`<audio 640 bytes, 20 ms>` for base64 of any alphabet, padded or not."""
    size = len(data.rstrip("=")) * 3 // 4
    if not media_type.startswith("audio/"):
        return f"<{_printable(media_type)[:40] or 'data'} {size} bytes>"
    rate = rate_hz(media_type) if "rate=" in media_type.lower() else None
    lasts = f", {size / 2 / rate * 1000:.0f} ms" if rate else ""
    return f"<audio {size} bytes{lasts}>"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 20]}… ({len(text):,} characters)"


def _printable(text: str) -> str:
    """Without what a terminal would obey."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
