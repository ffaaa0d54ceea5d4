"""The other end of the control socket, for commands: asks, waits, and turns each refusal into its sentence."""

from __future__ import annotations

import json
import os
import socket
from typing import TYPE_CHECKING, Any, Final, Self

from daemon.control_socket.control_lines import ControlError, line_of
from daemon.control_socket.peer import not_allowed

if TYPE_CHECKING:
    from pathlib import Path

ANSWER_S: Final = 15.0
"""More than the server takes before it says that it was too slow."""
LONGEST_BYTES: Final = 2**20
"""Of an answer; a thousand timers have a quarter of it."""
LARGEST_STATUS: Final = 125
"""What follows a shell has a meaning of its own for, and 256 would be success."""


class ControlClient:
    """One connection, in a `with`."""

    def __init__(self, path: Path, answer_s: float = ANSWER_S) -> None:
        """The socket of the appliance is at `path`."""
        self._path = path
        self._answer_s = answer_s

    def __enter__(self) -> Self:
        """Raises ControlError."""
        self._connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._connection.settimeout(self._answer_s)
        try:
            self._connection.connect(str(self._path))
        except (OSError, ValueError) as error:
            self._connection.close()
            raise self.why_not(error) from None
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, verb: str, **arguments: Any) -> dict[str, Any]:
        """What the appliance answers; an argument that is None is left out. Raises ControlError, which it says, too."""
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            self._send(line_of({"verb": verb, **given}))
            line = self._receive()
        except TimeoutError:
            what = f"the appliance does not answer within {self._answer_s:g} s"
            raise ControlError(what, fix="journalctl -u pipit", exit_status=os.EX_TEMPFAIL) from None
        except OSError:
            line = b""
        return _read(line)

    def _send(self, line: bytes) -> None:
        """Who is turned away is told why before he has asked: that is read all the same."""
        try:
            self._connection.sendall(line)
        except BrokenPipeError:
            return

    def _receive(self) -> bytes:
        line = b""
        while not line.endswith(b"\n") and len(line) <= LONGEST_BYTES:
            piece = self._connection.recv(65_536)
            if not piece:
                break
            line += piece
        return line

    def why_not(self, error: Exception) -> ControlError:
        """What an error of connecting means."""
        fix = "sudo systemctl start pipit"
        match error:
            case PermissionError():
                return not_allowed(f"this user may not use {self._path}")
            case FileNotFoundError() if self._path.parent.is_dir():
                what = f"there is no {self._path}: the appliance has just been started, or is of an older release"
                fix = "try again, or sudo systemctl restart pipit"
            case FileNotFoundError():
                what = f"the appliance is not running: there is no {self._path}"
            case ConnectionRefusedError():
                what = f"the appliance is not running: nobody listens at {self._path}"
            case _:
                what, fix = f"{self._path} cannot be used: {getattr(error, 'strerror', None) or error}", "correct it"
        return ControlError(what, fix=fix, exit_status=os.EX_UNAVAILABLE)


def _read(line: bytes) -> dict[str, Any]:
    if not line.endswith(b"\n"):
        what = "the appliance ended before it answered"
        raise ControlError(what, fix="systemctl status pipit", exit_status=os.EX_UNAVAILABLE)
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        what = "the appliance answers what this command cannot read"
        raise ControlError(what, fix="sudo systemctl restart pipit", exit_status=os.EX_PROTOCOL)
    if "error" in answer:
        status = answer.get("exit_status")
        status = status if isinstance(status, int) and 0 < status < LARGEST_STATUS else 1
        raise ControlError(str(answer["error"]), fix=str(answer.get("fix", "")), exit_status=status)
    return answer
