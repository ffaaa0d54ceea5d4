"""Setups that a family of models will not have, refused in the service's words where these are known."""

from collections.abc import Iterator, Sequence
from typing import Final

from daemon.brain.brain import FunctionDeclaration
from daemon.offline.service.profiles import VOICES, Profile
from daemon.offline.wire.client_messages import Setup
from daemon.offline.wire.mapping import INVALID_PAYLOAD, WireError, unknown_name

INVALID_ARGUMENT: Final = "Request contains an invalid argument."
"""What the service says when it does not say more; also our word where nobody has quoted it."""


def check_setup(setup: Setup, profile: Profile, api_version: str) -> None:
    """Raises WireError for the first thing that a model of this family refuses."""
    for reason in _reasons(setup, profile, api_version):
        raise WireError(INVALID_PAYLOAD, reason)


def check_functions(functions: Sequence[FunctionDeclaration], profile: Profile) -> None:
    """Raises WireError for a function that is declared to be what the family has not."""
    if any(function.behavior and function.behavior not in profile.behaviors for function in functions):
        raise WireError(INVALID_PAYLOAD, INVALID_ARGUMENT)


def _reasons(setup: Setup, profile: Profile, api_version: str) -> Iterator[str]:
    alpha = api_version == "v1alpha"
    if setup.proactive is not None and not alpha:  # of every model (pydantic-ai PR#8394, js-genai #696)
        yield unknown_name("proactivity", "setup")
    if setup.affective and not profile.affective:
        yield INVALID_ARGUMENT
    if setup.affective and not alpha:
        yield unknown_name("enableAffectiveDialog", "setup.generation_config")
    if setup.modality == "TEXT" and profile.refuses_text:
        yield profile.refuses_text
    if setup.thinking_level and profile.thinking_level == "refused":
        yield "Thinking level is not supported for this model."  # NousResearch/hermes-agent PR#114116, and the next
    if not setup.thinking_level and profile.thinking_level == "required":
        yield "Thinking level must be specified."
    if setup.proactive is False and profile.always_proactive:
        yield INVALID_ARGUMENT
    if setup.voice and profile.knows_voices and setup.voice.title() not in VOICES:
        yield INVALID_ARGUMENT  # 1007 (BerriAI/litellm PR#38395); nobody quotes the words
    yield from _of_tools(setup, profile)


def _of_tools(setup: Setup, profile: Profile) -> Iterator[str]:
    if setup.own_tools - profile.runs_tools:
        yield INVALID_ARGUMENT  # seen refused on every Live model (pydantic-ai PR#8393); nobody quotes the words
    if any(function.behavior and function.behavior not in profile.behaviors for function in setup.functions):
        yield INVALID_ARGUMENT
