"""The journal of the service for a support bundle: systemd's own lines, and of Pipit's what is its own words."""

from __future__ import annotations

import builtins
import functools
import json
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from daemon import errors
from daemon.conversation import events
from daemon.conversation.causes import Cause, Notice
from daemon.conversation.exchange import State
from daemon.conversation.situation import Hindrance
from daemon.doctor.support.shapes import Shapes, functions_of, log_messages, module_text, program_text, strings_of
from daemon.wake.models import WAKE_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from daemon.doctor.examining.patient import Patient

LINES: Final = 2_000
TIMEOUT_S: Final = 30.0
COMMAND: Final = (
    "journalctl",
    "--unit=pipit.service",
    "--output=json",
    "--output-fields=MESSAGE,_PID",
    f"--lines={LINES}",
    "--no-pager",
    "--quiet",
)
LEFT_OUT: Final = "(left out)"

_UNIT: Final = r"(?:pipit\.service(?: - Pipit voice appliance)?|Pipit voice appliance)"
_SPAN: Final = r"[0-9.]+(?:us|ms|s|min|h|d)(?: [0-9.]+(?:us|ms|s|min|h))*"
_SIGNAL: Final = r"(?:SIG)?[A-Z]{2,6}[0-9]{0,2}"
_RESULT: Final = "exit-code|signal|core-dump|watchdog|timeout|oom-kill|resources|protocol"
_PROBLEM: Final = (
    "No such file or directory|Permission denied|Operation not permitted|Exec format error|No such process"
)
_STEP: Final = "CHDIR|EXEC|USER|GROUP|NAMESPACE|CREDENTIALS|STATE_DIRECTORY|RUNTIME_DIRECTORY|SECCOMP"
_OF_THE_UNIT: Final = (
    r"(?:Main|Control) process exited, code=(?:exited|killed|dumped), status=[0-9]+/[A-Z0-9_]{1,24}",
    rf"Failed with result '(?:{_RESULT})'\.",
    r"Scheduled restart job, restart counter is at [0-9]+\.",
    rf"Watchdog timeout \(limit {_SPAN}\)!",
    rf"Killing process [0-9]+ \((?:pipit|python3?(?:\.[0-9]+)?)\) with signal {_SIGNAL}\.",
    rf"Consumed {_SPAN} CPU time(?: over {_SPAN} wall clock time)?(?:, [0-9.]+[BKMG] memory (?:swap )?peak)*\.",
    r"State '(?:stop|start|final)-(?:sigterm|sigkill|sigabrt|watchdog|post)' timed out\. (?:Killing|Terminating)\.",
    r"(?:start|stop) operation timed out\. (?:Killing|Terminating|Aborting)\.",
    r"Deactivated successfully\.",
    r"Start request repeated too quickly\.",
    r"A process of this unit has been killed by the OOM killer\.",
    rf"Failed at step (?:{_STEP}) spawning /opt/pipit/current/venv/bin/pipit: (?:{_PROBLEM})",
)
_SYSTEMD: Final = re.compile(
    rf"(?:Starting|Started|Stopping|Stopped|Reloading|Reloaded|Failed to start) {_UNIT}\.{{0,3}}"
    rf"|pipit\.service: (?:{'|'.join(_OF_THE_UNIT)})"
)
"""What systemd (252 to 257) says of a service. Nothing in it can be anybody's words."""

_LOGGED: Final = re.compile(r"((?:daemon|hardware)(?:\.\w+)+): (.*)", re.DOTALL)
_ERROR: Final = re.compile(r"pipit: (.*?)(?:\. Fix: (.*))?", re.DOTALL)
_FRAME: Final = re.compile(
    r'( +\|? *)File "[^"]*?/((?:daemon|hardware)/[\w/]+)\.py", line (\d{1,5}), in (\w+|<module>)'
)
_RAISED: Final = re.compile(r"( *\|? *)([\w.]+)(?::.*)?", re.DOTALL)
_TRACEBACK: Final = re.compile(r"(?: *[|+] *)?(?:Exception Group )?Traceback \(most recent call last\):")


@dataclass(frozen=True)
class Entry:
    """One line of the journal. `after_s` is the time since its boot; boots are counted from 0, the oldest."""

    boot: int
    after_s: float
    by_systemd: bool
    message: str


def journal_of(site: Patient, program: OwnWords) -> str:
    """The filtered journal; each line with the number of its boot and the seconds since that."""
    done = site.run(COMMAND, TIMEOUT_S)
    if not done.ok:
        return "the journal could not be read\n"
    lines = [f"{entry.boot} {entry.after_s:12.3f}  {program.line(entry)}" for entry in _entries(done.output)]
    return "".join(f"{line}\n" for line in _gathered(lines))


