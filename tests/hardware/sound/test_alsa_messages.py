"""alsa-lib's own messages."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import logging
logging.basicConfig(level=logging.DEBUG if {debug} else logging.INFO)
import alsaaudio
from hardware.sound.alsa_messages import keep_quiet
keep_quiet()
try:
    alsaaudio.PCM(device="plughw:CARD=none")
except alsaaudio.ALSAAudioError:
    print("refused")
"""


def opened(*, debug: bool) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", SCRIPT.format(debug=debug)],
        cwd=Path(__file__).parents[3],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


def test_a_failed_open_is_not_commented_on_the_terminal() -> None:
    done = opened(debug=False)
    assert done.stdout == "refused\n"
    assert done.stderr == ""


def test_the_messages_are_in_the_debug_log() -> None:
    assert "snd_config_get_card" in opened(debug=True).stderr
