"""gpiozero without what single lines of the header have no use for, in a process of its own."""

import subprocess
import sys

PROOF = """
import sys
from hardware.header.bare_gpiozero import mock_factory
from hardware.header.factory import pin_factory
pin_factory("mock").close()
spared = {"gpiozero.boards", "gpiozero.spi_devices", "gpiozero.internal_devices", "colorzero"}
spared |= {"importlib.metadata", "email"}
print(*spared & sys.modules.keys())
import gpiozero.boards, importlib.metadata
assert gpiozero.boards.LEDBoard and importlib.metadata.version("gpiozero")
"""


def test_spares_what_is_not_used_and_whoever_wants_it_still_has_it() -> None:
    done = subprocess.run([sys.executable, "-c", PROOF], check=True, timeout=60, capture_output=True, text=True)
    assert done.stdout.split() == []
