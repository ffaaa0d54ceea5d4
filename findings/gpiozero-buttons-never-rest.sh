#!/usr/bin/env bash
# Ten open buttons of gpiozero that nobody presses and that have no `when_held`, beside ten plain DigitalInputDevices; each
# stays for three seconds and is then closed. On the pins of gpiozero's own MockFactory, so that no board is needed.
#
# The good guess: lines are watched by their edges, so both cost nothing while nothing happens, and both close at once.
# Seen with gpiozero 2.0.1.post3: every Button (and whatever else can be held) has a thread from its making on, which looks
# ten times a second whether anything is held: ten buttons wake the processor a hundred times a second and more, for ever.
# And close() waits for that thread to look again, up to a tenth of a second for each button, on the thread of whoever closes
# them, an event loop for example.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet gpiozero==2.0.1.post3 colorzero==2.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import threading
import time
from importlib.metadata import version
from pathlib import Path

from gpiozero import Button, Device, DigitalInputDevice
from gpiozero.pins.mock import MockFactory

SECONDS, MANY = 3, 10
Device.pin_factory = MockFactory()


def wake_ups():
    """How often threads of this process have slept and gone on, so far."""
    states = [path.read_text() for path in Path("/proc/self/task").glob("*/status")]
    return sum(int(text.split("\nvoluntary_ctxt_switches:")[1].split()[0]) for text in states)


def watched(kind):
    """Threads, wake-ups a second and seconds to close, of ten."""
    before = threading.active_count()
    all_of_them = [kind(pin, pull_up=True) for pin in range(2, 2 + MANY)]
    threads = threading.active_count() - before
    start = wake_ups()
    time.sleep(SECONDS)
    rate = (wake_ups() - start) / SECONDS
    began = time.monotonic()
    for device in all_of_them:
        device.close()
    return threads, rate, time.monotonic() - began


found = {kind.__name__: watched(kind) for kind in (DigitalInputDevice, Button)}
print(f"gpiozero {version('gpiozero')}")
for name, (threads, rate, seconds) in found.items():
    print(f"{MANY} of {name}: {threads} threads, {rate:.0f} wake-ups a second, closed in {seconds:.2f} s")
(none, calm, at_once), (many, busy, late) = found.values()
if none or many != MANY or calm > 10 or busy < 50 or at_once > 0.1 or late < 0.15:
    sys.exit("this has changed")
PYTHON
