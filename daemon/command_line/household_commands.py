"""The commands that tell a running appliance something, and print what it answers: `pipit say`, `status`, …"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from daemon.command_line import household_words
from daemon.command_line.household_answers import (
    of_change,
    of_mute,
    of_status,
    of_timer,
    of_timers,
    of_volumes,
)
from daemon.control_socket.control_client import ControlClient
from daemon.control_socket.control_lines import LONGEST_BYTES, ControlError
from daemon.speech.message_text import LONGEST, MessageRefused, message_text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

POLL_S: Final = 0.5
"""Between two looks whether a message was heard."""


def status(options: argparse.Namespace) -> int:
    with ControlClient(options.socket) as appliance:
        return tell(options, appliance.ask("status"), of_status)


def say(options: argparse.Namespace) -> int:
    given = _standard_input() if options.text == ["-"] else " ".join(options.text)
    text = message_text(given)
    with ControlClient(options.socket) as appliance:
        answer = appliance.ask("say", text=text, expires_s=options.expires)
        if options.wait:
            answer = _end_of(appliance, answer["number"])
    return tell(options, answer, lambda _: ["it was heard" if options.wait else "it is said when nobody talks"])


def _standard_input() -> str:
    """Raises MessageRefused; of what is endless no more is read than a message can have."""
    data = sys.stdin.buffer.read(LONGEST_BYTES + 1)
    if len(data) > LONGEST_BYTES:
        what = f"standard input has more than {LONGEST_BYTES} bytes, and at most {LONGEST} characters are read out"
        raise MessageRefused(what, fix="say it in fewer words")
    return data.decode(errors="replace")


def _end_of(appliance: ControlClient, number: int, sleep: Callable[[float], None] = time.sleep) -> dict[str, Any]:
    """The answer once the message was heard. Raises ControlError if it never is."""
    while (answer := appliance.ask("message", number=number))["fate"] in {"waiting", "telling"}:
        sleep(POLL_S)
    if answer["fate"] != "told":
        why = {"expired": "nobody was silent for it in time", "dropped": "too many came after it"}
        what = f"the message was not heard: {why.get(answer['fate'], 'nobody knows what became of it')}"
        raise ControlError(what, fix="say it again", exit_status=os.EX_TEMPFAIL)
    return answer


def ring(options: argparse.Namespace) -> int:
    with ControlClient(options.socket) as appliance:
        return tell(options, appliance.ask("ring"), lambda _: ["it rings, and is stopped as an alarm is"])


def mute(options: argparse.Namespace) -> int:
    on = {"on": True, "off": False, "toggle": "toggle"}[options.how]
    with ControlClient(options.socket) as appliance:
        return tell(options, appliance.ask("mute", on=on), of_mute)


def volume(options: argparse.Namespace) -> int:
    with ControlClient(options.socket) as appliance:
        if options.to:
            kind, number = options.to
            return tell(options, appliance.ask("volume", of=options.of, **{kind: number}), lambda a: of_volumes([a]))
        kinds = [options.of] if options.of else ["voice", "alarm", "announcements"]
        answers = [appliance.ask("volume", of=of) for of in kinds]
    return tell(options, {"ok": True, "volumes": answers}, lambda _: of_volumes(answers))


def timers(options: argparse.Namespace) -> int:
    action = options.action or "list"
    names = ("seconds", "at", "repeat", "name", "text", "device", "state", "which")
    given = {name: getattr(options, name, None) for name in names}
    with ControlClient(options.socket) as appliance:
        answer = appliance.ask("timers", do={"skip": "skip_next"}.get(action, action), **given)
    match action:
        case "list":
            return tell(options, answer, of_timers)
        case "set" | "alarm" | "remind" | "device":
            return tell(options, answer, of_timer)
    return tell(options, answer, of_change)


def tell(options: argparse.Namespace, answer: dict[str, Any], as_lines: Callable[[dict[str, Any]], list[str]]) -> int:
    """Print an answer, as lines or as it is."""
    told = json.dumps(answer, ensure_ascii=False, indent=2) if options.json else "\n".join(as_lines(answer))
    print(told)
    return os.EX_OK


COMMANDS: Final = (
    ("status", status, household_words.add_status, "Show what the running appliance is doing."),
    ("say", say, household_words.add_say, "Have something read out as soon as nobody talks (docs/control.md)."),
    ("ring", ring, household_words.add_ring, "Ring as an alarm does, to hear how loud that is."),
    ("mute", mute, household_words.add_mute, "Close the microphone, or open it again."),
    ("volume", volume, household_words.add_volume, "Show or set how loud it is."),
    (
        "timers",
        timers,
        household_words.add_timers,
        "Show, set and cancel timers, alarms, reminders and planned actions.",
    ),
)
"""Of each its name, what it does, its words, and what its help says."""
