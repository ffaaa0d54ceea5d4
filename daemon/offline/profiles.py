"""How the families of Live models differ on the wire.

From recordings of the service in the tests of js-genai (`test/system/recordings`) and pydantic-ai
(`tests/realtime/cassettes`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

CallIds = Callable[[Random], str]


@dataclass(frozen=True)
class Profile:
    """What a client may notice of a model besides its answers."""

    bundles: bool
    """Audio and its transcription come in one message."""
    opens_empty: bool
    """A turn begins with an empty `serverContent`."""
    takes_history: bool
    """A history given first that ends with the user waits for a realtime input before it is answered; 2.5 answers it at
    once (pipecat's `_create_initial_response`, google-adk's `send_history`)."""
    call_id: CallIds
    """A fresh id of a function call, in the form this family uses."""


def _long_id(random: Random) -> str:
    return f"function-call-{random.randrange(10**18, 10**19)}"


def _short_id(random: Random) -> str:
    return f"fc_{random.randrange(10**9, 10**10)}"


NATIVE_2_5 = Profile(bundles=False, opens_empty=False, takes_history=False, call_id=_long_id)
FLASH_3_1 = Profile(bundles=True, opens_empty=True, takes_history=True, call_id=_short_id)
LIVE_3 = Profile(bundles=True, opens_empty=False, takes_history=True, call_id=_short_id)
"""Later 3.x models: "3.x bundles fields" (pipecat #4147); no recording of their first message is known."""


def profile_of(model: str) -> Profile:
    """The profile of a model by its name, of the newest family if the name says nothing."""
    if "2.5" in model or "2.0" in model:
        return NATIVE_2_5
    return FLASH_3_1 if "3.1" in model else LIVE_3
