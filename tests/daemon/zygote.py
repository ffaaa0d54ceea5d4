"""A process that has imported what commands need, and becomes one for each that is asked of it.

`python -m tests.daemon.zygote` reads a line of JSON for each command: its module, arguments, environment, what it is to
read, and the files for its output or the terminal that it is at; and statements to be run before it, or without a
module by themselves. It forks, and the child runs the module as `python -m` would. A line with the number of the child
is the answer, and another with its exit status once it has ended. To import the same libraries for every command would
take most of the time.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn

IMPORTED_ONCE: Final = (
    *(
        "google.genai.live",
        "numpy.fft",
        "numpy.random",
        "onnxruntime",
        "soundfile",
        "soxr",
        "websockets.asyncio.client",
    ),
    *("cryptography.x509", "cryptography.hazmat.backends.openssl", "encodings.idna", "systemd.daemon"),
    *(
        "daemon.command_line.pipit",
        "daemon.command_line.broker_command",
        "daemon.command_line.demo",
        "daemon.house.running",
    ),
    *(
        "daemon.chat.ask",
        "daemon.chat.command",
        "daemon.chat.voices",
        "daemon.doctor.command",
        "daemon.house.supervision",
    ),
    *("daemon.brain.local", "daemon.live.connection", "daemon.offline.server", "daemon.offline.serving"),
    *("hardware.sound.alsa", "hardware.header.factory", "gpiozero.pins.mock"),
)
"""What commands import when they need it. Not the modules that are run: each child runs them itself."""
ROOT: Final = Path(__file__).parents[2]
PATIENCE_S: Final = 120
"""After that the child is killed by SIGALRM."""


def become(order: dict[str, Any]) -> NoReturn:
    """Run the command in this process, and end it as Python would."""
    signal.alarm(PATIENCE_S)
    os.environ.clear()
    os.environ.update(order["environ"])
    if order["terminal"]:
        take_terminal(order["terminal"])
    else:
        write_to_files(order["output"], order["errors"])
    if order["typed"]:
        read_from_pipe(order["typed"].encode())
    sys.argv = [order["module"], *order["arguments"]]
    status: object = 0
    try:
        exec(order["before"], {"__name__": "__main__"})  # noqa: S102 - a test's own
        if order["module"]:
            runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        status = end.code or 0
        if not isinstance(status, int):
            print(status, file=sys.stderr)
    except BaseException:  # noqa: BLE001 - what Python does with it
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 1)


def take_terminal(name: str) -> None:
    """The leader of a session gets a terminal as its controlling one by opening it; Ctrl-C is a signal only then."""
    os.setsid()
    terminal = os.open(name, os.O_RDWR)
    for number in range(3):
        os.dup2(terminal, number)
    # those of this process are of pipes, and have gone through them
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115


def write_to_files(output: str, errors: str) -> None:
    """And read nothing."""
    writing = os.O_WRONLY | os.O_CREAT
    for number, name, flags in ((0, os.devnull, os.O_RDONLY), (1, output, writing), (2, errors, writing)):
        os.dup2(os.open(name, flags, 0o600), number)


def read_from_pipe(typed: bytes) -> None:
    """As standard input; a pipe holds this much by itself."""
    ours, theirs = os.pipe()
    os.write(theirs, typed)
    os.close(theirs)
    os.dup2(ours, 0)
    os.close(ours)


def main() -> None:
    os.chdir(ROOT)
    for name in IMPORTED_ONCE:
        import_module(name)
    import_module("daemon.live.connection").build_models()  # which each that connects would do
    gc.freeze()  # no child looks at it again
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            become(json.loads(line))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
