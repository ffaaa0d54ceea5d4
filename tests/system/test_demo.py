"""`pipit demo` on a machine that has nothing: a whole conversation, in the time it takes."""

from __future__ import annotations

import asyncio
import io
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import numpy as np
import pytest
import soundfile

from daemon.command_line.demo import DemoOptions, demo
from daemon.errors import AudioFileError
from daemon.sound.pcm import samples_of_ms
from daemon.sound.wav import read_audio, write_wav
from tests.system.home import quiet
from tests.system.voices import spoken, trimmed

if TYPE_CHECKING:
    from daemon.brain.recognition.recogniser import Recogniser
    from daemon.sound.pcm import Samples

DEADLINE_S = 60.0
SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Performance:
    """What a demo printed and left behind."""

    lines: list[str]
    out: Path

    def position(self, *words: str) -> int:
        """Of the first line that has all these words."""
        found = [number for number, line in enumerate(self.lines) if all(word in line for word in words)]
        assert found, f"no line has {words} in {self.lines}"
        return found[0]


def perform(models: Path, recogniser: Recogniser, out: Path, wav: Path | None = None, **given: Any) -> Performance:
    async def in_time() -> None:
        async with asyncio.timeout(DEADLINE_S):
            await demo(DemoOptions(models=models, out=out, wav=wav, **given), recogniser)

    with redirect_stdout(io.StringIO()) as printed:
        asyncio.run(in_time())
    return Performance(printed.getvalue().splitlines(), out)


@pytest.fixture(scope="module")
def performance(models: Path, recogniser: Recogniser, tmp_path_factory: pytest.TempPathFactory) -> Performance:
    """Without any option."""
    return perform(models, recogniser, tmp_path_factory.mktemp("demo") / "output")


def test_it_tells_the_conversation_in_the_order_in_which_it_happens(performance: Performance) -> None:
    positions = [
        performance.position("wake word", "hey jarvis"),
        performance.position("uplink", "activityStart"),
        performance.position("uplink", "activityEnd"),
        performance.position("tool", "set_device(device=lamp, state=on)"),
        performance.position("device", "lamp is ON"),
        performance.position("reply", "first sound"),
        performance.position("reply", "heard to its end"),
        performance.position("reply.wav"),
        performance.position("timeline.svg"),
    ]
    assert positions == sorted(positions)
    assert performance.position("session", "open") < performance.position("tool", "set_device")
    assert performance.position("you said", "“Turn on the lamp.”") < performance.position("Pipit says", "lamp is on")
    times_ms = [float(line.split(" ms ")[0].replace(",", "")) for line in performance.lines if " ms  " in line]
    assert times_ms == sorted(times_ms)


def test_it_leaves_the_reply_that_was_spoken(performance: Performance) -> None:
    reply, rate_hz = soundfile.read(performance.out / "reply.wav", dtype="int16")
    assert rate_hz == 24_000
    assert len(reply) > 12_000
    assert np.abs(reply).max() > 3_000


def test_it_leaves_a_time_line_with_a_lane_for_each_part(performance: Performance) -> None:
    drawing = ElementTree.parse(performance.out / "timeline.svg").getroot()  # noqa: S314 (the demo wrote it)
    assert drawing.tag == f"{SVG}svg"
    text = " ".join("".join(element.itertext()) for element in drawing.iter(f"{SVG}text"))
    for lane in ("microphone", "wake score", "state", "audio sent", "lamp", "desk light", "fan", "speaker"):
        assert lane in text.lower()


def test_it_is_held_in_a_flat_of_which_there_is_nothing_but_its_settings(
    models: Path, recogniser: Recogniser, tmp_path: Path
) -> None:
    flat = Path(__file__).parents[2] / "docs/examples/flat.toml"
    said = ("turn on the kitchen light", "how warm is it in the bedroom")
    performance = perform(models, recogniser, tmp_path / "out", settings=flat, say=said)
    lines = [
        performance.position("tool", "set_device(device=kitchen light, state=on)"),
        performance.position("device", "kitchen light is ON"),
        performance.position("tool", "read_sensor(sensor=bedroom)"),
        performance.position("Pipit says", "21.4 degrees"),
    ]
    assert lines == sorted(lines)


# A recording instead


def test_a_recording_without_a_wake_word_is_told_with_its_best_score(
    models: Path, recogniser: Recogniser, tmp_path: Path
) -> None:
    wav = tmp_path / "weather.wav"
    write_wav(wav, spoken("what a fine day it is"), 16_000)
    with pytest.raises(AudioFileError, match=r"weather\.wav: the best score was 0\.[0-4]\d") as error:
        perform(models, recogniser, tmp_path / "out", wav)
    assert "hey jarvis" in error.value.fix
    ElementTree.parse(tmp_path / "out" / "timeline.svg")  # noqa: S314 (shows what was heard)
    assert not (tmp_path / "out" / "reply.wav").exists()


@pytest.mark.recordings
def test_it_understands_people(models: Path, recogniser: Recogniser, recordings: Path, tmp_path: Path) -> None:
    def breath(ms: float) -> Samples:
        return quiet(ms / 1000)

    wake_word = trimmed(read_audio(recordings / "pymicro-wakeword/tests/hey_jarvis/2.wav"))
    wav = tmp_path / "both.wav"
    write_wav(wav, np.concatenate((breath(500), wake_word, breath(150), spoken("turn on the fan"))), 16_000)
    performance = perform(models, recogniser, tmp_path / "out", wav)
    assert performance.position("wake word", "hey jarvis") < performance.position("device", "fan is ON")
    assert (tmp_path / "out" / "reply.wav").stat().st_size > samples_of_ms(500, 24_000)
