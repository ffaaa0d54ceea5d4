"""The command line: what `pipit` can be asked to do, and how each way of failing ends.

A `PipitError` is one sentence with its fix on standard error, and its own exit status; anything else is a fault of
Pipit and keeps its traceback. Commands import what they need themselves, so that `pipit check` starts at once.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from typing import TYPE_CHECKING, Final, TypeVar

from daemon import __version__
from daemon.command_line import (
    appliance_commands,
    devices_command,
    hearing_commands,
    household_commands,
    record_commands,
    serving_commands,
    talking_commands,
    words,
)
from daemon.command_line.streams import give_up_output, lost
from daemon.errors import PipitError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol

    class _Written(Protocol):
        """What argparse writes to."""

        def write(self, text: str, /) -> object: ...


Failure = TypeVar("Failure", PipitError, OSError)

COMMANDS: Final = (
    *appliance_commands.COMMANDS,
    *devices_command.COMMANDS,
    *hearing_commands.COMMANDS,
    *talking_commands.COMMANDS,
    *record_commands.COMMANDS,
    *serving_commands.COMMANDS,
    *household_commands.COMMANDS,
)
"""In the order of the help."""
SERVICES: Final = {appliance_commands.run, serving_commands.token_broker}
INTERRUPTED: Final = 130
"""What a shell reports of a command that ended by Ctrl-C."""


def run_command(arguments: Sequence[str]) -> int:
    """Run `pipit ARGUMENTS`; the exit status."""
    try:
        options = _parser().parse_args(arguments)
        _log_to_stderr(_level(options))
        command: Callable[[argparse.Namespace], int] = options.command
        status = command(options)
        sys.stdout.flush()
    except* PipitError as group:
        error = _first(group)
        print(f"pipit: {error}", file=sys.stderr)
        status = error.exit_status
    except* KeyboardInterrupt:
        status = INTERRUPTED
    except* BrokenPipeError:
        give_up_output()
        status = os.EX_OK  # whoever read the output has seen enough
    except* OSError as group:
        if (output := lost(_first(group))) is None:
            raise
        give_up_output()
        print(f"pipit: {output}", file=sys.stderr)
        status = output.exit_status
    return status


def _first(group: BaseExceptionGroup[Failure]) -> Failure:
    for error in group.exceptions:
        return _first(error) if isinstance(error, BaseExceptionGroup) else error
    raise AssertionError("an exception group is never empty")


def _level(options: argparse.Namespace) -> int:
    """What runs as a service tells what happens, all else what fails; each -v, wherever it stands, tells more."""
    levels = [logging.ERROR, logging.INFO, logging.DEBUG]
    serves = options.command in SERVICES or getattr(options, "listen", None) is not None
    steps: int = serves + options.verbose + options.verbose_too
    return levels[min(steps, len(levels) - 1)]


def _log_to_stderr(level: int) -> None:
    """What Pipit itself logs, from `level` on; of the libraries only warnings, and those only if anything is shown."""
    logging.basicConfig(level=max(level, logging.WARNING), format="%(name)s: %(message)s", stream=sys.stderr)
    for name in ("daemon", "hardware"):
        logging.getLogger(name).setLevel(level)


class _Parser(argparse.ArgumentParser):
    """One whose help is lost as loudly as any other output; argparse says nothing of what it cannot print."""

    def _print_message(self, message: str, file: _Written | None = None) -> None:
        if file is sys.stdout:
            print(message, end="", flush=True)
        else:
            super()._print_message(message, file)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="pipit", description="A voice appliance for the Raspberry Pi.")
    parser.add_argument("--version", action="version", version=f"pipit {__version__}")
    words.add_verbose(parser, "verbose")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    for name, command, add_words, text in COMMANDS:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        words.add_verbose(sub, "verbose_too")  # a parser of its own, which would forget what stood before it
        add_words(sub)
    return parser
