"""Plausible token counts: what `usageMetadata` reports after a turn."""

from collections.abc import Mapping
from typing import Any, Final

from daemon.sound.pcm import CAPTURE_RATE_HZ, REPLY_RATE_HZ

AUDIO_TOKENS_PER_S: Final = 25
"""Gemini API documentation, Live audio."""

CHARACTERS_PER_TOKEN: Final = 4
"""The rule of thumb of the Gemini API documentation."""


class Meter:
    """Counts a session's tokens. The whole context is a prompt again on every turn, as the service bills it."""

    def __init__(self) -> None:
        self._context = {"TEXT": 0, "AUDIO": 0}
        self._response = {"TEXT": 0, "AUDIO": 0}

    def prompt_text(self, text: str) -> None:
        self._context["TEXT"] += _text_tokens(text)

    def prompt_audio(self, samples: int) -> None:
        """`samples` 16 kHz samples of the user."""
        self._context["AUDIO"] += _audio_tokens(samples, CAPTURE_RATE_HZ)

    def response_text(self, text: str) -> None:
        self._response["TEXT"] += _text_tokens(text)

    def response_audio(self, samples: int) -> None:
        """`samples` 24 kHz samples of the reply."""
        self._response["AUDIO"] += _audio_tokens(samples, REPLY_RATE_HZ)

    def report(self) -> Mapping[str, Any]:
        """`usageMetadata` of the turn that ends now; its response becomes part of the context."""
        prompt, response = dict(self._context), self._response
        self._response = {"TEXT": 0, "AUDIO": 0}
        for modality, tokens in response.items():
            self._context[modality] += tokens
        return {
            "promptTokenCount": sum(prompt.values()),
            "responseTokenCount": sum(response.values()),
            "totalTokenCount": sum(prompt.values()) + sum(response.values()),
            "promptTokensDetails": _details(prompt),
            "responseTokensDetails": _details(response),
        }


def _text_tokens(text: str) -> int:
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def _audio_tokens(samples: int, rate_hz: int) -> int:
    return -(-samples * AUDIO_TOKENS_PER_S // rate_hz)


def _details(tokens: Mapping[str, int]) -> list[Mapping[str, Any]]:
    return [{"modality": modality, "tokenCount": count} for modality, count in tokens.items() if count]
