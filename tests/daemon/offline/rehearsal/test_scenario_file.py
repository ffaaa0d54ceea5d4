"""Scenario files: every step, every problem."""

import math
import os
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest

from daemon.errors import SettingsError
from daemon.offline.rehearsal.scenario import Call, Hear, Say, Scenario, WhenAnswered
from daemon.offline.rehearsal.scenario_file import load_scenario
from daemon.offline.service.faults import (
    AbortSocket,
    CancelledCall,
    CloseSocket,
    CompleteLate,
    ConnectionFaults,
    CutSound,
    EndUtterance,
    Fault,
    GoAway,
    Loss,
    Omit,
    PhantomInterrupted,
    SendFrame,
    SendRaw,
    Stall,
    Wait,
)
from daemon.offline.service.server_options import Delivery, Limits, ServerOptions

STEPS = (Hear, Say, Call, WhenAnswered, *get_args(Fault))
MANUAL = Path(__file__).parents[4] / "docs" / "scenarios.md"


def load(tmp_path: Path, text: str) -> Scenario:
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def problems(tmp_path: Path, text: str) -> list[str]:
    """What is wrong with a file, without its path and the advice."""
    with pytest.raises(SettingsError) as refusal:
        load(tmp_path, text)
    lines = str(refusal.value).splitlines()
    assert all(line.startswith(f"{tmp_path}/s.toml: ") and ". Fix: " in line for line in lines)
    return [line.removeprefix(f"{tmp_path}/s.toml: ").partition(". Fix: ")[0] for line in lines]


def test_every_step(tmp_path: Path) -> None:
    (tmp_path / "hello.wav").touch()
    scenario = load(
        tmp_path,
        """
        [[turn]]
        steps = [
            { hear = "lamp on" },
            { say = "Hello", wav = "hello.wav" },
            { say = "Done", tone_s = 1 },
            { call = "lamp", args = { on = true }, expect = { on = true } },
            { wait_ms = 20 },
            { raw = { goAway = {} } },
            { go_away_s = 10 },
            { interrupted = true },
            { omit = "both" },
            { cancelled_call = "lamp", after_ms = 5 },
            { frame = "not JSON", binary = true },
            { turn_complete = true },
            { complete_after_ms = 9 },
            { chunk_ms = 500 },
            { call = "search", together = true },
            { call = "search", blocking = false },
            { when_answered = "search" },
            { say = "Found" },
        ]
        [[turn]]
        steps = [{ close = 1011, reason = "over" }, { abort = true }, { stall = true }]
        """,
    )
    assert scenario.turns == [
        [
            Hear("lamp on"),
            Say("Hello", wav=tmp_path / "hello.wav"),
            Say("Done", 1.0),
            Call("lamp", {"on": True}, {"on": True}),
            Wait(20),
            SendRaw({"goAway": {}}),
            GoAway(10),
            PhantomInterrupted(),
            Omit("both"),
            CancelledCall("lamp", after_ms=5),
            SendFrame("not JSON", binary=True),
            EndUtterance(),
            CompleteLate(9),
            CutSound(500),
            Call("search", together=True),
            Call("search", blocking=False),
            WhenAnswered("search"),
            Say("Found"),
        ],
        [CloseSocket(1011, "over"), AbortSocket(), Stall()],
    ]


def test_every_fault_of_a_connection(tmp_path: Path) -> None:
    scenario = load(
        tmp_path,
        """
        connection = [
            { http_status = 429 },
            { setup_delay_ms = 2000, refuse = { close = 1008, reason = "no" } },
            { silent = true },
            { lose = { during = "activity", after_audio_bytes = 640, close = 1011 } },
            { refuse_handle = true, handle_delay_ms = 30, repeat_handle = true },
            { audio_during_call = "closes", spurious_interrupted = true, pong_delay_s = inf },
        ]
        """,
    )
    assert scenario.connections == [
        ConnectionFaults(http_status=429),
        ConnectionFaults(setup_delay_ms=2000, refuse=CloseSocket(1008, "no")),
        ConnectionFaults(silent=True),
        ConnectionFaults(lose=Loss("activity", 1011, "", 640)),
        ConnectionFaults(refuse_handle=True, handle_delay_ms=30, repeat_handle=True),
        ConnectionFaults(audio_during_call="closes", spurious_interrupted=True, pong_delay_s=math.inf),
    ]


def test_every_option_of_the_server(tmp_path: Path) -> None:
    scenario = load(
        tmp_path,
        """
        [server]
        lenient = true
        delivery = { chunk_ms = 8, realtime = true, lead_ms = 9 }
        [server.limits]
        connection_s = 1
        go_away_s = 2
        session_s = 3
        video_session_s = 4
        handle_s = 5
        sessions = 6
        context_tokens = 7
        """,
    )
    limits = Limits(
        connection_s=1, go_away_s=2, session_s=3, video_session_s=4, handle_s=5, sessions=6, context_tokens=7
    )
    assert scenario.server == ServerOptions(limits=limits, delivery=Delivery(8, True, 9), lenient=True)


def test_an_empty_file_is_a_scenario_where_nothing_happens(tmp_path: Path) -> None:
    assert load(tmp_path, "") == Scenario([], [])


