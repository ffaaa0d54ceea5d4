"""Pipit in a guest, as people meet it: a microphone to speak into, a speaker to listen to, a button, lights."""

from __future__ import annotations

import re
import shlex
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.sound.pcm import CAPTURE_RATE_HZ
from daemon.sound.wav import read_audio

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.sound.pcm import Samples
    from tests.vm.guest import Completed, Guest

PIPIT = "/opt/pipit/current/venv/bin/pipit"
CHECKOUT = "/root/pipit"
SHARE = "/host"
"""The folder that guest and tests have in common."""
LIVE = "/srv/live"
"""Where the offline server keeps its certificates."""

BUFFER_US = 2_000_000
"""So long may this machine keep the guest waiting without a gap in what people say or hear."""

BUTTON, INDICATOR, LAMP, HEATER = 17, 22, 26, 23
SETTINGS = f"""\
[live]
endpoint = "https://127.0.0.1:8443"
ca_file = "{LIVE}/ca.pem"
[listening]
follow_up_s = 0
[button]
pin = {BUTTON}
[indicator]
pin = {INDICATOR}
[[device]]
name = "lamp"
kind = "led"
pin = {LAMP}
[[device]]
name = "heater"
kind = "relay"
pin = {HEATER}
active = "low"
"""
HEATER_ON, HEATER_OFF = 0, 1
SETTLING_S = 6.0
"""From READY on, and after silence, the wake engine hears nothing for two seconds. What else is loaded then, and spoken
in advance, keeps the guest's only processor busy for four more."""


@dataclass(frozen=True)
class Heard:
    """What came of a conversation."""

    reply: Samples
    """What the speaker played, 16 kHz."""
    journal: str


