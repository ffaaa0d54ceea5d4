"""A sensor of a real kernel, through the sandbox of the service: the converter that its industrial I/O makes up.

`iio_dummy` (drivers/iio/dummy/iio_simple_dummy.c) has a voltage of (73 + 7) * 0.001333 mV at channel 0, for ever.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.vm.appliance import PIPIT, SETTINGS

if TYPE_CHECKING:
    from tests.vm.appliance import Appliance

MADE_UP = "/sys/kernel/config/iio/devices/dummy/converter"
SENSORS = f"""\
{SETTINGS}
[[input]]
name = "battery"
kind = "iio"
address = "converter"
channel = 0
frozen_after = 0
"""


@pytest.fixture(scope="module", autouse=True)
def wired(appliance: Appliance) -> None:
    appliance.guest.sh(
        "mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config\n"
        f"mkdir {MADE_UP}\ncat > /etc/pipit/conf.d/50-tests.toml <<'END'\n{SENSORS}END"
    )
    appliance.restart()
    appliance.until_ready()


def battery(appliance: Appliance) -> dict[str, Any]:
    (row,) = json.loads(appliance.guest.sh(f"{PIPIT} devices read --json"))["readings"]
    return dict(row)


def test_what_the_kernel_makes_up_is_read_in_our_unit_and_told_when_it_is_gone(appliance: Appliance) -> None:
    row = battery(appliance)
    assert (row["quantity"], row["unit"], row["value"]) == ("voltage", "V", 0.0), "a tenth of a millivolt"
    appliance.guest.sh(f"rmdir {MADE_UP}")
    assert "is not there" in battery(appliance)["error"]
    appliance.guest.sh(f"mkdir {MADE_UP}")
