"""The service: does it run, why not, and how often was it started again?"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING, Final

from daemon.errors import PipitError
from daemon.house.health import FIXES
from daemon.machine.check import Check
from daemon.machine.finding import CannotTell, Fact, Finding, bad, good, warning
from daemon.machine.model import SUDO, UNIT, unit_properties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.doctor.examining.patient import Patient

PROPERTIES: Final = (
    "LoadState",
    "ActiveState",
    "SubState",
    "UnitFileState",
    "Result",
    "ExecMainStatus",
    "NRestarts",
    "StatusText",
    "NeedDaemonReload",
)
RESTART_TIMEOUT_S: Final = 90.0
"""More than the unit's TimeoutStartSec: systemctl waits for READY."""
LOOK: Final = "journalctl -u pipit -n 50 tells more"

FAILED_UNIT: Final = "d9b373ed55a64feb8242e02dbe79a49c"
"""The message id with which systemd logs that a unit failed, and its UNIT_RESULT (systemd's message catalogue)."""

_STATUSES: Final = {
    os.EX_CONFIG: ("the settings are wrong", "see the check settings, then sudo systemctl restart pipit"),
    os.EX_NOPERM: ("there is no usable key, or a permission is missing", "see the checks key and gpio"),
    os.EX_NOINPUT: ("a sound card, a chip or a model is missing", "see microphone-card, speaker-card and wake-models"),
    os.EX_TEMPFAIL: ("the sound card or a pin is in use", "see microphone-card, speaker-card and pins"),
    os.EX_DATAERR: ("the sound card does not offer the format of the settings", LOOK),
    200: ("its folder cannot be entered (CHDIR)", "run `sudo ./install.sh install` again"),
    203: ("its program cannot be started (EXEC)", "run `sudo ./install.sh install` again"),
    216: ("a group of the unit does not exist (GROUP)", "sudo systemd-sysusers, then sudo systemctl restart pipit"),
    217: ("the user pipit does not exist (USER)", "sudo systemd-sysusers, then sudo systemctl restart pipit"),
    226: ("its sandbox cannot be set up (NAMESPACE)", LOOK),
    243: ("its key cannot be loaded (CREDENTIALS)", "see the check key"),
}
"""sysexits.h as Pipit uses it, and systemd's own of systemd.exec(5), "Process Exit Codes"."""

_RESULTS: Final = {
    "watchdog": "the watchdog ended it, for no audio came",
    "oom-kill": "the kernel ended it, for the memory was full",
    "timeout": "it was not ready in time",
    "signal": "it was killed, or crashed",
    "core-dump": "it crashed",
    "resources": "systemd could not start it",
}
"""The Result of a unit (org.freedesktop.systemd1(5))."""


def _examine(site: Patient) -> Finding:
    state = unit_properties(site, PROPERTIES)
    if state.get("LoadState") == "not-found":
        raise CannotTell("no service of Pipit is installed here", fix="`sudo ./install.sh install` does it")
    if state.get("LoadState") == "masked":
        return bad("the service is masked: it may not be started", "sudo systemctl unmask pipit")
    facts = _facts(state)
    match state.get("ActiveState"), state.get("SubState"):
        case (("active" | "reloading"), _):
            return _running(state, facts)
        case "activating", "auto-restart" | "auto-restart-queued":
            why, fix = _why(state)
            return bad(f"the service is started again and again: {why}", fix, **facts)
        case "activating", _:
            return warning("the service is starting, and not ready yet", "wait a minute and look again", **facts)
        case "failed", _:
            why, fix = _why(state)
            return bad(f"the service has failed: {why}", fix, **facts)
    return bad("the service is stopped", "sudo systemctl start pipit", **facts)


def _facts(state: Mapping[str, str]) -> dict[str, Fact]:
    names = {"ActiveState": "state", "Result": "result", "ExecMainStatus": "status", "NRestarts": "restarts"}
    return {ours: state[theirs] for theirs, ours in names.items() if theirs in state}


