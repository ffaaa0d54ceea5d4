"""From the settings to a session that can be opened: what it is told, and by what right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from daemon.abilities.sight.showing_tools import SHOWING_TOOLS
from daemon.house.instruction import instruction
from daemon.live.credentials import find_key, find_secret
from daemon.live.making import sessions_told
from daemon.live.options import LiveOptions
from daemon.speech.narrator import NarratedSession
from daemon.speech.synthesis import Espeak

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from daemon.abilities.memory.recollection import Recollection
    from daemon.abilities.memory.resumption import Resumption
    from daemon.abilities.sight.viewfinder import Viewfinder
    from daemon.broker.device import BrokerTokens
    from daemon.conversation.messages import SessionMessage
    from daemon.house.settings import Settings
    from daemon.live.asked import Session, SessionMaker
    from daemon.live.uplink import Uplink
    from daemon.spending.budget import Budget
    from daemon.tools.tool import Toolbox


@dataclass(frozen=True, kw_only=True)
class Briefing:
    """What there is for a session to know and to keep to, besides the settings; what is None is not there."""

    toolbox: Toolbox | None = None
    resumption: Resumption | None = None
    recollection: Recollection | None = None
    budget: Budget | None = None
    viewfinder: Viewfinder | None = None


DEAD_AFTER_MS: Final = 700
"""Where the brain at home can take the request over; else a session is worth more patience."""

NOTHING_MORE: Final = Briefing()


def options_maker(
    settings: Settings, environ: Mapping[str, str], briefing: Briefing = NOTHING_MORE
) -> Callable[[], LiveOptions]:
    """Says what a session that opens now is told, or raises NoSession.

    The key is looked up anew each time, so that one added later is found. With a token broker there is no key: the
    session asks for a token itself, when it runs.
    """
    tokens = broker_tokens(settings, environ)

    def make() -> LiveOptions:
        if briefing.budget:
            briefing.budget.check()
        options = authorised_options(settings, environ, briefing.toolbox, tokens=tokens)
        if briefing.resumption:
            options = replace(options, handle=briefing.resumption.handle)
        if briefing.recollection:
            options = replace(options, history=briefing.recollection.remarks())
        return options

    return make


def session_maker(settings: Settings, environ: Mapping[str, str], briefing: Briefing = NOTHING_MORE) -> SessionMaker:
    """Makes sessions as the settings say, told what there is to tell when they open."""
    live_session = sessions_told(options_maker(settings, environ, briefing))

    def make(uplink: Uplink, on_message: Callable[[SessionMessage], None]) -> Session:
        session = live_session(uplink, on_message)
        if briefing.viewfinder:
            briefing.viewfinder.attach(session)
        return session

    def make_narrated(uplink: Uplink, on_message: Callable[[SessionMessage], None]) -> Session:
        return NarratedSession(make, Espeak(settings.reply_language).speak, uplink, on_message)

    return make_narrated if settings.live.response == "text" else make


def broker_tokens(settings: Settings, environ: Mapping[str, str]) -> BrokerTokens | None:
    """Where tokens come from; None where a key is used."""
    credential = settings.live.credential
    if not credential.broker:
        return None
    from daemon.broker.device import BrokerTokens  # brings h11, which a device with a key need not remember

    return BrokerTokens(
        credential.broker,
        credential.broker_ca_file,
        lambda: find_secret(credential.secret_file, environ),
        settings.live.model,
    )


def authorised_options(
    settings: Settings,
    environ: Mapping[str, str],
    toolbox: Toolbox | None = None,
    *,
    tokens: BrokerTokens | None,
) -> LiveOptions:
    """What a session that opens now is told, with where its token comes from, or else the key. Raises KeyMissing."""
    key = "" if tokens else find_key(settings.live.credential.file, environ)
    return replace(live_options(settings, key, toolbox), tokens=tokens)


def live_options(settings: Settings, key: str, toolbox: Toolbox | None = None) -> LiveOptions:
    """What a session that opens now is told."""
    return LiveOptions(
        live=settings.live,
        api_key=key,
        language=settings.reply_language,
        system_instruction=instruction(settings, datetime.now().astimezone()),
        tools=toolbox.declarations() if toolbox else (),
        showing=SHOWING_TOOLS,
        resumable=settings.live.context.resume_h > 0,
        dead_after_ms=DEAD_AFTER_MS if settings.offline.use == "fallback" else 0,
    )