def test_all_problems_at_once_each_in_its_place(tmp_path: Path) -> None:
    text = """
    colour = "red"
    [[connection]]
    http_status = 200
    [[connection]]
    lose = { during = "lunch", colse = 1011 }
    [[turn]]
    steps = [{ hear = "x" }, { say = "hi", tone_s = "long" }, { close = 1006 }, { hear = "x", loud = true }]
    [[turn]]
    [[turn]]
    steps = [{ when_answered = "search" }]
    [server.limits]
    sessions = 0
    connexion_s = 1
    [server.delivery]
    chunk_ms = -1
    """
    assert problems(tmp_path, text) == [
        "turn 1, step 2, tone_s: input should be a valid number, unable to parse string as a number",
        "turn 1, step 3: 1006 is no code that a close frame may carry",
        "turn 1, step 4, loud: unknown key",
        "turn 2, steps: field required",
        "turn 3, steps: when_answered names search, which the turn does not call with blocking = false",
        "connection 1: HTTP status 200 is no refusal (400 to 599)",
        "connection 2, lose, during: input should be 'setup', 'activity', 'thinking' or 'reply'",
        "connection 2, lose, colse: unknown key",
        "server, limits, connexion_s: unknown key",
        "server, delivery: chunk_ms = -1.0 leaves no sound in a message",
        "colour: unknown key",
    ]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("[server.limits]\nsessions = 0", "server, limits: sessions = 0 leaves no room for anything"),
        ("[server]\nstrict = true", "server, strict: unknown key"),
        ("connection = [{ pong_delay_s = -1 }]", "connection 1: pong_delay_s = -1.0 is no delay"),
        (
            "connection = [{ audio_during_call = 1 }]",
            "connection 1, audio_during_call: input should be 'taken', 'cancels' or 'closes'",
        ),
        (
            "turn = [{ steps = [{ call = 'a', blocking = false, together = true }] }]",
            "turn 1, step 1: a call that is together with another is blocking",
        ),
        ("turn = [{ steps = [{ chunk_ms = 0 }] }]", "turn 1, step 1: chunk_ms = 0.0 leaves no sound in a message"),
        (
            "turn = [{ steps = [{ call = 'a', blocking = false }, { when_answered = 'a' }, { when_answered = 'a' }] }]",
            "turn 1, steps: when_answered names a more than once",
        ),
    ],
)
def test_options_that_make_no_sense(tmp_path: Path, table: str, problem: str) -> None:
    assert problems(tmp_path, table) == [problem]


@pytest.mark.parametrize("step", ["3", "{ shout = 1 }", "{}"])
def test_what_is_no_step(tmp_path: Path, step: str) -> None:
    [problem] = problems(tmp_path, f"[[turn]]\nsteps = [{step}]")
    assert problem.startswith("turn 1, step 1: no step of a scenario; a step has one of the keys abort, call, ")


def test_not_toml(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, "[[turn]]\nsteps = 3 4")
    assert problem.startswith("not TOML: ")
    assert "line 2" in problem


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.toml: does not exist\. Fix: name a scenario file"):
        load_scenario(tmp_path / "absent.toml")


def test_a_missing_sound(tmp_path: Path) -> None:
    text = '[[turn]]\nsteps = [{ say = "x", wav = "a.wav" }, { say = "y", wav = "b.wav" }]'
    assert problems(tmp_path, text) == [f"wav: there is no file {tmp_path / name}" for name in ("a.wav", "b.wav")]


def test_the_examples_in_the_manual_are_scenarios(tmp_path: Path) -> None:
    first, second = re.findall(r"```toml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "welcome.wav").touch()
    scenario = load(tmp_path, first)
    assert len(scenario.turns) == 2
    assert scenario.connections[0].lose == Loss("activity", after_audio_bytes=16000)
    assert scenario.server.limits.go_away_s == 10
    assert WhenAnswered("weather") in load(tmp_path, second).turns[0]


def rows() -> dict[str, str]:
    """The rows of the manual's tables, by the key in their first column."""
    lines = MANUAL.read_text(encoding="utf-8").splitlines()
    return {match[1]: line for line in lines if (match := re.match(r"\| `(\w+) = ", line))}


@pytest.mark.parametrize("kind", STEPS)
def test_the_manual_names_every_key_of_a_step(kind: type[Any]) -> None:
    verb, *others = [field.name for field in fields(kind)]
    assert [key for key in others if f"`{key}`" not in rows()[verb]] == []


def test_the_manual_names_every_key_of_a_table_and_no_other() -> None:
    tables = (ConnectionFaults, Limits, Delivery, ServerOptions)
    keys = {field.name for table in tables for field in fields(table)} - {"limits", "delivery"}
    verbs = {fields(kind)[0].name for kind in STEPS}
    assert keys | verbs == set(rows())
    assert all(f"`{field.name}`" in rows()["lose"] or field.name == "during" for field in fields(Loss))


@pytest.mark.parametrize(
    ("make", "what"), [(os.mkfifo, "is a named pipe"), (lambda path: path.symlink_to("/dev/zero"), "is a device")]
)
def test_what_is_no_file_is_neither_waited_for_nor_read(
    tmp_path: Path, make: Callable[[Path], None], what: str
) -> None:
    make(tmp_path / "scenario.toml")
    with pytest.raises(SettingsError, match=what):
        load_scenario(tmp_path / "scenario.toml")


def test_a_number_of_thousands_of_digits(tmp_path: Path) -> None:
    assert "not TOML" in problems(tmp_path, f"[[turn]]\nx = {'9' * 5000}")[0]
