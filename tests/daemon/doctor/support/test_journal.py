"""The journal of a support bundle: what passes, and what does not."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from daemon.doctor.examining.patient import Patient
from daemon.doctor.support.journal import LEFT_OUT, Entry, OwnWords, journal_of

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine


@pytest.fixture(scope="module")
def words() -> OwnWords:
    return OwnWords()


@pytest.mark.parametrize(
    "message",
    [
        "Started pipit.service - Pipit voice appliance.",
        "Starting Pipit voice appliance...",
        "pipit.service: Main process exited, code=exited, status=78/CONFIG",
        "pipit.service: Main process exited, code=killed, status=6/ABRT",
        "pipit.service: Failed with result 'watchdog'.",
        "pipit.service: Watchdog timeout (limit 30s)!",
        "pipit.service: Killing process 812 (pipit) with signal SIGABRT.",
        "pipit.service: Scheduled restart job, restart counter is at 3.",
        "pipit.service: Consumed 1min 2.345s CPU time.",
        "pipit.service: Consumed 2.345s CPU time over 3min 2.1s wall clock time, 88.1M memory peak.",
        "pipit.service: Failed at step CHDIR spawning /opt/pipit/current/venv/bin/pipit: No such file or directory",
    ],
)
def test_what_systemd_says_passes_from_systemd_alone(words: OwnWords, message: str) -> None:
    assert words.line(Entry(0, 1.0, True, message)) == f"systemd: {message}"
    assert words.line(Entry(0, 1.0, False, message)) == LEFT_OUT


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("daemon.live.session: session open: gemini-x", "daemon.live.session: session open: …"),
        (
            "daemon.live.session: session lost: timeout (1006 the code is 4711)",
            "daemon.live.session: session lost: timeout (…)",
        ),
        ("daemon.appliance.appliance: idle, after SessionLost", "daemon.appliance.appliance: idle, after SessionLost"),
        ("daemon.tools.calls: set_device: there is no bedroom lamp", "daemon.tools.calls: set_device: …"),
        ("daemon.hearing.listener: wake word alexa", "daemon.hearing.listener: wake word alexa"),
        ("daemon.hearing.listener: wake word secret", "daemon.hearing.listener: wake word …"),
        (
            "daemon.wake.detector: not taken for alexa: at best 0.44, the threshold is 0.50",
            "daemon.wake.detector: not taken for alexa: at best 0.44, the threshold is 0.50",
        ),
        (
            "daemon.wake.detector: not taken for anna: over the threshold of 0.50 for 1 in a row, of 2; at best 0.90",
            "daemon.wake.detector: not taken for …: over the threshold of 0.50 for 1 in a row, of 2; at best 0.90",
        ),
        (
            "daemon.wake.quiet_gate: the wake models listen: -30 dBFS, over -45",
            "daemon.wake.quiet_gate: the wake models listen: -30 dBFS, over -45",
        ),
        (
            "daemon.hearing.endpoint: the utterance is over: 704 ms of silence after 960 ms of speech",
            "daemon.hearing.endpoint: the utterance is over: 704 ms of silence after 960 ms of speech",
        ),
        (
            "daemon.appliance.decisions: the wake word alexa is not heeded while muted",
            "daemon.appliance.decisions: the wake word alexa is not heeded while muted",
        ),
        (
            "daemon.appliance.decisions: not opened again after quota: it does not pass by itself",
            "daemon.appliance.decisions: not opened again after quota: it does not pass by itself",
        ),
        (
            "daemon.appliance.decisions: no follow-up: the speaker is away",
            "daemon.appliance.decisions: no follow-up: the speaker is away",
        ),
        (
            "daemon.appliance.decisions: the household is told: day_nearly_spent",
            "daemon.appliance.decisions: the household is told: day_nearly_spent",
        ),
        (
            "daemon.appliance.decisions: the household is told: anna is ill",
            "daemon.appliance.decisions: the household is told: …",
        ),
        (
            "daemon.live.redial: a session is opened in 1.0 s: 1 failed, 1 ended early",
            "daemon.live.redial: a session is opened in 1.0 s: 1 failed, 1 ended early",
        ),
        (
            "daemon.abilities.devices.working.bounds: annas lamp is not turned on: off for 3.2 s, of 60.0 at least",
            "daemon.abilities.devices.working.bounds: … is not turned on: off for 3.2 s, of 60.0 at least",
        ),
        (
            "daemon.abilities.devices.working.bounds: annas lamp is not set to 0.90: its levels are 0.00 to 0.80",
            "daemon.abilities.devices.working.bounds: … is not set to 0.90: its levels are 0.00 to 0.80",
        ),
        (
            "daemon.abilities.sight.frame_gate: no picture may leave: the next may in 0.8 s",
            "daemon.abilities.sight.frame_gate: no picture may leave: the next may in 0.8 s",
        ),
        (
            "daemon.tools.tool: of the arguments of water_annas_beds do not fit: bed; not declared: 1",
            "daemon.tools.tool: of the arguments of … do not fit: …; not declared: 1",
        ),
        ("daemon.tools.calls: set_device is not run: anna sleeps", "daemon.tools.calls: set_device is not run: …"),
        ("daemon.house.supervision: ready: listening for anna", "daemon.house.supervision: ready: …"),
        (
            "hardware.header.push_button: pin 17 moved without an edge",
            "hardware.header.push_button: pin 17 moved without an edge",
        ),
        ("daemon.brain.thinking: understood 'open the safe' as x {}", "daemon.brain.thinking: understood …"),
        ("Traceback (most recent call last):", "Traceback"),
        ("  | Exception Group Traceback (most recent call last):", "Traceback"),
        (
            '  File "/opt/pipit/x/lib/site-packages/daemon/hearing/ears.py", line 90, in run',
            "  daemon.hearing.ears:90 in run",
        ),
        ("KeyError: 'anna'", "  raised KeyError"),
        ("hardware.errors.DeviceMissing: there is no microphone", "  raised DeviceMissing"),
        ("pipit: there is no API key. Fix: my own words", "pipit: there is no API key"),
        ("pipit: there is no microphone 'Annas'. Fix: plug it in", "pipit: there is no …"),
    ],
)
def test_of_pipits_own_lines_its_own_words(words: OwnWords, message: str, shown: str) -> None:
    assert words.line(Entry(0, 1.0, False, message)) == shown


@pytest.mark.parametrize(
    "message",
    [
        "turn on the light in the bedroom",
        "daemon.hearing.ears: turn on the light in the bedroom",
        "daemon.secret: session open: x",
        "daemon.live.session: the wake worker is behind: 120 ms skipped (2 times so far)",
        '  File "/opt/pipit/daemon/hearing/ears.py", line 90, in secret_function',
        '  File "/home/anna/secret/daemon/nothing.py", line 90, in run',
        "    key = 'AIzaSyA0000000000000000000000000000000'",
        "AnnasError: secret",
        "pipit: the code is 4711",
        "",
    ],
)
def test_everything_else_is_left_out(words: OwnWords, message: str) -> None:
    assert words.line(Entry(0, 1.0, False, message)) == LEFT_OUT


def entry(message: object, pid: str = "812", boot: str = "a", monotonic: object = "1500000") -> str:
    fields = {"MESSAGE": message, "_PID": pid, "_BOOT_ID": boot, "__MONOTONIC_TIMESTAMP": monotonic}
    return json.dumps(fields)


def test_lines_have_the_boot_and_the_seconds_since(machine: Machine, words: OwnWords) -> None:
    output = [
        entry("Started pipit.service - Pipit voice appliance.", "1"),
        entry("secret one"),
        entry("secret two"),
        entry([1, 2, 3]),
        entry("hardware.header.push_button: pin 17 moved without an edge", boot="b", monotonic="2"),
        "no json",
        "[]",
        entry(None, monotonic="secret"),
    ]
    machine.program("journalctl", "\n".join(output))
    told = journal_of(machine.site(), words).splitlines()
    assert told == [
        "0        1.500  systemd: Started pipit.service - Pipit voice appliance.",
        "0        1.500  (left out) … 3 lines",
        "1        0.000  hardware.header.push_button: pin 17 moved without an edge",
        "0        0.000  (left out)",
    ]
    assert "--unit=pipit.service" in machine.calls("journalctl")[0]


def test_a_journal_that_may_not_be_read(machine: Machine, words: OwnWords) -> None:
    machine.program("journalctl", status=1)
    assert journal_of(machine.site(), words) == "the journal could not be read\n"
    assert journal_of(Patient(environ={"PATH": os.devnull}), words) == "the journal could not be read\n"
