"""What may be said after the commands that tell a running appliance something."""

from __future__ import annotations

import os
import re
from argparse import ArgumentTypeError
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.command_line.duration_argument import duration
from daemon.control_socket.socket_file import NAME, SERVICE_FOLDER, socket_file

if TYPE_CHECKING:
    from argparse import ArgumentParser


def add_way(parser: ArgumentParser) -> None:
    """How it is reached, and how it is answered."""
    default = socket_file(os.environ) or SERVICE_FOLDER / NAME
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    parser.add_argument("--socket", type=Path, default=default, metavar="FILE", help=f"default: {default}")


def add_status(parser: ArgumentParser) -> None:
    add_way(parser)


def add_say(parser: ArgumentParser) -> None:
    add_way(parser)
    parser.add_argument("text", nargs="+", metavar="TEXT", help="at most 500 characters; - for standard input")
    about = "how long it may wait for a moment of rest, such as 30m; default: 1h"
    parser.add_argument("--expires", type=duration, default=3_600, metavar="TIME", help=about)
    parser.add_argument("--wait", action="store_true", help="until it was heard, or has expired: then 75")


def add_ring(parser: ArgumentParser) -> None:
    add_way(parser)


def add_mute(parser: ArgumentParser) -> None:
    add_way(parser)
    about = "on closes the microphone, and is the default"
    parser.add_argument("how", nargs="?", choices=("on", "off", "toggle"), default="on", help=about)


def add_volume(parser: ArgumentParser) -> None:
    add_way(parser)
    parser.add_argument("to", nargs="?", type=level, metavar="N|+N|-N", help="percent, or so many more or fewer")
    of = parser.add_mutually_exclusive_group()
    for name in ("alarm", "announcements"):
        of.add_argument(f"--{name}", action="store_const", const=name, dest="of", help=f"of {name}, not of the voice")


def level(text: str) -> tuple[str, int]:
    """("percent", 40) of "40" or "40%", ("change", -10) of "-10"."""
    found = re.fullmatch(r"([+-]?)(\d{1,3})%?", text, re.ASCII)
    if not found or (percent := int(found[2])) > 100:
        raise ArgumentTypeError(f'must be 0 to 100, or with + or - so many more or fewer, not "{text}"')
    return ("change", int(f"{found[1]}{percent}")) if found[1] else ("percent", percent)


def add_timers(parser: ArgumentParser) -> None:
    add_way(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")

    def add(name: str, text: str) -> ArgumentParser:
        return actions.add_parser(name, help=text, description=f"{text[:1].upper()}{text[1:]}.")

    add("list", "print all; the default")
    timer, alarm, reminder = add("set", "set a timer"), add("alarm", "set an alarm"), add("remind", "set a reminder")
    device = add("device", "have a device switched later")
    timer.add_argument("seconds", type=duration, metavar="TIME", help="such as 90, 10m or 1h30m")
    alarm.add_argument("at", metavar="HH:MM", help="the next such, or with its date, as 2026-12-01T07:00")
    reminder.add_argument("text", metavar="TEXT", help="what to say")
    device.add_argument("device", metavar="NAME", help="as the settings name it")
    device.add_argument("state", choices=("on", "off", "toggle"), help="what it shall be then")
    for action in (reminder, device):
        when = action.add_mutually_exclusive_group(required=True)
        when.add_argument("--in", type=duration, dest="seconds", metavar="TIME", help="such as 10m")
        when.add_argument("--at", metavar="HH:MM", help="as after alarm")
    for action in (timer, alarm):
        action.add_argument("--name", help='such as "pasta"')
    for action in (alarm, reminder, device):
        action.add_argument("--repeat", metavar="RRULE", help="such as FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
    for name, text in (
        ("cancel", "forget it"),
        ("pause", "stop it for now"),
        ("resume", "let it go on"),
        ("extend", "make it longer"),
        ("snooze", "silence it for a while"),
        ("skip", "leave out the next time alone"),
    ):
        action = add(name, text)
        about = 'its number or name, "all", or "last": what rings, or rang last'
        action.add_argument("which", nargs="?" if name == "snooze" else None, metavar="WHICH", help=about)
        if name in {"extend", "snooze"}:
            needed = name == "extend"
            action.add_argument("--by", type=duration, required=needed, dest="seconds", metavar="TIME", help="how long")
