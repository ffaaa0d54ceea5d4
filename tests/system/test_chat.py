"""`pipit chat` and `ask` as a user runs them: in a process of their own, in a pipe and at a terminal."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import soundfile

from daemon.brain.local import LocalBrain
from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.offline.service.faults import GoAway, Wait
from daemon.sound.wav import read_audio, write_audio
from daemon.speech.synthesis import Flite
from tests.daemon.processes import run_module
from tests.daemon.terminal import PATIENCE_S, PipitTerminal, Terminal

if TYPE_CHECKING:
    import subprocess
    from collections.abc import AsyncIterator
    from pathlib import Path

    from daemon.brain.recognition.recogniser import Recogniser
    from daemon.offline.service.faults import Stage

KEY = "AIza-a-key-that-nobody-may-see"

SETTINGS = """
[gpio]
factory = "mock"
[[device]]
name = "lamp"
kind = "led"
pin = 17
"""


@dataclass
class Desk:
    """Where commands are run: a server, settings, and a state folder of its own."""

    server: LiveServer
    folder: Path

    @property
    def environ(self) -> dict[str, str]:
        return {"GEMINI_API_KEY": KEY, "XDG_STATE_HOME": str(self.folder / "state"), "TERM": "xterm"}

    def arguments(self, *words: str) -> list[str]:
        session = ["--endpoint", self.server.url, "--ca-file", str(self.server.ca_file)]
        return [*words, *session, "--settings", str(self.folder / "pipit.toml")]

    def terminal(self, **environ: str) -> Terminal:
        """One at which `pipit chat --text` runs."""
        return PipitTerminal(self.arguments("chat", "--text"), {**self.environ, **environ})

    async def run(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """The command in a pipe; its key is nowhere in what it prints."""
        arguments = self.arguments(*words)
        done = await asyncio.to_thread(run_module, "daemon", *arguments, environ=self.environ, typed=typed)
        assert KEY not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done


@asynccontextmanager
async def desk(brain: Stage, folder: Path, port: int = 0) -> AsyncIterator[Desk]:
    (folder / "pipit.toml").write_text(SETTINGS)
    async with LiveServer(brain, certificate_dir=folder, port=port, record=True) as server:
        yield Desk(server, folder)


@pytest.fixture(scope="module")
def brain(models: Path, recogniser: Recogniser) -> LocalBrain:
    return LocalBrain(models, recogniser=recogniser)


async def test_in_a_pipe_it_prints_the_reply_alone_and_tells_the_rest_beside_it(
    brain: LocalBrain, tmp_path: Path
) -> None:
    async with desk(brain, tmp_path) as here:
        done = await here.run("chat", "--text", "--tools", "--show-wire", typed="turn on the lamp\n")
    assert (done.returncode, done.stdout) == (0, "The lamp is on.\n")
    assert 'set_device(device="lamp", state="on") → {"ok": true, "device": "lamp", "state": "on"}' in done.stderr
    arrows = [line.split()[2] for line in done.stderr.splitlines() if " s → " in line or " s ← " in line]
    assert {"→", "←"} <= set(arrows)
    assert '"newHandle": "[key]"' in done.stderr
    assert "<audio " in done.stderr


async def test_a_conversation_is_taken_up_by_the_next_run_and_a_forgotten_one_begins_anew(tmp_path: Path) -> None:
    turns = [[Say("One.", tone_s=0.1)], [Say("Two.", tone_s=0.1)], [Say("Three.", tone_s=0.1)]]
    async with desk(ScriptedBrain(Scenario(turns)), tmp_path) as here:
        port = here.server.port
        # the handle of a turn comes after its reply, and so before the next one: the last may be missed by who leaves
        assert (await here.run("chat", "--text", typed="one\ntwo\n")).stdout == "One.\nTwo.\n"
        assert (await here.run("chat", "--text", "--resume", typed="three\n")).stdout == "Three.\n"
        first, second = await here.server.session(1), await here.server.session(2)
        assert first.setup is not None
        assert second.setup is not None
        assert first.setup.handle == ""
        assert second.setup.handle != ""
    async with desk(ScriptedBrain(Scenario([[Say("Four.", tone_s=0.1)]])), tmp_path, port) as here:
        done = await here.run("chat", "--text", "--resume", typed="four\n")
    assert (done.returncode, done.stdout) == (0, "Four.\n")
    assert "does not know that conversation any more" in done.stderr


async def test_at_a_terminal_ctrl_c_stops_a_reply_and_the_next_ends_the_command(tmp_path: Path) -> None:
    story = [Say("Once upon a time", tone_s=0.1), Wait(60_000)]
    turns = [story, [Say("Two.", tone_s=0.1), GoAway(30)], [Say("Three.", tone_s=0.1)]]

    def use(terminal: Terminal) -> int:
        terminal.until("you    ")
        terminal.type(b"tell me a story\r")
        terminal.until("Once upon a time")
        terminal.type(b"\x03")
        terminal.until("(interrupted)")
        for word, reply in ((b"two\r", "Two."), (b"three\r", "Three.")):
            terminal.until("you    ")
            terminal.type(word)
            terminal.until(reply)
            terminal.until("tokens in")
        terminal.until("you    ")
        terminal.type(b"\x03")
        return terminal.process.wait(PATIENCE_S)

    async with desk(ScriptedBrain(Scenario(turns)), tmp_path) as here:
        terminal = here.terminal()
        try:
            assert await asyncio.to_thread(use, terminal) == 130
        finally:
            terminal.close()
        handles = [session.setup.handle for session in here.server.sessions if session.setup]
    assert len(handles) == 3, "one was hung up on, one went away"
    assert handles[2], "and the last went on where that was"


async def test_at_a_terminal_the_end_of_input_is_the_end(tmp_path: Path) -> None:
    async with desk(ScriptedBrain(Scenario()), tmp_path) as here:
        terminal = here.terminal(NO_COLOR="1")
        try:
            await asyncio.to_thread(terminal.until, "it only speaks")
            await asyncio.to_thread(terminal.until, "you    ")
            terminal.type(b"\x04")
            assert await asyncio.to_thread(terminal.process.wait, PATIENCE_S) == 0
        finally:
            terminal.close()


async def test_a_recording_is_asked_and_answered(brain: LocalBrain, tmp_path: Path) -> None:
    question, reply = tmp_path / "question.ogg", tmp_path / "reply.flac"
    write_audio(question, await Flite().speak("what time is it", 16_000), 16_000)
    async with desk(brain, tmp_path) as here:
        done = await here.run("ask", str(question), "-o", str(reply), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert "time" in told["heard"]
    assert told["said"].startswith("It is ")
    assert told["seconds"] == pytest.approx(soundfile.info(reply).duration, abs=0.001)
    assert len(read_audio(reply)) > 8_000
