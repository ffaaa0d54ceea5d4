"""How the families of Live models differ, as data.

Sources: the capability tables and migration notes of Google's Live API pages (October 2026) and public recordings of
sessions. A row says only what the service would refuse, or get wrong, if it were told otherwise.
"""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What one family of models wants to be told, and how it ends a reply."""

    obeys_language_code: bool = False
    """Native audio models ignore `speech_config.language_code` and have to be asked in words."""
    hints_transcription: bool = False
    """Takes the language as a hint for transcribing (unhinted, a short word may come out in another language)."""
    tool_behavior: Literal["BLOCKING"] | None = None
    """Named only where the family lets the client choose and would not block by itself."""
    thinking_level: Literal["LOW"] | None = None
    """Named only where the setup is refused without one."""
    text_as: Literal["content", "realtime"] = "content"
    """How a typed turn is sent. `clientContent` says where the turn ends; some take it as history only."""
    ends_when_idle: bool = False
    """A reply may hold several utterances, each with its `turnComplete`; it is over at `interactionStatus: IDLE`."""


HALF_CASCADE: Final = Profile(obeys_language_code=True)
NATIVE_2_5: Final = Profile()
FLASH_3_1: Final = Profile(hints_transcription=True, text_as="realtime")
LIVE_3_8: Final = Profile(hints_transcription=True, tool_behavior="BLOCKING")
LIVE_3_8_EXTENDED: Final = Profile(hints_transcription=True, thinking_level="LOW", ends_when_idle=True)

FAMILIES: Final = (
    ("gemini-2.0-flash-live", HALF_CASCADE),
    ("gemini-live-2.5-flash-native-audio", NATIVE_2_5),
    ("gemini-live-2.5-flash", HALF_CASCADE),
    ("gemini-2.", NATIVE_2_5),
    ("gemini-3.1", FLASH_3_1),
    ("gemini-3.8-live-extended-thinking", LIVE_3_8_EXTENDED),
    ("gemini-3.", LIVE_3_8),
)
"""Beginnings of model names, each before the shorter ones it begins with. The short ones catch models yet unknown."""

CAUTIOUS: Final = Profile()
"""For a name of no known family: nothing that any family refuses."""


def profile_of(model: str) -> Profile:
    """The profile of `model`, with or without the service's `models/` in front."""
    name = model.removeprefix("models/")
    return next((profile for prefix, profile in FAMILIES if name.startswith(prefix)), CAUTIOUS)