def _entries(output: str) -> Iterator[Entry]:
    boots: dict[str, int] = {}
    for line in output.splitlines():
        try:
            fields = json.loads(line)
        except ValueError:
            continue
        if isinstance(fields, dict):
            yield _entry(fields, boots)


def _entry(fields: Mapping[str, Any], boots: dict[str, int]) -> Entry:
    boot = boots.setdefault(str(fields.get("_BOOT_ID")), len(boots))
    monotonic, message = str(fields.get("__MONOTONIC_TIMESTAMP", "")), fields.get("MESSAGE")
    after_s = int(monotonic) / 1e6 if re.fullmatch(r"[0-9]{1,16}", monotonic) else 0.0
    # _PID is the journal's own word: a service cannot pretend to be process 1.
    return Entry(boot, after_s, fields.get("_PID") == "1", message if isinstance(message, str) else "")


def _gathered(lines: Iterable[str]) -> Iterator[str]:
    """Lines that were left out, as one."""
    for left_out, group in groupby(lines, key=lambda line: line.endswith(LEFT_OUT)):
        members = list(group)
        if left_out and len(members) > 1:
            yield f"{members[0]} … {len(members)} lines"
        else:
            yield from members


class OwnWords:
    """Everything the program may say, read off its source when it is needed."""

    def line(self, entry: Entry) -> str:
        """The part of a line that is the program's own words, or LEFT_OUT."""
        if entry.by_systemd:
            return f"systemd: {entry.message}" if _SYSTEMD.fullmatch(entry.message) else LEFT_OUT
        return self.of_the_daemon(entry.message) or LEFT_OUT

    def of_the_daemon(self, message: str) -> str | None:
        if logged := _LOGGED.fullmatch(message):
            said = self.logged(logged[1]).own_words(logged[2])
            if said:
                return f"{logged[1]}: {said}"
        if _TRACEBACK.fullmatch(message):
            return "Traceback"
        if frame := _FRAME.fullmatch(message):
            name = frame[2].replace("/", ".")
            return f"  {name}:{frame[3]} in {frame[4]}" if frame[4] in self.functions(name) else None
        if error := _ERROR.fullmatch(message):
            said = self.error(error[1], error[2] or "")
            return said and f"pipit: {said}"
        if (raised := _RAISED.fullmatch(message)) and (name := raised[2].rpartition(".")[2]) in self.exceptions:
            return f"  raised {name}"
        return None

    def error(self, sentence: str, fix: str) -> str | None:
        """A sentence of an error or a finding, and its fix."""
        said = self.sentences.own_words(sentence)
        mended = fix and self.sentences.own_words(fix)
        return said and (f"{said}. Fix: {mended}" if mended else said)

    @functools.cache  # noqa: B019  one object lives as long as the command
    def logged(self, logger: str) -> Shapes:
        return Shapes(log_messages(module_text(logger) or ""), _WORDS, least=0)

    @functools.cache  # noqa: B019
    def functions(self, module: str) -> frozenset[str]:
        return functions_of(module_text(module) or "")

    @cached_property
    def sentences(self) -> Shapes:
        """Errors and findings, of the parts that run on a household's machine."""
        places = [f"daemon/{name}" for name in _ON_A_MACHINE]
        texts = program_text("hardware", *places, "daemon/command_line/appliance_commands.py")
        return Shapes((message for text in texts for message in strings_of(text)), _WORDS)

    @cached_property
    def exceptions(self) -> frozenset[str]:
        """Python's own, Pipit's, and the libraries' that the service may meet."""
        own = (kind.__name__ for kind in vars(errors).values() if isinstance(kind, type))
        python = (
            name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
        )
        return frozenset({*own, *python, "ALSAAudioError", "ConnectionClosedError", "APIError", "CancelledError"})


_ON_A_MACHINE: Final = (
    *("abilities", "broker", "conversation", "doctor", "hearing", "house", "live", "machine", "settings", "speech"),
    *("spending", "state", "tools", "wake"),
)
"""Folders of what runs in a household, whose sentences are our own words."""

_WORDS: Final = frozenset(
    {
        *(cause.value for cause in Cause),
        *(notice.value for notice in Notice),
        *(state.value for state in State),
        *(hindrance.value for hindrance in Hindrance),
        *(name for name, kind in vars(events).items() if isinstance(kind, type)),
        *WAKE_WORDS,
        "ok",
        "microphone",
        "speaker",
        "set_device",
        "set_level",
        "list_devices",
        "pulse",
    }
)
"""What may stand in a gap of a message: words of the program's own, none of which anybody chose."""
