"""Which connection suffers what."""

from daemon.offline.rehearsal.scenario import Scenario
from daemon.offline.service.faults import ConnectionFaults


def test_connections_are_counted_from_one_and_those_beyond_the_list_are_sound() -> None:
    first, second = ConnectionFaults(silent=True), ConnectionFaults(http_status=503)
    scenario = Scenario(connections=[first, second])
    assert [scenario.faults(number) for number in (1, 2, 3)] == [first, second, ConnectionFaults()]
