"""`pipit say`, `status` and the others in processes of their own, against a server on a real socket."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from daemon.command_line.household_commands import COMMANDS
from daemon.command_line.pipit import run_command
from daemon.control_socket.peer import Peer
from daemon.conversation.events import MessageTold
from daemon.conversation.situation import Situation
from tests.daemon.control_socket.controlled import serving
from tests.daemon.control_socket.home import Home
from tests.daemon.processes import run_module

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path
    from subprocess import CompletedProcess

    from daemon.sound.pcm import Samples


class Served:
    """A home on a socket, and commands that find it there."""

    def __init__(self, folder: Path) -> None:
        self.home = Home()
        self.asked: list[str] = []
        self._environ = {"RUNTIME_DIRECTORY": str(folder)}

    def verbs(self) -> Mapping[str, Any]:
        return {name: self._noting(name, act) for name, act in self.home.verbs().items()}

    def _noting(self, name: str, act: Callable[[Mapping[str, Any]], Any]) -> Any:
        async def noted(arguments: Mapping[str, Any]) -> Any:
            self.asked.append(name)
            return await act(arguments)

        return noted

    async def run(self, *words: str) -> CompletedProcess[str]:
        return await asyncio.to_thread(run_module, "daemon", *words, environ=self._environ)

    async def says(self, *words: str) -> str:
        """What a command prints that succeeds."""
        done = await self.run(*words)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    async def refuses(self, *words: str) -> tuple[int, str]:
        done = await self.run(*words)
        assert done.stdout == ""
        assert done.stderr.startswith("pipit: ")
        assert done.stderr.count("\n") == 1
        return done.returncode, done.stderr


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    here = Served(tmp_path)
    async with serving(tmp_path / "control.sock", here.verbs()):
        yield here


async def test_the_status_is_shown(served: Served) -> None:
    shown = await served.says("status")
    assert "state       idle\n" in shown
    assert "next timer  in 10 min\n" in shown
    assert "pasta" not in shown
    told: dict[str, Any] = json.loads(await served.says("status", "--json"))
    assert told["timers"] == 3


async def test_a_message_is_read_out(served: Served) -> None:
    assert await served.says("say", "dinner", "is", "ready", "--expires", "1m") == "it is said when nobody talks\n"
    assert served.home.bulletins.waiting == 1
    served.home.now_s = 60
    assert served.home.bulletins.waiting == 0


async def heard_at(served: Served) -> Samples:
    """The first message, read out to its end, but not before somebody has asked for it meanwhile."""
    home = served.home
    async with asyncio.timeout(60):
        while (sound := home.bulletins.next()) is None:  # noqa: ASYNC110 - another process posts it
            await asyncio.sleep(0.001)
        before = served.asked.count("message")
        while served.asked.count("message") < before + 2:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    home.bulletins.happened(MessageTold(), (), Situation())
    return sound


async def test_whoever_waits_is_told_that_it_was_heard(served: Served) -> None:
    said, sound = await asyncio.gather(served.says("say", "dinner", "--wait"), heard_at(served))
    assert said == "it was heard\n"
    assert sound.max() > 0


async def test_whoever_waits_is_told_that_it_was_not(served: Served) -> None:
    async def pass_the_time() -> None:
        async with asyncio.timeout(60):
            while not served.home.bulletins.waiting:  # noqa: ASYNC110 - another process posts it
                await asyncio.sleep(0.001)
        served.home.now_s = 60

    refused, _ = await asyncio.gather(served.refuses("say", "dinner", "--wait", "--expires", "60"), pass_the_time())
    assert refused[0] == os.EX_TEMPFAIL
    assert "nobody was silent for it in time" in refused[1]


async def test_a_message_comes_by_standard_input(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ["--socket", str(tmp_path / "control.sock")]
    for data, status in ((b"dinner\nis ready\n", 0), (b"x" * 501, 65), (b"x" * 100_000, 65), (b"", 65)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert await asyncio.to_thread(run_command, ["say", "-", *where]) == status
    assert served.home.bulletins.waiting == 1


async def test_of_standard_input_no_more_is_read_than_a_message_can_have(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    endless = io.BytesIO(b"x" * 1_000_000)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(endless))
    assert run_command(["say", "-", "--socket", "/nowhere/c"]) == 65
    assert endless.tell() < 20_000
    assert "more than 16384 bytes" in capsys.readouterr().err


async def test_it_rings(served: Served) -> None:
    assert "it rings" in await served.says("ring")
    assert served.home.rings == 1


async def test_the_microphone_is_closed_and_opened(served: Served) -> None:
    assert await served.says("mute") == "the microphone is closed\n"
    assert served.home.standing.is_muted
    assert await served.says("mute", "toggle") == "the microphone is open\n"
    assert json.loads(await served.says("mute", "off", "--json")) == {"ok": True, "muted": False}


async def test_the_volume_is_shown_set_and_changed(served: Served) -> None:
    assert await served.says("volume") == (
        "voice          60 %\n"
        "alarm          60 %  at most 80 %\n"
        "announcements  60 %\n"
    )  # fmt: skip
    assert await served.says("volume", "--alarm") == "alarm  60 %  at most 80 %\n"
    assert await served.says("volume", "30") == "voice  30 %\n"
    assert await served.says("volume", "-10", "--announcements") == "announcements  20 %\n"
    assert json.loads(await served.says("volume", "+5", "--json"))["percent"] == 25


async def test_timers_are_listed_set_and_cancelled(served: Served) -> None:
    assert (await served.says("timers")).splitlines()[0].split() == [
        *("3", "timer", "pasta", "2026-11-30", "12:10", "in", "10", "min", "running"),
    ]
    assert await served.says("timers", "set", "10m", "--name", "tea") == (
        "timer 4 (tea): Monday 30 November, 12:10, in 10 min\n"
    )
    assert (await served.says("timers", "device", "lamp", "off", "--in", "10m")).endswith(", in 10 min\n")
    assert await served.says("timers", "cancel", "tea") == "changed  1\n"
    assert served.home.said[-1] == ("change_timer", {"which": "tea", "change": "cancel", "seconds": 0})
    await served.says("timers", "skip", "12")
    assert served.home.said[-1] == ("change_timer", {"which": "12", "change": "skip_next", "seconds": 0})


async def test_what_a_tool_refuses_is_one_sentence_with_its_fix(served: Served) -> None:
    assert await served.refuses("timers", "set", "2d") == (
        *(1, "pipit: a timer lasts a day at most. Fix: set an alarm\n"),
    )
    assert (await served.refuses("timers", "alarm", "soon"))[0] == os.EX_USAGE


async def test_a_long_message_is_refused_before_it_is_sent(served: Served) -> None:
    status, said = await served.refuses("say", "x" * 100_000)
    assert status == os.EX_DATAERR
    assert "100000 characters, and at most 500" in said
    assert served.home.bulletins.waiting == 0


@pytest.mark.parametrize("command", [name for name, *_ in COMMANDS])
def test_without_a_service_each_says_how_to_start_it(tmp_path: Path, command: str) -> None:
    words = ["dinner"] if command == "say" else []
    done = run_module("daemon", command, *words, "--socket", str(tmp_path / "nowhere" / "c"))
    assert done.returncode == os.EX_UNAVAILABLE
    assert done.stderr.endswith("Fix: sudo systemctl start pipit\n")


async def test_who_is_not_in_the_group_is_told_how_to_get_there(tmp_path: Path) -> None:
    here = Served(tmp_path)
    async with serving(tmp_path / "control.sock", here.home.verbs(), who=lambda _: Peer(1_001, frozenset({1_001}))):
        status, said = await here.refuses("ring")
    assert status == os.EX_NOPERM
    assert "sudo usermod -aG pipit $USER" in said
    assert here.home.rings == 0


async def test_a_service_that_ends_meanwhile_is_told(tmp_path: Path) -> None:
    here = Served(tmp_path)
    async with serving(tmp_path / "control.sock", here.home.verbs()) as server:
        waiting = asyncio.create_task(here.refuses("say", "dinner", "--wait"))
        async with asyncio.timeout(60):
            while not here.home.bulletins.waiting:  # noqa: ASYNC110 - another process posts it
                await asyncio.sleep(0.001)
        await server.stops()
        status, said = await waiting
    assert status == os.EX_UNAVAILABLE
    assert "ended before it answered" in said