def _running(state: Mapping[str, str], facts: Mapping[str, Fact]) -> Finding:
    if state.get("UnitFileState") == "disabled":
        return warning("the service runs, but does not start with the machine", "sudo systemctl enable pipit", **facts)
    if state.get("NeedDaemonReload") == "yes":
        return warning(
            "the service runs, and its unit was changed since",
            "sudo systemctl daemon-reload && sudo systemctl restart pipit",
            **facts,
        )
    said = state.get("StatusText", "")
    for trouble, fix in FIXES.items():
        if trouble in said.split("; "):
            return warning(f"the service runs, but {trouble}", fix, **facts)
    return good(f"the service runs: {said}" if said else "the service runs", **facts)


def _why(state: Mapping[str, str]) -> tuple[str, str]:
    """Why it ended, and what helps."""
    result, status = state.get("Result", ""), state.get("ExecMainStatus", "")
    if result == "exit-code" and status.isdecimal():
        why, fix = _STATUSES.get(int(status), ("", LOOK))
        return f"it ended with status {status}{f', {why}' if why else ''}", fix
    return _RESULTS.get(result, f"its result is {result or 'not known'}"), LOOK


def _restart(site: Patient) -> str:
    state = unit_properties(site, PROPERTIES)
    if state.get("ActiveState") == "active" and state.get("NeedDaemonReload") != "yes":
        if state.get("UnitFileState") != "disabled":
            raise PipitError("the service runs", fix=LOOK)
        return _ask_systemd(site, ["enable", UNIT], "made the service start with the machine")
    if site.settings is None:
        raise PipitError("the settings must be right first", fix="see the check settings")
    _ask_systemd(site, ["daemon-reload"], "")
    return _ask_systemd(site, ["restart", UNIT], "restarted the service")


def _ask_systemd(site: Patient, arguments: list[str], done: str) -> str:
    """Run systemctl; returns `done`. Raises PipitError."""
    answer = site.run(["systemctl", *arguments], RESTART_TIMEOUT_S)
    if not answer.ok:
        last = answer.last_error or f"status {answer.status}"
        raise PipitError(f"systemctl {arguments[0]} did not work: {last}", fix=LOOK if site.is_root else SUDO)
    return done


def _count(site: Patient) -> Finding:
    """How often the service failed since the machine was started, by the journal; by systemd's own count without."""
    state = unit_properties(site, ("LoadState", "NRestarts"))
    if state.get("LoadState") == "not-found":
        raise CannotTell("no service of Pipit is installed here")
    failures = _failures(site)
    restarts = int(state.get("NRestarts") or 0)
    if not failures and not restarts:
        return good("the service has not failed since the machine was started", failures=0)
    if not failures:
        return warning(f"the service was started again {_times(restarts)} by itself", LOOK, restarts=restarts)
    told = [f"{_RESULTS.get(result, result)} {_times(count)}" for result, count in failures.most_common()]
    fix = "check the sound card's plug and the power supply" if "watchdog" in failures else LOOK
    sentence = f"the service has failed since the machine was started: {'; '.join(told)}"
    return warning(sentence, f"{fix}; {LOOK}" if fix != LOOK else fix, **failures)


def _failures(site: Patient) -> Counter[str]:
    """Results of the service's failures in this boot; empty where the journal may not be read."""
    fields = [f"MESSAGE_ID={FAILED_UNIT}", f"UNIT={UNIT}"]
    done = site.run(["journalctl", "-b", "-q", "-o", "json", "--output-fields=UNIT_RESULT", *fields])
    found: Counter[str] = Counter()
    for line in done.output.splitlines() if done.ok else []:
        try:
            found[str(json.loads(line).get("UNIT_RESULT", "not known"))] += 1
        except ValueError:
            continue
    return found


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


SERVICE = Check("service", "Does the service run, and if not, why?", _examine, _restart)
FAILURES = Check("failures", "How often did the service fail since the machine was started?", _count)
