"""Whether the service can be reached is told without a key, and in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.live.probe import NameUnknown, looked_up, reachable
from daemon.live.settings import LiveSettings
from tests.daemon.live.peer import hold, serving

if TYPE_CHECKING:
    from daemon.web.certificate import CertificateFiles


async def test_a_service_that_accepts_connections_is_reached_and_no_other(certificate: CertificateFiles) -> None:
    async with serving(certificate, hold) as service:
        there = {"endpoint": f"https://127.0.0.1:{service.port}", "ca_file": service.ca_file}
        assert await reachable(LiveSettings.model_validate(there))
        assert not await reachable(LiveSettings.model_validate({**there, "ca_file": ""}))
    assert not await reachable(LiveSettings.model_validate(there))
    assert not await reachable(LiveSettings.model_validate({"endpoint": "https://nowhere.invalid"}))


async def test_a_name_has_a_deadline() -> None:
    await looked_up("localhost", 443)
    with pytest.raises(NameUnknown):
        await looked_up("localhost", 443, deadline_s=-1)
