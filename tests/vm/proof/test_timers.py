"""An alarm outlives a kill, a reboot and a clock that is set, and rings in its time through the guest's sound card."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.sound.wav import read_audio
from tests.vm.appliance import BUFFER_US, BUTTON, INDICATOR, PIPIT, SETTLING_S, SHARE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.sound.pcm import Samples
    from tests.vm.appliance import Appliance

RATE_HZ = 24_000
WEEKS_S = 21 * 86_400
BEFORE_S = 50
"""How long before an alarm the clock is set: more than the half minute after which the keeper looks at it."""
EARLY_S, LATE_S = 1.0, 3.0
"""A recorder that takes a moment to begin makes what it hears seem earlier; a guest that had to wait is late."""
SYNCHRONIZED = "mkdir -p /run/systemd/timesync && touch /run/systemd/timesync/synchronized"
"""What the system does once the network has set the clock; the guest has no timesyncd."""


@dataclass
class Recording:
    """What left the speaker from `began` on, by the guest's wall clock; there once the recording is over."""

    began: float
    samples: Samples | None = None

    @property
    def first_sound(self) -> float:
        """When it was heard; what is not played is zeros."""
        assert self.samples is not None
        loud = np.flatnonzero(np.abs(self.samples.astype(int)) > 3)
        assert len(loud), f"{len(self.samples) / 16_000:.0f} s of silence"
        return self.began + float(loud[0]) / 16_000


@contextmanager
def recording(appliance: Appliance) -> Iterator[Recording]:
    """The loudspeaker, while the block runs."""
    recorder = (
        f"arecord --quiet --buffer-time={BUFFER_US} --device=hw:Speaker,1,0 -f S16_LE -r {RATE_HZ} -c 1 /run/ring.wav"
    )
    guest = appliance.guest
    heard = Recording(float(guest.sh(f"systemd-run --quiet --collect --unit=people-listen {recorder}; date +%s.%N")))
    try:
        yield heard
    finally:
        guest.sh(f"systemctl stop people-listen; mv /run/ring.wav {SHARE}")
    heard.samples = read_audio(appliance.share / "ring.wav")


@pytest.fixture(scope="module", autouse=True)
def people(appliance: Appliance) -> None:
    """Two users of the machine, of whom one belongs to the household."""
    appliance.guest.sh("useradd --create-home --groups pipit member && useradd --create-home stranger")
    appliance.guest.sh(SYNCHRONIZED)


@pytest.fixture(autouse=True)
def clock(appliance: Appliance) -> Iterator[None]:
    """Whatever a test does to it, the clock is right afterwards, and nothing is set any more."""
    yield
    set_clock(appliance, time.time())
    appliance.guest.run(f"{PIPIT} timers cancel all")


def set_clock(appliance: Appliance, at: float) -> None:
    appliance.guest.sh(f"date --set=@{at:.0f}")


def asked(appliance: Appliance, command: str, user: str = "member") -> dict[str, Any]:
    """What a command answers this user, who may use it."""
    verb, _, rest = command.partition(" ")
    answer: dict[str, Any] = json.loads(appliance.guest.sh(f"runuser -u {user} -- {PIPIT} {verb} --json {rest}"))
    return answer


def stop_by_button(appliance: Appliance) -> None:
    appliance.pull(BUTTON, "down")
    time.sleep(0.1)
    appliance.pull(BUTTON, "up")


def test_the_group_of_the_household_may_ask_and_nobody_else(appliance: Appliance) -> None:
    assert asked(appliance, "timers set 10m --name pasta")["ok"]
    (timer,) = asked(appliance, "timers list")["timers"]
    assert timer["name"] == "pasta"
    assert asked(appliance, "status")["timers"] == 1
    refused = appliance.guest.run(f"runuser -u stranger -- {PIPIT} timers list")
    assert refused.status == 77
    assert "usermod -aG pipit" in refused.output
    assert appliance.guest.sh("stat -c '%a %U:%G %F' /run/pipit/control.sock") == "660 pipit:pipit socket"


def test_a_timer_rings_in_its_time_though_the_clock_is_set_by_weeks(appliance: Appliance) -> None:
    mark = appliance.mark()
    number = asked(appliance, "timers set 45s --name pasta")["number"]
    (timer,) = asked(appliance, "timers list")["timers"]
    due = float(appliance.guest.sh("date +%s.%N")) + timer["left_s"]
    set_clock(appliance, time.time() + WEEKS_S)
    stepped_s = float(appliance.guest.sh("date +%s.%N")) - time.time()
    with recording(appliance) as heard:
        appliance.until_said(mark, f"timer {number} is due", 90)
        appliance.until_line(INDICATOR, 1)
        time.sleep(3)
        stop_by_button(appliance)
        appliance.guest.until(f"{PIPIT} timers --json list | grep -q '\"timers\": \\[\\]'", 30, every_s=1)
    assert due - 2 * EARLY_S <= heard.first_sound - stepped_s <= due + LATE_S


def test_an_alarm_outlives_kill_reboot_and_a_wrong_clock_and_rings_in_its_time(appliance: Appliance) -> None:
    guest = appliance.guest
    alarm = asked(appliance, "timers alarm 07:00 --name school")
    due = float(guest.sh(f"date --date='{alarm['due']}' +%s"))
    guest.sh(f"kill -KILL {appliance.pid}")
    guest.until(f"[[ $(systemctl show -p MainPID --value pipit) != {appliance.pid} ]]")
    appliance.until_ready()
    guest.power_off()
    guest.boot()
    set_clock(appliance, due - WEEKS_S)  # a board without a battery
    appliance.until_ready()
    (kept,) = asked(appliance, "timers list")["timers"]
    assert (kept["name"], kept.get("due")) == ("school", None)  # nobody knows yet when that is
    mark = appliance.mark()
    time.sleep(SETTLING_S)
    set_clock(appliance, due - BEFORE_S)
    guest.sh(SYNCHRONIZED)
    with recording(appliance) as heard:
        assert "is due" not in appliance.said_since(mark)
        appliance.until_said(mark, f"alarm {alarm['number']} is due", 2 * BEFORE_S)
        time.sleep(12)
        stop_by_button(appliance)
        time.sleep(2)
    assert due - EARLY_S <= heard.first_sound <= due + LATE_S
    assert heard.samples is not None
    assert not np.any(heard.samples[-RATE_HZ // 2 :])
    assert asked(appliance, "timers list")["timers"] == []
