"""Every bad input that a user can give: one sentence that names the culprit, its fix, and an exit status of its own."""

from __future__ import annotations

import asyncio
import errno
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import alsaaudio
import numpy as np
import pytest
import soundfile

from daemon.command_line.pipit import run_command
from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from tests.daemon.processes import run_module
from tests.hardware.sound.test_alsa_virtual import needs_plugin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

KEY, WRONG_KEY = "AIza-test-key", "AIza-another-key"

SETTINGS = """
[microphone]
device = "quiet"
[speaker]
device = "quiet"
[wake]
models_dir = "{models}"
[gpio]
factory = "mock"
"""

CARDS = """
pcm.quiet { type null }
pcm.only48 { type a52; slavepcm null; rate 48000; channels 2 }
"""
"""alsa-lib's own: one that takes everything, one that takes 48,000 Hz (libasound2-plugins)."""


@dataclass
class Place:
    """Where the commands are run: files and a server, which the arguments of the table name in braces."""

    folder: Path
    names: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, content: str, mode: int = 0o600) -> None:
        path = self.folder / name
        path.write_text(content)
        path.chmod(mode)
        self.names[name] = str(path)

    async def run(self, module: str, arguments: str) -> tuple[int, str, str]:
        """Exit status, standard output and standard error of `python -m MODULE ARGUMENTS`."""
        words = [word.format(**self.names) for word in arguments.split()]
        environ = {"ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{self.names['cards']}"}
        done = await asyncio.to_thread(run_module, module, *words, environ=environ)
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
async def place(tmp_path: Path, models: Path) -> AsyncIterator[Place]:
    here = Place(tmp_path)
    here.add("cards", CARDS)
    here.add("key", KEY)
    here.add("wrong_key", WRONG_KEY)
    here.add("open_key", KEY, 0o644)
    here.add("garbage", "RIFF, but not really")
    here.add("brief", "[[turn]]\nsteps = [{ say = 'Good evening.' }]\n")
    (tmp_path / "full").mkdir()
    for name in ("embedding_model.onnx", "moonshine_tiny_en_encoder.ort"):
        (tmp_path / "full" / f".{name}.new").symlink_to("/dev/full")
    brain = ScriptedBrain(Scenario(turns=[[Say("Good evening.", tone_s=0.2)]]))
    async with LiveServer(brain, certificate_dir=tmp_path, keys={KEY}, models={"gemini-3.8-live"}) as server:
        here.names |= {
            "models": str(models),
            "full": str(tmp_path / "full"),
            "port": str(server.port),
            "scenario": f"--scenario {here.names['brief']}",  # sooner there than a brain with models
            "server": f"--endpoint {server.url} --ca-file {server.ca_file}",
        }
        yield here


COMMANDS = [
    # Keys
    pytest.param("ask /nowhere.wav", 77, "API key", id="no key"),
    pytest.param("ask x.wav --key-file /nowhere", 77, "/nowhere", id="no key file"),
    pytest.param("ask x.wav --key-file {open_key}", 77, "open_key", id="a key that others may read"),
    pytest.param("demo --cloud --models {models}", 77, "API key", id="cloud without key"),
    pytest.param("ask {wav} --key-file {wrong_key} {server}", 77, "key refused", id="wrong key"),
    # The session
    pytest.param("ask {wav} --key-file {key} {server} --model gemini-9", 78, "gemini-9", id="unknown model"),
    pytest.param("chat --silent --key-file {key} --endpoint https://127.0.0.1:1", 69, "network", id="no network"),
    pytest.param("chat --text --voice Kora", 64, "Kora", id="no such voice"),
    pytest.param("chat --text --key-file {key} --tools", 64, "devices", id="no devices"),
    pytest.param("voices Kora", 64, "Kora", id="a voice that nobody has"),
    pytest.param("voices --key-file {key}", 64, "30 voices", id="all voices unasked"),
    # Sound cards
    pytest.param("chat --key-file {key} --speaker plughw:CARD=none", 66, "plughw:CARD=none", id="no speaker"),
    pytest.param("chat --key-file {key} --speaker only48", 65, "24000 Hz", id="wrong rate", marks=needs_plugin("a52")),
    pytest.param("demo --alsa --models {models} --microphone plughw:CARD=none", 66, "CARD=none", id="no microphone"),
    # Audio files
    pytest.param("ask {garbage} --key-file {key}", 65, "garbage", id="no audio"),
    pytest.param("ask {wav} --key-file {key} -o x.mp3", 65, ".mp3", id="a reply in a kind that cannot be written"),
    pytest.param("ask - --key-file {key}", 65, "standard input", id="no audio in the pipe"),
    pytest.param("ask /nowhere.wav --key-file {key}", 65, "/nowhere.wav", id="no audio file"),
    pytest.param("demo --wav {garbage} --models {models}", 65, "garbage", id="demo of no audio"),
    # The offline Live server
    pytest.param("live-server --port {port} {scenario} --certificates {full}", 69, "{port}", id="port in use"),
    pytest.param(
        "live-server --port 0 --plain-port {port} {scenario} --certificates {full}",
        69,
        "{port}",
        id="plain port in use",
    ),
    pytest.param("live-server --host 192.0.2.1 --port 0 {scenario}", 64, "192.0.2.1", id="no such host"),
    pytest.param("live-server --host a..b --port 0 {scenario}", 64, "a..b", id="a host that cannot be"),
    pytest.param("chat --silent --key-file {key} --endpoint https://a..b", 64, "--endpoint", id="no such endpoint"),
    pytest.param("ask --text x --key-file {key} --ca-file {garbage}", 69, "no certificate in PEM", id="no authority"),
    pytest.param("live-server --scenario /nowhere.toml", 78, "/nowhere.toml", id="no scenario"),
    # Models
    pytest.param("demo --models /nowhere", 66, "/nowhere", id="no models"),
    pytest.param("run --settings /nowhere/pipit.toml", 78, "/nowhere/pipit.toml", id="no settings"),
]
INSTALLERS = [
    pytest.param("daemon.wake.install", "{full} --from {models}", 73, "{full}", id="no disk space for wake words"),
    pytest.param(
        "daemon.brain.recognition.install", "{full} --from {models}", 73, "{full}", id="no disk space for speech"
    ),
    pytest.param("daemon.wake.install", "/proc/models", 66, "/proc/models", id="a folder that cannot be written"),
    pytest.param("daemon.wake.install", "{full} --from /nowhere", 66, "/nowhere", id="no copy of the models"),
]


