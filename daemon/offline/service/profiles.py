"""How the families of Live models differ on the wire, and what each of them refuses.

From recordings of the service in the tests of js-genai (`test/system/recordings`) and pydantic-ai
(`tests/realtime/cassettes`), from Google's migration notes, and from refusals quoted in public issues. The client has a
table of its own (`daemon/live/profiles.py`); a test holds the two together.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Final, Literal

Behavior = Literal["BLOCKING", "NON_BLOCKING"]
CallIds = Callable[[Random], str]

VOICES: Final = frozenset({
    "Achernar", "Achird", "Algenib", "Algieba", "Alnilam", "Aoede", "Autonoe", "Callirrhoe", "Charon", "Despina",
    "Enceladus", "Erinome", "Fenrir", "Gacrux", "Iapetus", "Kore", "Laomedeia", "Leda", "Orus", "Pulcherrima", "Puck",
    "Rasalgethi", "Sadachbia", "Sadaltager", "Schedar", "Sulafat", "Umbriel", "Vindemiatrix", "Zephyr", "Zubenelgenubi",
})  # fmt: skip
"""Every voice of every family (Live API guide, October 2026)."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a client may notice of a model besides its answers."""

    bundles: bool = False
    """Audio and its transcription come in one message."""
    opens_empty: bool = False
    """A turn begins with an empty `serverContent`."""
    takes_history: bool = True
    """A history given first that ends with the user waits for a realtime input before it is answered; 2.5 answers it at
    once (pipecat's `_create_initial_response`, google-adk's `send_history`)."""
    call_id: CallIds
    """A fresh id of a function call, in the form this family uses."""
    ends_turn_at_call: bool = False
    """A call is followed by `generationComplete` and `turnComplete` of its own; the answer is another turn."""
    writes_calls_as_code: bool = False
    """A call is preceded by the line of Python that it stands for."""
    ends_when_idle: bool = False
    """Each utterance has its `turnComplete`; `interactionStatus` tells whether another will follow."""
    offers_unasked: bool = False
    """A tool's answer is followed by a resumption handle, though the client did not ask for any."""
    talks_over: bool = False
    """A result that is to interrupt does so while the user speaks; else it waits for the user to finish."""
    window_tokens: int = 131_072
    """What the context holds."""
    refuses_text: str = ""
    """What a session is told that wants written replies; empty if it gets them."""
    behaviors: frozenset[Behavior] = frozenset({"BLOCKING", "NON_BLOCKING"})
    """What a function may be declared to be."""
    thinking_level: Literal["ignored", "refused", "required"] = "ignored"
    affective: bool = True
    """Takes `enableAffectiveDialog` (in v1alpha)."""
    always_proactive: bool = False
    """Will not have proactive audio switched off."""
    runs_tools: frozenset[str] = frozenset({"googleSearch"})
    """The tools of its own that it takes, of `googleSearch`, `urlContext` and `codeExecution`."""
    knows_voices: bool = True
    """Refuses a voice that is none of `VOICES`."""


def _long_id(random: Random) -> str:
    return f"function-call-{random.randrange(10**18, 10**19)}"


def _short_id(random: Random) -> str:
    return f"fc_{random.randrange(10**9, 10**10)}"


NO_WRITING: Final = "The requested combination of response modalities (TEXT) is not supported by the model."
"""Quoted in google-genai's own live tests of a 3.x model."""

HALF_CASCADE: Final = Profile(
    takes_history=False,
    call_id=_long_id,
    writes_calls_as_code=True,
    talks_over=True,
    window_tokens=32_768,
    affective=False,
    runs_tools=frozenset({"googleSearch", "urlContext", "codeExecution"}),
)
"""Of the Gemini API, shut down by now; recordings remain."""
HALF_CASCADE_VERTEX: Final = replace(HALF_CASCADE, writes_calls_as_code=False, ends_turn_at_call=True)
NATIVE_2_5: Final = Profile(
    takes_history=False,
    call_id=_long_id,
    talks_over=True,
    refuses_text="Cannot extract voices from a non-audio request.",  # livekit/livekit #4103, cookbook #793
)
FLASH_3_1: Final = Profile(
    bundles=True,
    opens_empty=True,
    offers_unasked=True,
    call_id=_short_id,
    refuses_text=NO_WRITING,
    behaviors=frozenset({"BLOCKING"}),
    affective=False,
)
LIVE_3: Final = Profile(
    bundles=True,
    call_id=_short_id,
    refuses_text=NO_WRITING,
    thinking_level="refused",
    affective=False,
    always_proactive=True,
)
"""Later 3.x models: "3.x bundles fields" (pipecat #4147); no recording of their first message is known."""
EXTENDED_THINKING: Final = replace(
    LIVE_3, ends_when_idle=True, behaviors=frozenset({"NON_BLOCKING"}), thinking_level="required"
)
UNKNOWN: Final = Profile(bundles=True, call_id=_short_id, knows_voices=False, runs_tools=HALF_CASCADE.runs_tools)
"""A name of no known family: sounds like the newest, and refuses nothing."""

FAMILIES: Final = (
    ("gemini-2.0-flash-live-preview", HALF_CASCADE_VERTEX),  # its name there, with the day of its release
    ("gemini-2.0-", HALF_CASCADE),  # all of 2.0 write: the first examples of the Live API ask 2.0-flash-exp for text
    ("gemini-2.5-flash-live", HALF_CASCADE),
    ("gemini-live-2.5-flash-native-audio", NATIVE_2_5),
    ("gemini-live-2.5-flash-preview-native-audio", NATIVE_2_5),
    ("gemini-live-2.5-flash-preview", HALF_CASCADE),
    ("gemini-live-2.5-flash", HALF_CASCADE_VERTEX),
    ("gemini-2.", NATIVE_2_5),
    ("gemini-3.1", FLASH_3_1),
    ("gemini-3.8-live-extended-thinking", EXTENDED_THINKING),
    ("gemini-3.", LIVE_3),
)
"""Beginnings of model names, each before the shorter ones it begins with."""


def profile_of(model: str) -> Profile:
    """The profile of a model by its name, without "models/"."""
    return next((profile for prefix, profile in FAMILIES if model.startswith(prefix)), UNKNOWN)
