"""The harness itself, as far as it needs no guest."""

from __future__ import annotations

import json
import socket
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.sound.pcm import samples_of_ms
from tests.vm.board import PI_4, PI_5, Board, device_tree
from tests.vm.guest import GuestEndedError, Line
from tests.vm.installation import copy_checkout
from tests.vm.sounds import last_sound, sounds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from daemon.sound.pcm import Samples

HERE = Path(__file__).parent


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, Line]]:
    """A serial line: the guest's end and ours."""
    theirs, ours = socket.socketpair()
    with theirs, ours:
        yield theirs, Line(ours)


def program(name: str) -> ModuleType:
    """One that runs in the guest."""
    loader = SourceFileLoader(name, str(HERE / "guest" / name))
    spec = spec_from_loader(name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def agent() -> ModuleType:
    return program("agent")


def run(agent: ModuleType, line: Line, theirs: socket.socket, command: str, timeout_s: float) -> tuple[int, str]:
    status: int = agent.run(theirs.fileno(), command, timeout_s)
    agent.send(theirs.fileno(), {"status": status})
    output = ""
    for message in line.messages(5):
        if "status" in message:
            return message["status"], output
        output += message["output"]
    raise AssertionError


Ends = tuple[socket.socket, Line]


def test_the_agent_tells_output_and_status(agent: ModuleType, ends: Ends) -> None:
    assert run(agent, ends[1], ends[0], "echo one; echo zwei ü >&2; exit 3", 10) == (3, "one\nzwei ü\n")


def test_the_agent_kills_what_takes_too_long(agent: ModuleType, ends: Ends) -> None:
    assert run(agent, ends[1], ends[0], "echo begun; exec sleep 60", 0.3) == (agent.TIMED_OUT, "begun\n")


def test_the_agent_does_not_wait_for_what_stays_in_the_background(agent: ModuleType, ends: Ends) -> None:
    status, output = run(agent, ends[1], ends[0], "sleep 60 & echo $!", 30)
    assert status == 0
    run(agent, ends[1], ends[0], f"kill {output}", 10)


def test_noise_on_the_line_is_skipped_and_pieces_are_joined(ends: Ends) -> None:
    theirs, line = ends
    message: dict[str, Any] = {"output": "a line\nand another"}
    text = json.dumps(message).encode()
    theirs.sendall(b"login: \r\n" + text[:5])
    theirs.sendall(text[5:] + b"\n")
    assert next(line.messages(5)) == message


def test_a_guest_that_ends_is_an_error(ends: Ends) -> None:
    theirs, line = ends
    theirs.close()
    with pytest.raises(GuestEndedError, match="has ended"):
        next(line.messages(5))


def test_a_guest_that_is_silent_is_an_error(ends: Ends) -> None:
    with pytest.raises(GuestEndedError, match="not answered"):
        next(ends[1].messages(0))


@pytest.mark.parametrize("board", [PI_4, PI_5], ids=lambda board: board.model)
def test_a_device_tree_names_the_board_and_every_line(board: Board) -> None:
    tree = device_tree(board)
    assert f'model = "{board.model}";' in tree
    assert f"ngpios = <{board.lines}>" in tree
    assert tree.count('"GPIO') == board.lines - 2
    assert tree.count("{") == tree.count("}")


def tone(ms: float) -> Samples:
    return np.full(samples_of_ms(ms), 2000, np.int16)


def nothing(ms: float) -> Samples:
    return np.zeros(samples_of_ms(ms), np.int16)


def test_sounds_are_told_apart_by_long_pauses() -> None:
    recording = np.concatenate(
        (nothing(500), tone(100), nothing(600), tone(400), nothing(200), tone(300), nothing(500))
    )
    assert [len(sound) for sound in sounds(recording)] == [samples_of_ms(100), samples_of_ms(900)]
    assert len(last_sound(recording)) == samples_of_ms(900)


def test_silence_holds_no_sound() -> None:
    assert sounds(nothing(1000)) == []
    with pytest.raises(AssertionError, match="of silence"):
        last_sound(nothing(1000))


def test_the_air_brings_what_is_played_late_and_loud_beside_what_people_say(tmp_path: Path) -> None:
    room = program("air.py").Air(tmp_path, delay_periods=2, gain=2.0)
    played = np.full(320, 1_000.0)
    begin = room.pass_on(played)
    (tmp_path / "say").write_bytes(np.full(400, 100, "<i2").tobytes())
    said, heard = map(np.concatenate, zip(begin, *(room.pass_on(played) for _ in range(4)), strict=True))
    assert said[::80].tolist() == [0] * 4 + [100] * 5 + [0] * 11
    assert heard[::80].tolist() == [0] * 4 + [100] * 4 + [2_100] + [2_000] * 11


def test_the_copy_is_what_a_clone_would_have(tmp_path: Path) -> None:
    copy_checkout(tmp_path / "copy")
    assert (tmp_path / "copy/install.sh").stat().st_mode & 0o111
    assert (tmp_path / "copy/daemon/__init__.py").exists()
    assert not {".git", ".venv", "models"} & {path.name for path in (tmp_path / "copy").iterdir()}
