"""The commands about what was kept: `pipit history`, `usage`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from daemon.command_line import words
from daemon.command_line.loading import settings_or_defaults

if TYPE_CHECKING:
    import argparse
    from pathlib import Path


def history(options: argparse.Namespace) -> int:
    from time import time

    from daemon.abilities.memory import history_command
    from daemon.state.archive import state_file_of_service

    path = state_file_of_service(os.environ, options.state)
    match options.action:
        case "show":
            kept = _history_is_kept(options.settings)
            history_command.show(path, time(), options.days, as_json=options.json, kept=kept)
        case "export":
            count = history_command.export(path, options.file, kept=_history_is_kept(options.settings))
            if options.file != "-":
                print(f"{count} {'remark' if count == 1 else 'remarks'} written to {options.file}")
        case "forget":
            count = history_command.forget_in(path, history_command.chosen(options.since, options.containing))
            print(f"{count} {'remark' if count == 1 else 'remarks'} forgotten; the next session begins anew")
    return os.EX_OK


def _history_is_kept(path: Path) -> bool:
    """Whether the settings say so; settings that are missing or wrong are another command's matter."""
    from daemon.house.file import check

    settings = check(path).settings
    return settings is None or settings.history.keep


def usage(options: argparse.Namespace) -> int:
    from datetime import datetime

    from daemon.spending.usage_page import as_json, as_text, overview

    today = datetime.now().astimezone().date().isoformat()
    view = overview(options.state, today, settings_or_defaults(options.settings).usage)
    print((as_json if options.json else as_text)(view, options.shown))
    return os.EX_OK


COMMANDS: Final = (
    ("history", history, words.add_history, "Show, export or forget what was said."),
    ("usage", usage, words.add_usage, "Show what was used and what it cost."),
)
"""Of each its name, what it does, its words, and what its help says."""
