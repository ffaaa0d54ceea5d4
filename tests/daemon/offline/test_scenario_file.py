"""Scenario files: every step, every problem."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from daemon.errors import SettingsError
from daemon.offline.faults import (
    AbortSocket,
    CancelledCall,
    CloseSocket,
    ConnectionFaults,
    GoAway,
    Loss,
    Omit,
    PhantomInterrupted,
    SendRaw,
    Stall,
    Wait,
)
from daemon.offline.scenario import Call, Hear, Say, Scenario
from daemon.offline.scenario_file import load_scenario

MANUAL = Path(__file__).parents[3] / "docs" / "scenarios.md"


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
        ]
        """,
    )
    assert scenario.connections == [
        ConnectionFaults(http_status=429),
        ConnectionFaults(setup_delay_ms=2000, refuse=CloseSocket(1008, "no")),
        ConnectionFaults(silent=True),
        ConnectionFaults(lose=Loss("activity", 1011, "", 640)),
    ]


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
    """
    assert problems(tmp_path, text) == [
        "turn 1, step 2, tone_s: input should be a valid number, unable to parse string as a number",
        "turn 1, step 3: 1006 is no code that a close frame may carry",
        "turn 1, step 4, loud: unknown key",
        "turn 2, steps: field required",
        "connection 1: HTTP status 200 is no refusal (400 to 599)",
        "connection 2, lose, during: input should be 'setup', 'activity', 'thinking' or 'reply'",
        "connection 2, lose, colse: unknown key",
        "colour: unknown key",
    ]


@pytest.mark.parametrize("step", ["3", "{ shout = 1 }", "{}"])
def test_what_is_no_step(tmp_path: Path, step: str) -> None:
    [problem] = problems(tmp_path, f"[[turn]]\nsteps = [{step}]")
    assert problem.startswith("turn 1, step 1: no step of a scenario; a step has one of the keys abort, call, ")


def test_not_toml(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, "[[turn]]\nsteps = 3 4")
    assert problem.startswith("not TOML: ")
    assert "line 2" in problem


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.toml: No such file or directory\. Fix: name a scenario file"):
        load_scenario(tmp_path / "absent.toml")


def test_a_missing_sound(tmp_path: Path) -> None:
    text = '[[turn]]\nsteps = [{ say = "x", wav = "a.wav" }, { say = "y", wav = "b.wav" }]'
    assert problems(tmp_path, text) == [f"wav: there is no file {tmp_path / name}" for name in ("a.wav", "b.wav")]


def test_the_example_in_the_manual_is_a_scenario(tmp_path: Path) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "welcome.wav").touch()
    scenario = load(tmp_path, example)
    assert len(scenario.turns) == 2
    assert scenario.connections[0].lose == Loss("activity", after_audio_bytes=16000)


def test_the_manual_names_every_key() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    kinds = (Hear, Say, Call, Wait, SendRaw, GoAway, PhantomInterrupted, Omit, CancelledCall, CloseSocket, AbortSocket)
    keys = [fields(kind)[0].name for kind in (*kinds, Stall)] + [field.name for field in fields(ConnectionFaults)]
    assert [key for key in keys if f"| `{key} = " not in manual] == []
