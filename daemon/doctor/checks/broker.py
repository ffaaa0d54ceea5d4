"""The token broker: does it answer, let this device in, and have tokens for the model of the settings?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from daemon.broker.device import BrokerTokens
from daemon.conversation.no_session import NoSession
from daemon.live.credentials import find_secret
from daemon.machine.check import Check
from daemon.machine.finding import CannotTell, Finding, bad, good

if TYPE_CHECKING:
    from daemon.doctor.examining.patient import Patient

STORED: Final = "/etc/pipit/broker-secret"
"""What systemd/broker-secret.conf hands on to the service."""
DEADLINE_S: Final = 10.0


def _examine(site: Patient) -> Finding:
    """Asks who we are, which takes no token."""
    credential = site.settings.live.credential if site.settings else None
    if site.settings is None or credential is None or not credential.broker:
        raise CannotTell("the settings name no token broker")
    file = str(site.path(STORED)) if site.path(STORED).exists() else credential.secret_file
    model = site.settings.live.model
    tokens = BrokerTokens(
        credential.broker,
        credential.broker_ca_file,
        lambda: find_secret(file, {}),
        model,
        deadline_s=DEADLINE_S,
    )
    try:
        welcome = asyncio.run(tokens.welcome())
    except NoSession as error:
        return bad(error.message, error.fix)
    facts = {"broker": credential.broker, "device": welcome.device, "model": welcome.model}
    if welcome.model != model:
        fix = f'write model = "{welcome.model}" in [live], here or on the broker\'s machine'
        return bad(f"the token broker's tokens are for {welcome.model}, and the settings want {model}", fix, **facts)
    return good(f'the token broker knows this device as "{welcome.device}" and has tokens for {model}', **facts)


BROKER = Check("broker", "Does the token broker answer, and let this device in? (docs/token-broker.md)", _examine)
