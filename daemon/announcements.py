"""What is said about a failure, without the network: a sentence for each cause, spoken in advance."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from daemon.errors import PipitError
from daemon.events import Cause
from daemon.sound.pcm import Samples, silence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

SENTENCES: Final = {
    Cause.NO_NETWORK: "I cannot reach the internet.",
    Cause.TIMEOUT: "The service does not answer.",
    Cause.CLOCK: "My clock is not set yet. Please try again in a minute.",
    Cause.CERTIFICATE: "I cannot trust this connection.",
    Cause.KEY_MISSING: "I have no A P I key yet.",
    Cause.KEY_REFUSED: "My A P I key is not accepted.",
    Cause.MODEL_UNKNOWN: "The model in my settings does not exist.",
    Cause.SETUP_REFUSED: "The service does not accept my settings.",
    Cause.QUOTA: "My budget with the service is used up.",
    Cause.OVERLOADED: "The service is too busy. Please try again later.",
    Cause.LOST: "I lost the connection. Please ask again.",
    Cause.NO_REPLY: "I got no answer. Please ask again.",
}

FIXES: Final = {
    Cause.NO_NETWORK: "check the network, and that the endpoint in [live] exists",
    Cause.TIMEOUT: "check the network, and try again",
    Cause.CLOCK: "set the clock, or wait until it is synchronised",
    Cause.CERTIFICATE: "check ca_file and endpoint in [live]",
    Cause.KEY_MISSING: "put an API key into a file of mode 0600 and name it in [live.credential] file",
    Cause.KEY_REFUSED: "check the API key, or make a new one",
    Cause.MODEL_UNKNOWN: "name a model that exists in [live] model",
    Cause.SETUP_REFUSED: "compare [live] with what the model can do",
    Cause.QUOTA: "wait, or raise the limit with the service",
    Cause.OVERLOADED: "try again later",
    Cause.LOST: "try again",
    Cause.NO_REPLY: "try again",
}
"""What the maker can do, for the commands that have a terminal."""

log = logging.getLogger(__name__)


class Announcements:
    """The sentences as sound. Before `prepare` has come to one, and without a synthesiser, its earcon stands alone."""

    def __init__(self) -> None:
        self._spoken: dict[Cause, Samples] = {}

    def __call__(self, cause: Cause) -> Samples:
        """24 kHz samples, perhaps none."""
        return self._spoken.get(cause, silence(0))

    async def prepare(self, speak: Callable[[str], Awaitable[Samples]]) -> None:
        """Have every sentence spoken once; a synthesiser that is missing is logged, and missed only by ear."""
        try:
            for cause, sentence in SENTENCES.items():
                self._spoken[cause] = await speak(sentence)
        except PipitError as error:
            log.warning("failures will be told by tones alone: %s", error)
