"""What the chosen family of models cannot do: said at the start, with the line, instead of by the service in a call.

A model of no known family is not second-guessed: only the service knows what it can do.
"""

from collections.abc import Iterator
from typing import Final

from daemon.live.profiles import CAUTIOUS, Profile, behavior_of, profile_of
from daemon.live.settings import KNOWN_MODELS, LiveSettings
from daemon.settings.problems import Fault

RECOMMENDED: Final = '"gemini-3.8-live"'


def faults_of_family(live: LiveSettings) -> list[Fault]:
    """Every setting of `live` that its model's family refuses or ignores."""
    profile = profile_of(live.model)
    if profile is CAUTIOUS:
        return [*_turns(live)]
    return [
        *_turns(live),
        *_reply(live, profile),
        *_tools(live, profile),
        *_thinking(live, profile),
        *_dialog(live, profile),
        *_services(live, profile),
    ]


ONLY_AUTOMATIC = ("start_sensitivity", "end_sensitivity", "prefix_padding_ms", "silence_ms")


def _turns(live: LiveSettings) -> Iterator[Fault]:
    if live.turns.automatic:
        return
    for key in ONLY_AUTOMATIC:
        if getattr(live.turns, key) not in {None, ""}:
            yield Fault(
                ("live", "turns", key),
                'has no meaning while taking is "manual": speech is found on this machine',
                'remove it, or write taking = "automatic"; here [listening] end_silence_ms ends a turn',
            )


def _reply(live: LiveSettings, profile: Profile) -> Iterator[Fault]:
    if live.response == "text" and not profile.writes:
        yield Fault(
            ("live", "response"),
            f"{profile.name} only speak, they do not write",
            'use "audio", or a half-cascade model',
        )


def _tools(live: LiveSettings, profile: Profile) -> Iterator[Fault]:
    waiting = live.tools.waiting
    if waiting and waiting.upper() not in profile.behaviors:
        how = "always wait" if waiting == "non_blocking" else "never wait"
        yield Fault(("live", "tools", "waiting"), f"{profile.name} {how} for a tool's result", "remove it")
    if live.tools.scheduling and not profile.schedules:
        yield Fault(
            ("live", "tools", "scheduling"), f"{profile.name} cannot be told when to speak of a result", "remove it"
        )
    elif live.tools.scheduling and behavior_of(profile, waiting) == "BLOCKING":
        yield Fault(
            ("live", "tools", "scheduling"),
            "has no meaning while the model waits for its tools: it speaks of each result at once",
            'remove it, or write waiting = "non_blocking"',
        )


def _services(live: LiveSettings, profile: Profile) -> Iterator[Fault]:
    for name, wanted in live.google:
        if wanted and name not in profile.services:
            what = f"{profile.name} cannot {_SERVICES[name]}: the service refuses the session"
            yield Fault(("live", "google", name), what, "remove it; search can look things up")


_SERVICES: Final = {
    "search": "look things up",
    "url_context": "read pages whose addresses are named",
    "code_execution": "run code",
}


def warnings_of_model(model: str) -> Iterator[Fault]:
    """A name that may be misspelt, or of a model that is newer than this release."""
    if model not in KNOWN_MODELS:
        what = f'"{model}" is not a model this release knows'
        yield Fault(("live", "model"), what, f"leave it if the service has it; known are {', '.join(KNOWN_MODELS)}")


def warnings_of_family(live: LiveSettings) -> Iterator[Fault]:
    """What its model's family takes, and does nothing with."""
    profile = profile_of(live.model)
    if live.turns.automatic and live.turns.silence_ms is not None and not profile.hears_silence:
        what = f"{profile.name} take it, and end a turn when they like"
        yield Fault(("live", "turns", "silence_ms"), what, f'remove it, use {RECOMMENDED}, or write taking = "manual"')


def _thinking(live: LiveSettings, profile: Profile) -> Iterator[Fault]:
    thinking = live.thinking
    levels = [level.lower() for level in profile.thinking_levels]
    if thinking.level and thinking.level not in levels:
        what = f"{profile.name} know no level of thinking" if not levels else f'have no level "{thinking.level}"'
        yield Fault(
            ("live", "thinking", "level"),
            what if not levels else f"{profile.name} {what}",
            f"use {', '.join(levels)}" if levels else "remove it",
        )
    if thinking.budget is not None and not profile.thinking_budget:
        advice = "use level instead" if levels else "remove it"
        yield Fault(("live", "thinking", "budget"), f"{profile.name} take no budget for thinking", advice)


def _dialog(live: LiveSettings, profile: Profile) -> Iterator[Fault]:
    dialog = live.dialog
    if dialog.affective and not profile.affective:
        yield Fault(
            ("live", "dialog", "affective"), f"{profile.name} have no affective dialog", "remove it, or use a 2.5 model"
        )
    if dialog.proactive_audio is False and profile.proactive == "always":
        yield Fault(
            ("live", "dialog", "proactive_audio"),
            f"{profile.name} always decide by themselves when to speak",
            "remove it",
        )
    if dialog.proactive_audio and profile.proactive == "never":
        yield Fault(
            ("live", "dialog", "proactive_audio"),
            f"{profile.name} cannot decide by themselves when to speak",
            f"remove it, or use {RECOMMENDED}",
        )
    wanted = dialog.affective or (dialog.proactive_audio and profile.proactive == "choice")
    if wanted and profile.alpha_dialog and live.api_version != "v1alpha":
        yield Fault(
            ("live", "api_version"),
            f'must be "v1alpha" for what [live.dialog] asks of {profile.name}, not "{live.api_version}"',
            'write api_version = "v1alpha"',
        )
