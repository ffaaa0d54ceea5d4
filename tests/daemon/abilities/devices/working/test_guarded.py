"""How much of its longest time a device has used before this process."""

import pytest

from daemon.abilities.devices.settings import DeviceSettings
from daemon.abilities.devices.working.guarded import Guarded
from tests.daemon.tools.outputs import Pretended


@pytest.mark.parametrize(("now", "used"), [(0.0, 40.0), (29.9, 40.0), (30.0, 0.0)])
def test_what_was_used_counts_until_it_has_rested(now: float, used: float) -> None:
    limits = DeviceSettings(name="lamp", kind="relay", pin=17, max_on_s=60)
    lamp = Guarded(Pretended(), limits, 0.0, on=False, level=0.0, used_s=40.0, rested_at=30.0)
    assert (lamp.name, lamp.carried_s(now)) == ("lamp", used)
