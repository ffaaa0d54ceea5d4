"""A guest machine: boots a User-mode Linux kernel, and runs commands in it with their output and exit status.

The guest has two loopback sound cards, the GPIO lines of a simulated chip, a device tree that names a Raspberry Pi,
a network through `slirp`, and folders of this machine (hostfs). Its disk is a copy on write of the image that
`build-root` made: it lasts as long as the `Guest`, over reboots and power cuts, and the image stays as it was.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.vm.board import Board

BOOT_S = 180.0
"""A boot takes 5 s on an idle machine; this is for one that builds something else meanwhile."""
MEMORY = "1G"
SOUND_CARDS = "snd_aloop.enable=1,1 snd_aloop.index=0,1 snd_aloop.id=Mic,Speaker snd_aloop.pcm_substreams=1,1"
"""What is played to hw:Mic,0,0 is heard on hw:Mic,1,0; what is played to hw:Speaker,0,0 is heard on hw:Speaker,1,0."""
PRIORITY = -15
NETWORK = "eth0=slirp,,/usr/bin/slirp-fullbolt"
NETWORK_UP = "ip address replace 10.0.2.15/24 dev eth0 && ip link set eth0 up && ip route replace default via 10.0.2.2"
NETWORK_DOWN = "ip link set eth0 down"


class GuestEndedError(Exception):
    """The guest's kernel ended, or does not answer."""


class CommandError(AssertionError):
    """A command in the guest failed that should not have."""


@dataclass(frozen=True)
class Completed:
    """How a command ended."""

    status: int
    output: str

    @property
    def last_line(self) -> str:
        return self.output.strip().splitlines()[-1] if self.output.strip() else ""


@dataclass
class Line:
    """The agent's serial line: lines of JSON each way."""

    socket: socket.socket
    _received: bytes = b""

    def send(self, message: Mapping[str, Any]) -> None:
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def messages(self, timeout_s: float) -> Iterator[dict[str, Any]]:
        """What the agent says; GuestEndedError once nothing came for so long."""
        deadline = time.monotonic() + timeout_s
        while True:
            *lines, self._received = self._received.split(b"\n")
            for line in lines:
                if line.startswith(b"{"):  # before the agent has opened the line, the kernel may have echoed on it
                    yield json.loads(line)
            self.socket.settimeout(max(0.1, deadline - time.monotonic()))
            try:
                received = self.socket.recv(65536)
            except TimeoutError:
                raise GuestEndedError(f"the guest has not answered for {timeout_s:.0f} s") from None
            if not received:
                raise GuestEndedError("the guest has ended")
            self._received += received


