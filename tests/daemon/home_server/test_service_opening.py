"""How a session of the service begins or does not: what is read of a setup, and whom a refusal concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.conversation.causes import Cause
from daemon.conversation.no_session import KeyMissing
from daemon.home_server.goodbye import Ended
from daemon.home_server.service_opening import AWAY_S, Asked, NoService, Service
from tests.daemon.home_server.home import KEY, Clock
from tests.daemon.live.peer import Peer, serving
from tests.daemon.live.telling import options_with

if TYPE_CHECKING:
    from daemon.live.options import LiveOptions
    from daemon.web.certificate import CertificateFiles

ASKED = Asked('{"setup": {}}', "m")


async def refusal(service: Service) -> NoService:
    with pytest.raises(NoService) as refused:
        async with service.opened("v1beta", ASKED):
            pass
    return refused.value


@pytest.mark.parametrize(
    ("code", "reason", "cause", "of_the_client"),
    [
        (1007, "API key not valid. Please pass a valid API key.", Cause.KEY_REFUSED, False),
        (1007, "Invalid JSON payload received. Unknown name", Cause.SETUP_REFUSED, True),
        (1008, "Requested entity was not found.", Cause.MODEL_UNKNOWN, True),
        (1008, "models/x is not found for API version v1beta", Cause.MODEL_UNKNOWN, True),
        (1011, "You exceeded your current quota", Cause.QUOTA, False),
        (1008, f"the key {KEY} was reported as leaked: requests are blocked", Cause.KEY_BARRED, False),
        (1013, "", Cause.OVERLOADED, False),
    ],
)
async def test_whom_a_refusal_concerns(
    certificate: CertificateFiles, code: int, reason: str, cause: Cause, of_the_client: bool
) -> None:
    async def refuse(peer: Peer) -> None:
        await peer.receive()
        await peer.socket.close(code, reason)

    async with serving(certificate, refuse) as peers:
        refused = await refusal(Service(lambda: peers.options(api_key=KEY), 5.0, Clock()))
    assert (refused.cause, refused.of_the_client, refused.end.code) == (cause, of_the_client, code)
    assert refused.end.reason == reason.replace(KEY, "[key]")
    assert str(refused) == cause.value


async def test_a_key_that_is_missing_is_a_reason_of_the_house() -> None:
    def missing() -> LiveOptions:
        raise KeyMissing("there is no API key", fix="")

    refused = await refusal(Service(missing, 5.0, Clock()))
    assert (refused.cause, refused.of_the_client, refused.end.code) == (Cause.KEY_MISSING, False, 1011)


async def test_who_could_not_be_reached_is_asked_again_after_a_while(certificate: CertificateFiles) -> None:
    asked = 0

    def options() -> LiveOptions:
        nonlocal asked
        asked += 1
        return options_with(api_key=KEY, endpoint="https://127.0.0.1:1", ca_file=str(certificate.ca_file))

    clock = Clock()
    service = Service(options, 5.0, clock)
    for passed_s, times in ((0.0, 1), (AWAY_S - 1, 1), (1.0, 2)):
        clock.now_s += passed_s
        refused = await refusal(service)
        assert (refused.cause, asked) == (Cause.NO_NETWORK, times)
        assert refused.end.reason == "the home server has no session of the service: no_network"


async def test_whatever_the_libraries_raise_is_a_refusal_without_its_words() -> None:
    def broken() -> LiveOptions:
        raise ZeroDivisionError(KEY)

    refused = await refusal(Service(broken, 5.0, Clock()))
    assert KEY not in f"{refused}{refused.end.reason}"


async def test_an_end_is_told_without_the_key(certificate: CertificateFiles) -> None:
    async def accept(peer: Peer) -> None:
        await peer.accept()
        await peer.socket.wait_closed()

    async with serving(certificate, accept) as peers:
        service = Service(lambda: peers.options(api_key=KEY), 5.0, Clock())
        async with service.opened("v1beta", ASKED) as opened:
            assert opened.told(Ended(1008, f"about {KEY}")).reason == "about [key]"
