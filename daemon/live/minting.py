"""Makes ephemeral tokens of the API key: each for one session, with its model and more of its setup locked.

What is locked is taken from the same options that would open a session, so that it means the same; the rest, the
functions of a device for instance, is the device's own. Importing this module imports google.genai.
"""

from __future__ import annotations

import asyncio
import warnings
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from google.genai import errors, types

from daemon.conversation.no_session import NoSession
from daemon.live.failures import explain, innermost
from daemon.live.plain import plain_client
from daemon.live.settings import SamplingSettings
from daemon.live.setup import connect_config
from daemon.live.tokens import API_VERSION, Lock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from google.genai import Client

    from daemon.conversation.causes import Cause
    from daemon.live.options import LiveOptions

FIELDS: Final[dict[Lock, tuple[str, ...]]] = {
    "response": ("response_modalities",),
    "voice": ("speech_config",),
    "instruction": ("system_instruction",),
    "tools": ("tools",),
    "sampling": tuple(SamplingSettings.model_fields),
    "thinking": ("thinking_config",),
    "safety": ("safety_settings",),
}
"""The fields of `LiveConnectConfig` that each lock closes."""

_MASKED: Final = {
    "response_modalities": "generationConfig.responseModalities",
    "speech_config": "generationConfig.speechConfig",
    "thinking_config": "generationConfig.thinkingConfig",
    "system_instruction": "systemInstruction",
    "safety_settings": "safetySettings",
}
"""What a field is called in a mask; the names of `sampling` are translated by the SDK."""


class NotMinted(NoSession):
    """The service made no token; `cause` says why."""

    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(f"the service made no token: {detail}", fix="check the API key of the token broker")
        self.cause = cause
        self.detail = detail


@dataclass(frozen=True)
class Minted:
    """A token, and for how long from now it opens a session and keeps one."""

    name: str = field(repr=False)
    lasts_s: float
    opens_s: float


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a token is good for."""

    locks: Sequence[Lock]
    lasts_s: float
    opens_s: float
    deadline_s: float = 10.0


async def mint(options: LiveOptions, terms: Terms) -> Minted:
    """One token for one session with `options.live.model`. Raises NotMinted."""
    warnings.filterwarnings("ignore", "The SDK's token creation implementation", category=errors.ExperimentalWarning)
    options = replace(options.with_live(api_version=API_VERSION), handle="", history=())
    client: Client | None = None
    try:
        async with asyncio.timeout(terms.deadline_s):
            client = await asyncio.to_thread(plain_client, options, terms.deadline_s)
            token = await client.aio.auth_tokens.create(config=_request(options, terms, datetime.now(UTC)))
    except Exception as error:  # noqa: BLE001 - the SDK lets through what its HTTP library raises, whichever that is
        reason = error if isinstance(error, errors.APIError) else innermost(error)
        failure = explain(reason, opened=False, secret=options.api_key)
        raise NotMinted(failure.cause, failure.detail) from None
    finally:
        if client:
            await client.aio.aclose()
    return Minted(token.name or "", terms.lasts_s, terms.opens_s)


def _request(options: LiveOptions, terms: Terms, now: datetime) -> types.CreateAuthTokenConfig:
    config, absent = locked(options, terms.locks)
    return types.CreateAuthTokenConfig(
        uses=1,
        expire_time=now + timedelta(seconds=terms.lasts_s),
        new_session_expire_time=now + timedelta(seconds=terms.opens_s),
        live_connect_constraints=types.LiveConnectConstraints(model=options.live.model, config=config),
        lock_additional_fields=absent,
    )


def locked(options: LiveOptions, locks: Sequence[Lock]) -> tuple[types.LiveConnectConfig, list[str]]:
    """What is locked to a value, and the names of what is locked to being absent, as the field mask has them."""
    whole = connect_config(options)
    names = [name for lock in locks for name in FIELDS[lock]]
    values: dict[str, Any] = {name: value for name in names if (value := getattr(whole, name)) is not None}
    absent = [name for name in names if name not in values]
    config = types.LiveConnectConfig(**values)
    return config, [_MASKED.get(name, name) for name in absent]