@dataclass
class Guest:
    """A machine that can be switched on, asked to do things, and unplugged."""

    cache: Path
    suite: str
    board: Board
    folders: Mapping[str, Path] = field(default_factory=dict)
    """Folders of this machine by where the guest sees them."""
    start_from: Path | None = None
    """A disk that `keep_disk` kept, instead of the image as it was built."""
    append: str = ""
    """More for the kernel's command line."""

    def __post_init__(self) -> None:
        self.workshop = Path(tempfile.mkdtemp(prefix="guest.", dir=self.cache))
        self.console = self.workshop / "console.log"
        self.disk = self.workshop / "disk.cow"
        if self.start_from:
            _copy_sparse(self.start_from, self.disk)
        self.boot_s = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Line | None = None

    # Switching on and off

    def boot(self) -> None:
        """Until it takes commands and has its folders and its network."""
        began = time.monotonic()
        ours, theirs = socket.socketpair()
        with theirs, self.console.open("ab") as console:
            self._process = subprocess.Popen(
                self._kernel_command(theirs.fileno()),
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # so that all of it can be killed at once, and is one group to the scheduler
                env={**os.environ, "TMPDIR": str(memory_folder(self.cache))},
            )
        self._line = Line(ours)
        _prefer(self._process.pid)
        try:
            next(message for message in self._line.messages(BOOT_S) if "hello" in message)
            self.boot_s = time.monotonic() - began
            self._mount_folders()
            self.sh(NETWORK_UP)
        except BaseException as error:
            self.cut_power()
            error.add_note("the last words of its console:\n" + self.console.read_text(errors="replace")[-2000:])
            raise

    def _kernel_command(self, line: int) -> list[str]:
        tree = self.workshop / "board.dtb"
        if not tree.exists():
            _compile_tree(self.cache / "dtc", self.board, tree)
        return [
            # The processes of the guest hand over to one another all the time; across two processors that costs double.
            *("taskset", "-c", str(max(os.sched_getaffinity(0)))),
            str(self.cache / "linux"),
            *(f"mem={MEMORY}", f"ubd0={self.disk},{self.cache / f'root-{self.suite}.ext4'}", "root=/dev/ubda", "rw"),
            *("con0=null,fd:1", "con=null", f"ssl0=fd:{line},fd:{line}", "ssl=null", "vm-agent=/dev/ttyS0"),
            *("quiet", "loglevel=4", "systemd.show_status=0", "panic=1", NETWORK, f"dtb={tree}"),
            *SOUND_CARDS.split(),
            *self.append.split(),
        ]

    def _mount_folders(self) -> None:
        for place, folder in self.folders.items():
            # util-linux 2.39 and later use the new mount call, for which the folder is a named option.
            where = shlex.quote(place)
            options = (f"hostfs={folder}", str(folder))
            tries = " || ".join(f"mount -t hostfs none {where} -o {shlex.quote(option)}" for option in options)
            self.sh(f"mkdir -p {where} && {{ {tries}; }} 2>/dev/null && mountpoint -q {where}")

    def power_off(self) -> None:
        """As by `poweroff`: every service is stopped."""
        if self._line and self.is_on:
            self._line.send({"command": "systemctl poweroff", "timeout_s": 10})
            try:
                self._ended(timeout_s=60)
            finally:
                self.cut_power()

    def cut_power(self) -> None:
        """As by pulling the plug: nothing is stopped, nothing is written any more."""
        if self._process and self.is_on:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            _until_gone(self._process.pid)
        if self._line:
            self._line.socket.close()
        self._line = None

    def _ended(self, timeout_s: float) -> None:
        assert self._process is not None
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise GuestEndedError(f"the guest did not power off in {timeout_s:.0f} s") from None

    @property
    def is_on(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def keep_disk(self, target: Path) -> None:
        """A copy of the disk of a guest that is switched off; worth nothing without the image it was made from."""
        assert not self.is_on
        _copy_sparse(self.disk, target)

    def discard(self) -> None:
        """Switched off for good, and its disk with it."""
        self.cut_power()
        shutil.rmtree(self.workshop)

    # Asking it to do things

    def run(self, command: str, timeout_s: float = 120) -> Completed:
        """Run a shell command as root; GuestEndedError if the guest ends or hangs. A command too slow ends with 124."""
        if self._line is None:
            raise GuestEndedError("the guest is switched off")
        self._line.send({"command": command, "timeout_s": timeout_s})
        output: list[str] = []
        for message in self._line.messages(timeout_s + 60):
            if "status" in message:
                return Completed(message["status"], "".join(output))
            output.append(message.get("output", ""))
        raise AssertionError("the line is never silent and open")

    def sh(self, command: str, timeout_s: float = 120) -> str:
        """The output of a command that must succeed, without white space around it. Raises CommandError."""
        completed = self.run(command, timeout_s)
        if completed.status:
            raise CommandError(f"status {completed.status}: {command}\n{completed.output}")
        return completed.output.strip()

    def until(self, condition: str, timeout_s: float = 60, every_s: float = 0.05) -> float:
        """Wait in the guest for a shell condition to hold; the seconds of the guest's clock that it took.

        Looking costs the guest's only processor: a command that is started every 50 ms takes a third of it.
        """
        loop = (
            f"began=$EPOCHREALTIME; for ((i = 0; i < {int(timeout_s / every_s)}; i++)); do "
            f"if {condition}; then echo $(((${{EPOCHREALTIME/./}} - ${{began/./}}) / 1000)); exit; fi; "
            f"sleep {every_s}; done; exit 1"
        )
        completed = self.run(loop, 4 * timeout_s + 10)
        if completed.status:
            raise CommandError(f"not so within {timeout_s:.0f} s: {condition}")
        return int(completed.last_line) / 1000


def memory_folder(cache: Path, needed_bytes: int = 3 << 30) -> Path:
    """Where the file lives that is the guest's memory: a file system in memory if one has the room, else the cache."""
    shared = Path("/dev/shm")  # noqa: S108 - the kernel makes its file there without a name
    return shared if shared.is_dir() and shutil.disk_usage(shared).free > needed_bytes else cache


def _until_gone(group: int, timeout_s: float = 10) -> None:
    """Wait for the last of a guest's processes, each of which may still have a lock on its disk."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)


def _prefer(pid: int) -> None:
    """Let the session of this process go before others, where the kernel schedules by sessions and we are root.

    A guest that has to wait loses sound. With sessions (sched(7), autogroup) the nice value of a process counts only
    among those of its own.
    """
    if os.geteuid():
        return
    os.setpriority(os.PRIO_PROCESS, pid, PRIORITY)
    group = Path(f"/proc/{pid}/autogroup")
    if group.exists():
        group.write_text(str(PRIORITY))


def _copy_sparse(source: Path, target: Path) -> None:
    subprocess.run(["cp", "--sparse=always", str(source), str(target)], check=True)


def _compile_tree(dtc: Path, board: Board, target: Path) -> None:
    from tests.vm.board import device_tree

    command = [str(dtc), "-q", "-I", "dts", "-O", "dtb", "-o", str(target), "-"]
    subprocess.run(command, input=device_tree(board), text=True, check=True)
