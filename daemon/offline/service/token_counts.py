"""Plausible token counts: what things cost, and what `usageMetadata` reports after a turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from daemon.sound.pcm import CAPTURE_RATE_HZ

AUDIO_TOKENS_PER_S: Final = 25
"""Gemini API documentation, Live audio."""

CHARACTERS_PER_TOKEN: Final = 4
"""The rule of thumb of the Gemini API documentation."""

TOKENS_PER_FRAME: Final = 258
"""Gemini API documentation, video at up to one frame a second."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A count by modality."""

    text: int = 0
    audio: int = 0
    image: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(self.text + other.text, self.audio + other.audio, self.image + other.image)

    @property
    def total(self) -> int:
        return self.text + self.audio + self.image


NOTHING: Final = Tokens()
FRAME: Final = Tokens(image=TOKENS_PER_FRAME)


def of_text(text: str) -> Tokens:
    return Tokens(text=-(-len(text) // CHARACTERS_PER_TOKEN))


def of_audio(samples: int, rate_hz: int = CAPTURE_RATE_HZ) -> Tokens:
    return Tokens(audio=-(-samples * AUDIO_TOKENS_PER_S // rate_hz))


def usage_metadata(prompt: Tokens, response: Tokens) -> Mapping[str, Any]:
    """`usageMetadata` of a turn: `prompt` is the whole context, as the service bills it again on every turn."""
    return {
        "promptTokenCount": prompt.total,
        "responseTokenCount": response.total,
        "totalTokenCount": prompt.total + response.total,
        "promptTokensDetails": _details(prompt),
        "responseTokensDetails": _details(response),
    }


def _details(tokens: Tokens) -> list[Mapping[str, Any]]:
    counts = {"TEXT": tokens.text, "AUDIO": tokens.audio, "IMAGE": tokens.image}
    return [{"modality": modality, "tokenCount": count} for modality, count in counts.items() if count]
