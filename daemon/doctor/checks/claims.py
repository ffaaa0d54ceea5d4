"""`python -m daemon.doctor.checks.claims CHIP`: who has claimed which GPIO line, as one JSON object.

A process of its own, because lgpio leaves a pipe in its folder, changes into it, and must not be forked afterwards. It
asks and claims nothing, so it may run beside the service.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import asdict

from hardware.errors import HardwareError
from hardware.header.gpiochip import describe, header_chip, load_lgpio
from hardware.header.pins import HEADER_PINS


def main(wanted: str) -> int:
    """Print the chip `wanted` ("auto" for the header's), or what keeps it from being asked; the exit status."""
    with tempfile.TemporaryDirectory(prefix="pipit-") as folder:
        os.environ["LG_WD"] = folder
        try:
            lgpio = load_lgpio()
            chip = describe(lgpio, header_chip(lgpio, wanted), len(HEADER_PINS))
        except HardwareError as error:
            print(json.dumps({"error": error.message, "fix": error.fix}))
            return error.exit_status
    print(json.dumps(asdict(chip)))
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
