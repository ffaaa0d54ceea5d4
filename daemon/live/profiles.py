"""How the families of Live models differ, as data.

Sources: the capability tables and migration notes of Google's Live API pages (October 2026) and public recordings of
sessions. What of the settings a family cannot follow is refused at the start, by `daemon.live.family`.
"""

from dataclasses import dataclass
from typing import Final, Literal

Behavior = Literal["BLOCKING", "NON_BLOCKING"]


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What one family of models can do, wants to be told, and how it ends a reply."""

    name: str
    """What the family is called in an error message."""
    writes: bool = False
    """Can reply in text; native audio models only speak."""
    obeys_language_code: bool = False
    """Native audio models ignore `speech_config.language_code` and have to be asked in words."""
    hints_transcription: bool = False
    """Takes the language as a hint for transcribing (unhinted, a short word may come out in another language)."""
    behaviors: frozenset[Behavior] = frozenset({"BLOCKING", "NON_BLOCKING"})
    """Whether the model waits for a tool's result, goes on talking meanwhile, or lets the client choose."""
    default_behavior: Behavior = "BLOCKING"
    """What it does if it is not told."""
    needs_behavior: bool = False
    """Each function has to say how it behaves, though there is no choice (Google, "Thinking in the Live API")."""
    schedules: bool = True
    """Takes `scheduling` with a result that it did not wait for; others close the session (1007) at the word."""
    takes_parts: bool = True
    """Goes on waiting after a part of a result (`willContinue`)."""
    services: frozenset[str] = frozenset({"search"})
    """What the service may do by itself while it answers. Its pages list code execution and the reading of pages as not
    supported by Live models, and each of them closed the session at the word (pydantic-ai PR#8393)."""
    hears_silence: bool = True
    """Ends an automatic turn after the silence it was told (python-genai #2580, js-genai #1467: 3.1 does not)."""
    falls_silent: bool = False
    """Says nothing after a tool's result, or ends a turn without a word, until it is nudged by another input."""
    thinking_levels: tuple[str, ...] = ()
    """Which it takes; the first is the least."""
    needs_thinking_level: bool = False
    """The setup is refused without one."""
    thinking_budget: bool = False
    affective: bool = False
    proactive: Literal["never", "choice", "always"] = "never"
    alpha_dialog: bool = False
    """Affective dialog and proactive audio exist in version v1alpha of the API only (js-genai #696)."""
    text_as: Literal["content", "realtime"] = "content"
    """How a typed turn is sent. `clientContent` says where the turn ends; some take it as history only."""
    takes_history: Literal["setup", "content"] = "setup"
    """How an earlier conversation is told: announced in the setup (`historyConfig`), or as content without a turn."""
    ends_when_idle: bool = False
    """A reply may hold several utterances, each with its `turnComplete`; it is over at `interactionStatus: IDLE`."""
    longest_pause_s: float = 8.0
    """How long it may be silent in mid-reply; a model that thinks between utterances takes longer."""

    @property
    def lets_talk_on(self) -> bool:
        """Whether it can be told not to wait for a tool. Only then may frames of a camera be sent during its call."""
        return "NON_BLOCKING" in self.behaviors


def behavior_of(profile: Profile, wanted: Literal["", "blocking", "non_blocking"]) -> Behavior:
    """How tools behave: as wanted, and if nothing is, so that the model waits, wherever the family lets it."""
    if wanted:
        return "BLOCKING" if wanted == "blocking" else "NON_BLOCKING"
    return "BLOCKING" if "BLOCKING" in profile.behaviors else profile.default_behavior


HALF_CASCADE: Final = Profile(
    name="the half-cascade models",
    writes=True,
    obeys_language_code=True,
    takes_history="content",
    services=frozenset({"search", "url_context", "code_execution"}),
)
NATIVE_2_5: Final = Profile(
    name="the native audio models of 2.5",
    takes_history="content",
    thinking_budget=True,
    affective=True,
    proactive="choice",
    alpha_dialog=True,
)
FLASH_3_1: Final = Profile(
    name="the models of 3.1",
    hints_transcription=True,
    behaviors=frozenset({"BLOCKING"}),
    schedules=False,
    takes_parts=False,
    hears_silence=False,
    falls_silent=True,  # pipecat #4366: after a result; python-genai #2117: at every other turn of one report
    thinking_levels=("MINIMAL", "LOW", "MEDIUM", "HIGH"),
    text_as="realtime",
)
LIVE_3_8: Final = Profile(
    name="the models of 3.8", hints_transcription=True, default_behavior="NON_BLOCKING", proactive="always"
)
LIVE_3_8_EXTENDED: Final = Profile(
    name="the models of extended thinking",
    hints_transcription=True,
    behaviors=frozenset({"NON_BLOCKING"}),
    default_behavior="NON_BLOCKING",
    needs_behavior=True,
    schedules=False,  # openclaw #152413: "Function response scheduling is not supported for this model."
    takes_parts=False,  # … and after a part of a result it never speaks of the rest
    thinking_levels=("LOW", "MEDIUM", "HIGH"),
    needs_thinking_level=True,
    proactive="always",
    ends_when_idle=True,
    longest_pause_s=30.0,
)

FAMILIES: Final = (
    ("gemini-2.0-", HALF_CASCADE),
    ("gemini-2.5-flash-live", HALF_CASCADE),
    ("gemini-live-2.5-flash-native-audio", NATIVE_2_5),
    ("gemini-live-2.5-flash-preview-native-audio", NATIVE_2_5),
    ("gemini-live-2.5-flash", HALF_CASCADE),
    ("gemini-2.", NATIVE_2_5),
    ("gemini-3.1", FLASH_3_1),
    ("gemini-3.8-live-extended-thinking", LIVE_3_8_EXTENDED),
    ("gemini-3.", LIVE_3_8),
)
"""Beginnings of model names, each before the shorter ones it begins with. The short ones catch models yet unknown."""

CAUTIOUS: Final = Profile(name="this model", takes_history="content", takes_parts=False)
"""For a name of no known family: nothing is sent unasked that any family refuses."""


def profile_of(model: str) -> Profile:
    """The profile of `model`, with or without the service's `models/` in front."""
    name = model.removeprefix("models/")
    return next((profile for prefix, profile in FAMILIES if name.startswith(prefix)), CAUTIOUS)


def waits_for_tools(model: str, wanted: Literal["", "blocking", "non_blocking"]) -> bool:
    """Whether `model` waits for a tool's result, told so or not."""
    return behavior_of(profile_of(model), wanted) == "BLOCKING"