@pytest.mark.parametrize(
    ("module", "arguments", "status", "culprit"),
    [*(pytest.param("daemon", *row.values, id=row.id, marks=row.marks) for row in COMMANDS), *INSTALLERS],
)
async def test_a_command_ends_with_one_sentence_its_fix_and_its_own_status(
    place: Place, module: str, arguments: str, status: int, culprit: str
) -> None:
    place.names["wav"] = str(recording(place.folder))
    for words in ("server", "scenario"):
        arguments = arguments.replace(f"{{{words}}}", place.names[words])
    ended, output, errors = await place.run(module, arguments)
    assert ended == status, errors
    assert_one_sentence(errors, culprit.format(**place.names))
    assert KEY not in output + errors
    assert WRONG_KEY not in output + errors


MISTAKES = [
    pytest.param("[live\n", 78, ":10: ", id="TOML syntax"),
    pytest.param("[listening]\nend_silence_ms = 5\n", 78, ":11: listening.end_silence_ms: ", id="a value out of range"),
    pytest.param('[listening]\nlinger_s = "long"\n', 78, ":11: listening.linger_s: ", id="a value of another type"),
    pytest.param("[listning]\n", 78, ":10: listning: ", id="an unknown table"),
    pytest.param("[button]\npin = 5\n[indicator]\npin = 5\n", 78, "pin: ", id="a pin used twice"),
    pytest.param("[button]\npin = 19\n", 78, "I2S", id="a reserved pin"),
]


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize(("mistake", "status", "culprit"), MISTAKES)
async def test_a_mistake_in_the_settings_is_found_with_its_line_and_fix(
    place: Place, command: str, mistake: str, status: int, culprit: str
) -> None:
    place.add("settings", SETTINGS.format(**place.names) + mistake)
    ended, _, errors = await place.run("daemon", f"{command} --settings {{settings}}")
    assert ended == status, errors
    assert_one_sentence(errors, culprit)
    assert f"{place.names['settings']}:" in errors


UNUSABLE = [
    pytest.param("[wake]", '[wake]\nmodels = ["hey_jarvs"]', 66, "did you mean hey_jarvis?", id="unknown wake model"),
    pytest.param('[microphone]\ndevice = "quiet"', '[microphone]\ndevice = "hw:none"', 66, "hw:none", id="microphone"),
]


@pytest.mark.parametrize(("good", "bad", "status", "culprit"), UNUSABLE)
async def test_what_the_settings_name_but_is_not_there_ends_the_service(
    place: Place, good: str, bad: str, status: int, culprit: str
) -> None:
    place.add("settings", SETTINGS.replace(good, bad).format(**place.names))
    ended, _, errors = await place.run("daemon", "run --settings {settings}")
    assert ended == status, errors
    assert_one_sentence(errors, culprit)


def test_a_card_that_another_program_holds_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What pyalsaaudio raises for such a card; no virtual device can be busy."""

    def held(**_: object) -> None:
        raise alsaaudio.ALSAAudioError(f"{os.strerror(errno.EBUSY)} [hw:0]")

    monkeypatch.setattr(alsaaudio, "PCM", held)
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "key").chmod(0o600)
    assert run_command(["chat", "--key-file", str(tmp_path / "key"), "--speaker", "hw:0"]) == 75
    assert_one_sentence(capsys.readouterr().err, "speaker 'hw:0' is in use by")


@pytest.mark.parametrize(
    ("rate_hz", "channels", "kind"),
    [(8_000, 1, "ULAW"), (44_100, 2, "PCM_24"), (48_000, 6, "FLOAT"), (96_000, 1, "PCM_U8")],
)
async def test_a_wav_of_any_format_is_converted(place: Place, rate_hz: int, channels: int, kind: str) -> None:
    wav = recording(place.folder, rate_hz, channels, kind)
    ended, output, errors = await place.run("daemon", f"ask {wav} --key-file {{key}} {place.names['server']}")
    assert ended == 0, errors
    assert "Good evening." in output


def recording(folder: Path, rate_hz: int = 16_000, channels: int = 1, kind: str = "PCM_16") -> Path:
    """Half a second of noise."""
    noise = np.random.default_rng(0).uniform(-0.3, 0.3, (rate_hz // 2, channels))
    soundfile.write(folder / "question.wav", noise, rate_hz, subtype=kind)
    return folder / "question.wav"


def assert_one_sentence(errors: str, culprit: str) -> None:
    """`errors` is one line that names the culprit and the fix; the log may come before it."""
    assert "Traceback" not in errors
    last = errors.strip().splitlines()[-1]
    assert culprit in last
    assert last.count("Fix: ") == 1
    assert last.rpartition("Fix: ")[2]
