"""`pipit`, and `python -m daemon`."""

import signal
import sys
from types import FrameType
from typing import Final, Never

INTERRUPTED: Final = 128 + signal.SIGINT
"""As a shell has it, and `daemon.command_line.pipit`, which is not imported yet."""


def main() -> Never:
    """Ctrl-C is no fault, whenever it comes.

    Also while modules are imported, which takes seconds on a small Pi; compiled ones make an ImportError of it.
    """
    interrupts: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        interrupts.append(number)
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else somebody has it ignored
        signal.signal(signal.SIGINT, interrupt)
    try:
        status = _run(sys.argv[1:])
    except BaseException:
        if not interrupts:
            raise
        status = INTERRUPTED
    sys.exit(status)


def _run(arguments: list[str]) -> int:
    from daemon.command_line.streams import prepare
    from daemon.signals import ended, starts

    starts()
    prepare()
    from daemon.command_line.pipit import run_command

    status = run_command(arguments)
    ended()
    return status


if __name__ == "__main__":
    main()
