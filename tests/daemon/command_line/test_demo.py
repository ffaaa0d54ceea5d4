"""What the demo does before and after the conversation; the conversation itself is held in tests/system."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from daemon.abilities.inputs.kinds.input_kind import Source
from daemon.abilities.inputs.sensors import Sensors
from daemon.command_line.demo import DemoOptions, _Scene, demo, demo_settings, home_of, play_sensors
from daemon.conversation.causes import Cause
from daemon.conversation.events import SessionLost, WakeWordDetected
from daemon.conversation.messages import ReplyAudio
from daemon.conversation.no_session import KeyMissing
from daemon.conversation.situation import Situation
from daemon.errors import AudioFileError, ModelFileError, PipitError
from daemon.offline.rehearsal.scenario import Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.sound.pcm import silence
from daemon.sound.wav import write_wav
from daemon.speech.meanings import SessionFailed

DEADLINE_S = 60.0
FLAT = Path(__file__).parents[3] / "docs/examples/flat.toml"
MEASURING = {"balcony": 18.5, "bedroom air": 21.42, "battery": 1.65, "processor": 48.312}


def scene(models: Path, tmp_path: Path, **given: Any) -> _Scene:
    """A scene that is set and not played."""
    options = DemoOptions(models=models, out=tmp_path / "out", **given)
    return _Scene(options, demo_settings(options, None), silence(16_000), tmp_path)


def names(folder: Path) -> list[str]:
    """What is in it."""
    return sorted(path.name for path in folder.iterdir())


def test_offline_the_session_goes_to_the_servers_authority_and_nowhere_else(models: Path, tmp_path: Path) -> None:
    server = LiveServer(ScriptedBrain(Scenario()), certificate_dir=tmp_path, port=4_433)
    settings = demo_settings(DemoOptions(models=models), server)
    assert settings.live.endpoint == "https://127.0.0.1:4433"
    assert settings.live.ca_file == str(tmp_path / "ca.pem")
    assert settings.listening.follow_up_s == 0
    assert [device.name for device in settings.devices] == ["lamp", "desk light", "fan"]
    assert settings.gpio.factory == "mock"


def test_of_settings_that_are_tried_what_is_wired_is_taken_and_its_sensors_are_played(
    models: Path, tmp_path: Path
) -> None:
    options = DemoOptions(models=models, settings=FLAT)
    settings = demo_settings(options, None, home_of(options))
    assert (len(settings.devices), len(settings.groups), len(settings.scenes)) == (17, 2, 2)
    assert (settings.gpio.factory, settings.microphone.device) == ("mock", "default")
    play_sensors(settings, tmp_path)
    sensors = Sensors(settings.inputs, Source(tmp_path), lambda: 0.0)
    measured = {name: asyncio.run(sensors.read(name)).measured[0].value for name in MEASURING}
    assert measured == pytest.approx(MEASURING)


def test_settings_that_are_wrong_are_told_before_anything_else(models: Path, tmp_path: Path) -> None:
    (wrong := tmp_path / "flat.toml").write_text('[[device]]\nname = "lamp"\nkind = "led"\npin = 99\n')
    with pytest.raises(PipitError, match=r"flat\.toml:4: device\[1\]\.pin: must be at most 27"):
        asyncio.run(demo(DemoOptions(models=models, out=tmp_path / "out", settings=wrong)))
    assert names(tmp_path) == ["flat.toml"]


def test_with_a_key_and_sound_cards_those_are_the_callers(models: Path) -> None:
    options = DemoOptions(models=models, alsa=True, cloud=True, microphone="plughw:CARD=mic", speaker="plughw:CARD=amp")
    settings = demo_settings(options, None)
    assert (settings.live.endpoint, settings.live.ca_file) == ("", "")
    assert (settings.microphone.device, settings.speaker.device) == ("plughw:CARD=mic", "plughw:CARD=amp")
    assert settings.listening.follow_up_s > 0
    assert settings.gpio.factory == "mock", "even then: nobody's pins are switched by a demo"


async def test_the_cloud_needs_a_key_before_anything_else(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GEMINI_API_KEY", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(KeyMissing):
        await demo(DemoOptions(models=models, out=tmp_path / "out", cloud=True))


async def test_a_file_that_is_no_audio_is_named_and_nothing_written(models: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.wav"
    await asyncio.to_thread(letter.write_text, "Dear all,")
    async with asyncio.timeout(DEADLINE_S):
        with pytest.raises(AudioFileError, match=r"letter\.wav"):
            await demo(DemoOptions(models=models, out=tmp_path / "out", wav=letter))
    assert names(tmp_path) == ["letter.wav"]


async def test_a_recording_of_nothing_is_told_and_nothing_written(models: Path, tmp_path: Path) -> None:
    await asyncio.to_thread(write_wav, tmp_path / "muted.wav", silence(16_000), 16_000)
    async with asyncio.timeout(DEADLINE_S):
        with pytest.raises(AudioFileError, match=r"muted\.wav is silent\. Fix: .*--anyway"):
            await demo(DemoOptions(models=models, out=tmp_path / "out", wav=tmp_path / "muted.wav"))
    assert names(tmp_path) == ["muted.wav"]


async def test_without_the_models_it_says_so_and_writes_nothing(tmp_path: Path) -> None:
    async with asyncio.timeout(DEADLINE_S):
        with pytest.raises(ModelFileError) as error:
            await demo(DemoOptions(models=tmp_path / "none", out=tmp_path / "out"))
    assert error.value.fix
    assert names(tmp_path) == []


async def test_a_conversation_as_it_should_be_gives_no_reason_to_complain(models: Path, tmp_path: Path) -> None:
    it = scene(models, tmp_path)
    it.onlooker.turns = 1
    it.complain()
    assert not it.onlooker.lost


async def test_what_was_not_heard_is_named_with_its_file(models: Path, tmp_path: Path) -> None:
    it = scene(models, tmp_path, wav=tmp_path / "mine.wav")
    it.onlooker.best_score = 0.123
    with pytest.raises(AudioFileError, match=r"no wake word in .*mine\.wav: the best score was 0\.12"):
        it.complain()
    it.onlooker.happened(WakeWordDetected("hey_jarvis", 0), [], Situation())
    with pytest.raises(AudioFileError, match=r"no request after the wake word in .*mine\.wav"):
        it.complain()


async def test_a_failed_session_is_the_first_reason_to_complain(models: Path, tmp_path: Path) -> None:
    it = scene(models, tmp_path)
    it.onlooker.lost = SessionLost(Cause.QUOTA)
    with pytest.raises(SessionFailed, match="quota"):
        it.complain()


async def test_only_what_happened_is_left_behind(
    models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    it = scene(models, tmp_path)
    it.leave_behind()
    assert names(tmp_path) == []
    it.onlooker.captured(np.zeros(320, np.int16))
    it.leave_behind()
    assert names(out) == ["timeline.svg"]
    it.onlooker.received(ReplyAudio(1, b"\1\0" * 24_000))
    it.leave_behind()
    assert names(out) == ["reply.wav", "timeline.svg"]
    assert str(out / "reply.wav") in capsys.readouterr().out


async def test_a_folder_that_cannot_be_written_is_named(models: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    it = scene(models, tmp_path)
    it.onlooker.captured(np.zeros(320, np.int16))
    with pytest.raises(PipitError, match=r"cannot write into .*/out: File exists"):
        it.leave_behind()
