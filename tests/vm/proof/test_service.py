"""What the service does when something is taken from it: its life, its microphone, its time, its disk, its key."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.vm.appliance import HEATER, HEATER_OFF, HEATER_ON, INDICATOR, LAMP, LIVE, SETTLING_S, SHARE
from tests.vm.installation import INSTALL
from tests.vm.sounds import sounds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.vm.appliance import Appliance

ALONE = "/etc/pipit/conf.d/60-alone.toml"
READY_S, START_S = 5.0, 2.0
"""READY again after a kill, on a machine where a start takes so long; a slower one may take longer by as much."""
MICROPHONE = "/sys/bus/platform/drivers/snd_aloop"
WEEKS = 21 * 86_400


@pytest.fixture
def start_s(appliance: Appliance) -> float:
    """How long a start takes here and now, as a measure of this machine."""
    appliance.restart()
    return appliance.until_ready() - int(appliance.shown("InactiveExitTimestampMonotonic")) / 1e6


def test_killed_with_a_relay_on_it_is_safe_first_and_then_hears_again(appliance: Appliance, start_s: float) -> None:
    heard = appliance.converse("heater-on")
    assert appliance.line(HEATER) == HEATER_ON, heard.journal
    restarts, pid, mark = appliance.restarts, appliance.pid, appliance.mark()
    killed = float(appliance.guest.sh(f"read -r now _ < /proc/uptime; kill -KILL {pid}; echo $now"))
    safe_s = appliance.until_line(HEATER, HEATER_OFF, every_s=0.25)
    assert appliance.shown("ActiveState") != "active", "the relay was on until the next process came"
    time.sleep(READY_S)  # whoever looks takes the guest's only processor from what is looked for
    ready_s = appliance.until_ready() - killed
    print(f"\nsafe {safe_s:.2f} s after SIGKILL, READY after {ready_s:.1f} s; a start takes {start_s:.1f} s here")
    assert ready_s <= READY_S * max(1.0, start_s / START_S)
    assert appliance.restarts == restarts + 1
    assert appliance.line(HEATER) == HEATER_OFF
    said = appliance.said_since(mark)
    assert re.search(r"(?s)status=9/KILL.*2 outputs are in the safe state.*listening for", said), said


def test_it_survives_its_microphone_and_hears_again_when_it_is_back(appliance: Appliance) -> None:
    restarts, pid, mark = appliance.restarts, appliance.pid, appliance.mark()
    appliance.guest.sh(f"echo snd_aloop.0 > {MICROPHONE}/unbind")
    try:
        appliance.until_said(mark, r"microphone .* is gone")
        appliance.guest.until("[[ $(systemctl show -p StatusText --value pipit) == failed* ]]")
        appliance.until_line(INDICATOR, 1)
        # Longer than WatchdogSec=, for a card that is known to be gone must not be taken for a hang.
        time.sleep(40)
        assert (appliance.restarts, appliance.pid) == (restarts, pid)
    finally:
        appliance.guest.sh(f"echo snd_aloop.0 > {MICROPHONE}/bind")
    appliance.until_said(mark, r"(?s)is gone.*microphone .* is open")
    time.sleep(SETTLING_S)
    heard = appliance.converse("lamp-on")
    assert appliance.line(LAMP) == 1, heard.journal
    assert appliance.pid == pid


def test_frozen_it_is_restarted_by_the_watchdog(appliance: Appliance) -> None:
    restarts, pid, mark = appliance.restarts, appliance.pid, appliance.mark()
    appliance.guest.sh(f"kill -STOP {pid}")
    appliance.guest.until(f"[[ $(systemctl show -p MainPID --value pipit) != {pid} ]]", 90)
    appliance.until_ready()
    assert appliance.restarts == restarts + 1
    said = appliance.guest.sh(f"journalctl --quiet --unit=pipit --output=cat --after-cursor='{mark}'")
    assert "Watchdog timeout" in said


@pytest.fixture
def full_disk(appliance: Appliance) -> Iterator[None]:
    """No byte is free on the disk, not even for root."""
    appliance.guest.sh(
        "fallocate -l $(($(df --output=avail -B1 / | tail -1) - 4096)) /fill; "
        "cat /dev/zero > /fill2 2>/dev/null; sync; true"
    )
    yield
    appliance.guest.sh("rm -f /fill /fill2")


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_does_not_keep_it_from_running_or_starting(appliance: Appliance) -> None:
    assert appliance.guest.run("echo x > /var/lib/pipit/x").status != 0
    appliance.restart()
    heard = appliance.converse("lamp-off")
    assert appliance.line(LAMP) == 0, heard.journal


@pytest.mark.usefixtures("full_disk")
def test_an_installation_on_a_full_disk_is_refused_in_one_sentence(appliance: Appliance) -> None:
    pid = appliance.pid
    # Anything but what is installed, or there would be nothing to do.
    appliance.guest.sh(
        f"mkdir -p /run/checkout && mount -t tmpfs none /run/checkout && cp -r {SHARE}/pipit/. /run/checkout"
    )
    try:
        appliance.guest.sh("echo '# changed' >> /run/checkout/daemon/house/running.py")
        result = appliance.guest.run(f"cd /run/checkout && ./install.sh {INSTALL}")
    finally:
        appliance.guest.sh("umount /run/checkout")
    assert result.status != 0
    assert result.last_line.startswith("install.sh: ")
    assert "MB" in result.last_line or "no space" in result.last_line
    assert " — fix: " in result.last_line
    assert appliance.pid == pid


@pytest.fixture
def clock(appliance: Appliance) -> Iterator[None]:
    """Whatever a test does to it, the clock is right afterwards."""
    yield
    appliance.guest.sh(f"date --set=@{int(time.time())}")


def step_clock(appliance: Appliance, seconds: int) -> None:
    appliance.guest.sh(f"date --set=@$(($(date +%s) + {seconds}))")


@pytest.mark.usefixtures("clock")
def test_a_clock_stepped_by_weeks_disturbs_nothing(appliance: Appliance) -> None:
    restarts, pid, mark = appliance.restarts, appliance.pid, appliance.mark()
    for step in (WEEKS, -WEEKS):
        step_clock(appliance, step)
        time.sleep(3)
        assert (appliance.restarts, appliance.pid) == (restarts, pid)
        assert ", after " not in appliance.said_since(mark)
    step_clock(appliance, WEEKS)
    heard = appliance.converse("lamp-on")
    assert appliance.line(LAMP) == 1, heard.journal


@pytest.mark.usefixtures("clock")
def test_a_clock_in_the_past_is_called_by_its_name(appliance: Appliance) -> None:
    appliance.serve_live()  # ends the session that the last conversation left open
    step_clock(appliance, -WEEKS)
    mark = appliance.mark()
    heard = listen_to_a_failure(appliance)
    said = appliance.until_said(mark, r"session lost: ")
    assert "session lost: clock" in said
    assert heard


def test_a_key_that_is_refused_is_called_by_its_name(appliance: Appliance) -> None:
    scenario = (
        '[[connection]]\\nrefuse = { close = 1007, reason = "API key not valid. Please pass a valid API key." }\\n'
    )
    appliance.guest.sh(f"mkdir -p {LIVE} && printf '{scenario * 4}' > {LIVE}/refuse.toml")
    appliance.serve_live(f"--scenario {LIVE}/refuse.toml")
    with nobody_at_home(appliance):
        mark = appliance.mark()
        heard = listen_to_a_failure(appliance)
        assert "session lost: key_refused" in appliance.until_said(mark, r"session lost: ")
    assert heard
    appliance.serve_live()


def test_no_network_is_called_by_its_name(appliance: Appliance) -> None:
    appliance.guest.sh("systemctl stop live-server")
    with nobody_at_home(appliance):
        mark = appliance.mark()
        heard = listen_to_a_failure(appliance)
        assert "session lost: no_network" in appliance.until_said(mark, r"session lost: ")
    assert heard
    appliance.serve_live()


def test_without_a_network_the_lamp_goes_on_all_the_same_and_once(appliance: Appliance) -> None:
    """The session is open when the network goes, for it lingers after the lamp was turned off by it."""
    with somebody_at_home(appliance):
        appliance.converse("lamp-off")
        assert appliance.line(LAMP) == 0
        appliance.watch_lines()
        mark = appliance.mark()
        appliance.say_and_pull_the_network("lamp-on")
        try:
            appliance.until_line(LAMP, 1, timeout_s=120, every_s=2)
            said = appliance.until_said(mark, r"(?s)thinking, after .*speaking, after", timeout_s=120)
            assert "session lost: " in said
            assert appliance.edges(LAMP) == [1]
        finally:
            appliance.mend_the_network()


@contextmanager
def somebody_at_home(appliance: Appliance) -> Iterator[None]:
    """Meanwhile the brain at home is there from the start: to load it takes the guest's only processor a while."""
    appliance.guest.sh(f"printf '[offline]\\nready = \"always\"\\n' > {ALONE}")
    mark = appliance.mark()
    appliance.restart()
    try:
        appliance.until_said(mark, r"the brain at home is loaded", timeout_s=180)
        time.sleep(SETTLING_S)
        yield
    finally:
        appliance.guest.sh(f"rm {ALONE}")
        appliance.restart()


@contextmanager
def nobody_at_home(appliance: Appliance) -> Iterator[None]:
    """Meanwhile a failure of the service is only told."""
    appliance.guest.sh(f"printf '[offline]\\nuse = \"never\"\\n' > {ALONE}")
    appliance.restart()
    try:
        yield
    finally:
        appliance.guest.sh(f"rm {ALONE}")
        appliance.restart()


def listen_to_a_failure(appliance: Appliance) -> bool:
    """Ask for the lamp; whether anything longer than a tone, which is a sentence, was heard."""
    reply = appliance.listen("lamp-on", until=r"session lost: ", and_for_s=6)
    return any(len(sound) > 16_000 for sound in sounds(reply))
