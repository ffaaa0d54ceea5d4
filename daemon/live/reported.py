"""The tokens that a frame of the service reports, read from the frame alone: for who passes it on and looks no further.

Of a frame that reports nothing not a letter is parsed.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, Final

from daemon.conversation.messages import Tokens, UsageReported
from daemon.live.checked import Checker

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger(__name__)

_FIELD: Final = "usageMetadata"
_KINDS: Final = ("text", "audio", "image", "video", "document")


def says(frame: str | bytes, word: str) -> bool:
    """Whether `word`, in ASCII and quotes, stands anywhere in `frame`: a hint, for somebody may have said it."""
    return f'"{word}"' in frame if isinstance(frame, str) else f'"{word}"'.encode() in frame


def usage_in(frame: str | bytes) -> UsageReported | None:
    """What `frame` reports; None if it reports nothing. What in a report cannot be read counts as not sent."""
    if not says(frame, _FIELD):
        return None
    try:
        message = json.loads(frame)
    except (ValueError, RecursionError):
        return None
    usage = message.get(_FIELD) if isinstance(message, dict) else None
    return _reported(usage, Checker(log)) if isinstance(usage, dict) else None


def _reported(usage: Mapping[str, Any], checker: Checker) -> UsageReported:
    def tokens(name: str, details: str) -> Tokens:
        return _tokens(usage.get(name), usage.get(details), checker)

    return UsageReported(
        prompt=tokens("promptTokenCount", "promptTokensDetails"),
        response=tokens("responseTokenCount", "responseTokensDetails"),
        tool_use=tokens("toolUsePromptTokenCount", "toolUsePromptTokensDetails"),
        thoughts=_count(usage.get("thoughtsTokenCount"), checker),
        cached=tokens("cachedContentTokenCount", "cacheTokensDetails"),
        total=_count(usage.get("totalTokenCount"), checker),
    )


def _tokens(count: Any, details: Any, checker: Checker) -> Tokens:
    """Kinds that this version does not know stay undetailed."""
    parts = dict.fromkeys(_KINDS, 0)
    for detail in details if isinstance(details, list) else ():
        name = str(detail.get("modality", "")).lower() if isinstance(detail, dict) else ""
        if name in parts:
            parts[name] = checker.count(parts[name] + _count(detail.get("tokenCount"), checker))
    return Tokens(_count(count, checker), **parts)


def _count(number: Any, checker: Checker) -> int:
    """protobuf's JSON writes 64-bit integers as text."""
    if isinstance(number, str) and number.isascii() and number.isdecimal() and len(number) < 20:
        number = int(number)
    if number is None or isinstance(number, bool) or not isinstance(number, int):
        return 0
    return checker.count(number)