@dataclass
class Appliance:
    """The installed service and what is wired to its board."""

    guest: Guest
    share: Path

    # The board

    def line(self, pin: int) -> int:
        """The level of a GPIO line."""
        return int(self.guest.sh(f"cat /sys/devices/platform/gpio/gpiochip*/sim_gpio{pin}/value"))

    def pull(self, pin: int, level: str) -> None:
        """`level` is "up" or "down": what a button between the pin and ground does when it is let go or pressed."""
        self.guest.sh(f"echo pull-{level} > $(echo /sys/devices/platform/gpio/gpiochip*/sim_gpio{pin}/pull)")

    def until_line(self, pin: int, level: int, timeout_s: float = 10, every_s: float = 0.05) -> float:
        """The seconds it took a line to get this level."""
        value = f"/sys/devices/platform/gpio/gpiochip?/sim_gpio{pin}/value"
        return self.guest.until(f"read -r level < $(echo {value}) && ((level == {level}))", timeout_s, every_s)

    def watch_lines(self) -> None:
        """From now on the kernel writes down what is done to each line, for `edges`."""
        tracing = "/sys/kernel/tracing"
        self.guest.sh(
            f"mountpoint --quiet {tracing} || mount -t tracefs none {tracing}; cd {tracing} && "
            "echo 'get == 0' > events/gpio/gpio_value/filter && echo 1 > events/gpio/enable && echo > trace"
        )

    def edges(self, pin: int) -> list[str | int]:
        """What a line became since `watch_lines`, in order: "in", 0 or 1; what it was set to again is told once."""
        trace = self.guest.sh("cat /sys/kernel/tracing/trace")
        number = int(self.guest.sh("cat /sys/class/gpio/gpiochip*/base")) + pin
        seen: list[str | int] = []
        for level, way in re.findall(rf"gpio_value: {number} set (\d)|gpio_direction: {number} *(in|out)", trace):
            now = int(level) if level else way
            if now != "out" and seen[-1:] != [now]:
                seen.append(now)
        return seen

    # The service

    def shown(self, name: str) -> str:
        """As `systemctl show` has it."""
        return self.guest.sh(f"systemctl show --property={name} --value pipit.service")

    @property
    def pid(self) -> int:
        return int(self.shown("MainPID"))

    @property
    def restarts(self) -> int:
        """How often systemd has started it again by itself."""
        return int(self.shown("NRestarts"))

    def until_ready(self, timeout_s: float = 60) -> float:
        """Wait until systemd takes it for started, which is when it hears; when that was, in seconds since the boot."""
        self.guest.until("systemctl is-active --quiet pipit.service", timeout_s, every_s=0.5)
        return int(self.shown("ActiveEnterTimestampMonotonic")) / 1e6

    def restart(self) -> None:
        """And wait until it would hear its wake word."""
        self.guest.sh("systemctl restart pipit.service")
        time.sleep(SETTLING_S)

    def mark(self) -> str:
        """A place in the journal, for `said_since`."""
        # Of the service's own last message: systemd 252 skips one that matches even if that of the cursor does not.
        last = "journalctl --quiet --unit=pipit.service --lines=1 --show-cursor"
        output = self.guest.sh(f"journalctl --sync; {last} | tail -n 1")
        return output.removeprefix("-- cursor: ")

    def said_since(self, mark: str) -> str:
        """What the service has logged, one message a line."""
        unit = f"--unit=pipit.service --after-cursor={shlex.quote(mark)}"
        return self.guest.sh(f"journalctl --sync; journalctl --quiet --output=cat {unit}")

    def until_said(self, mark: str, pattern: str, timeout_s: float = 30) -> str:
        """Wait for the journal to hold a line that matches; AssertionError with what it holds otherwise."""
        deadline = time.monotonic() + timeout_s
        while not re.search(pattern, said := self.said_since(mark)):
            if time.monotonic() > deadline:
                raise AssertionError(f"nothing in the journal matches {pattern!r} after {timeout_s:.0f} s:\n{said}")
            time.sleep(0.3)
        return said

    # People

    def say(self, recording: str) -> None:
        """Speak into the microphone: a file of the tests' sounds, to its end."""
        self.guest.sh(f"aplay --quiet --buffer-time={BUFFER_US} --device=hw:Mic,0,0 {SHARE}/sounds/{recording}.wav")

    def say_and_pull_the_network(self, recording: str) -> None:
        """Speak, and in the midst of the command the guest's network goes down: the wake word comes before that."""
        sounds = (self.share / f"sounds/{name}.wav" for name in (recording, f"{recording}-without-wake-word"))
        whole_s, command_s = (len(read_audio(sound)) / CAPTURE_RATE_HZ for sound in sounds)
        player = f"aplay --quiet --buffer-time={BUFFER_US} --device=hw:Mic,0,0 {SHARE}/sounds/{recording}.wav"
        self.guest.sh(f"{player} & sleep {whole_s - command_s / 2:.2f}; ip link set lo down; wait")

    def mend_the_network(self) -> None:
        self.guest.sh("ip link set lo up")

    def listen(self, recording: str, until: str, timeout_s: float = 60, and_for_s: float = 0) -> Samples:
        """Say something and record the speaker until the journal matches, and for so long after; 16 kHz."""
        mark = self.mark()
        self.guest.sh(
            "systemd-run --quiet --collect --unit=people-listen "
            f"arecord --quiet --buffer-time={BUFFER_US} --device=hw:Speaker,1,0 -f S16_LE -r 24000 -c 1 /run/reply.wav"
        )
        try:
            self.say(recording)
            self.until_said(mark, until, timeout_s)
            time.sleep(and_for_s)
        finally:
            self.guest.sh(f"systemctl stop people-listen; mv /run/reply.wav {SHARE}")
        return read_audio(self.share / "reply.wav")

    def converse(self, recording: str, timeout_s: float = 60) -> Heard:
        """Say something and listen until the reply is over."""
        mark = self.mark()
        reply = self.listen(recording, r"(?s)speaking, after .*idle, after", timeout_s)
        understood = self.guest.sh("journalctl --quiet --unit=live-server --output=cat --lines=3")
        return Heard(reply, f"{self.said_since(mark)}\nThe server: {understood}")

    # Its surroundings

    def serve_live(self, *arguments: str) -> None:
        """Start the offline server that the settings name, anew."""
        command = (
            f"{PIPIT} --verbose live-server --models /var/lib/pipit/models --certificates {LIVE} {' '.join(arguments)}"
        )
        self.guest.sh(
            "systemctl stop live-server 2>/dev/null; systemctl reset-failed live-server 2>/dev/null; "
            f"mkdir -p {LIVE} && systemd-run --quiet --collect --unit=live-server {command}"
        )
        self.guest.until("ss -Hltn 'sport = :8443' | grep -q .", 60)
        self.guest.sh(f"chmod 0755 {LIVE} && chmod 0644 {LIVE}/ca.pem")

    def installer(self, arguments: str, timeout_s: float = 1500) -> Completed:
        """Run install.sh of the guest's checkout."""
        return self.guest.run(f"cd {CHECKOUT} && ./install.sh {arguments}", timeout_s)
