"""What listens in a network is set in the same words, whichever program it is."""

import pytest

from daemon.broker.settings import BrokerSettings
from daemon.home_server.settings import HomeServerSettings

SHARED = ("host", "names", "certificate")


@pytest.mark.parametrize("key", SHARED)
def test_both_servers_say_the_same_of(key: str) -> None:
    broker, home = BrokerSettings.model_fields[key], HomeServerSettings.model_fields[key]
    assert (broker.description, broker.default) == (home.description, home.default)


def test_each_has_a_port_and_a_user_of_its_own() -> None:
    servers = (BrokerSettings, HomeServerSettings)
    assert len({server.model_fields["port"].default for server in servers}) == 2
    extras = [server.model_fields["certificate"].json_schema_extra for server in servers]
    assert [extra["place"].reader for extra in extras if isinstance(extra, dict)] == ["pipit-broker", "pipit-home"]  # type: ignore[union-attr]
