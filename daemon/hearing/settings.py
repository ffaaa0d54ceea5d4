"""The tables of hearing: the microphone, the words that wake, how long it waits for whom."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, ValidationInfo, field_validator

from daemon.files import LARGEST_MODEL_BYTES
from daemon.settings.field import LONGEST_PATH, Table, absolute, problem, setting, sound_device, zero_or_more
from daemon.settings.place import Place
from daemon.wake.recall import Use
from hardware.base import SampleFormat


class MicrophoneSettings(Table):
    """The sound card that listens."""

    device: Annotated[str, AfterValidator(sound_device)] = setting(
        "default",
        'ALSA PCM as `arecord -L` prints it, or "plughw:CARD=id"; of two equal USB cards "usb:1-1.3", by port.',
        min_length=1,
        max_length=200,
        fix="choose a name that `arecord -L` prints",
        share="pcm",
    )
    rate_hz: int = setting(
        16_000, "Sampling rate the card is opened with.", ge=8_000, le=192_000, fix="16000 suits most"
    )
    channels: int = setting(1, "Channels the card is opened with.", ge=1, le=8, fix="1, or 2 for an I2S microphone")
    sample_format: SampleFormat = setting(
        "S16_LE",
        "Sample format the card is opened with. All but S16_LE keep what is below 16 bits until the gain is applied.",
        fix='"S32_LE" is for I2S microphones, and by "plughw" for any card; many USB cards of 24 bits have "S24_3LE"',
    )
    channel: int = setting(0, "Which of the channels is listened to; the first is 0.", ge=0, le=7, fix="count from 0")
    gain_db: float = setting(
        0.0, "Amplification of the samples.", ge=-20, le=60, fix="0 for most cards, 20 to 30 for bare I2S microphones"
    )
    period_ms: int = setting(
        20, "Audio in one ALSA period.", ge=10, le=80, fix="use 20, or 40 if the journal reports xruns"
    )
    echo: Literal["auto", "none", "hardware", "software"] = setting(
        "auto",
        "What takes what the speaker plays out of what the microphone hears, so that the wake word is heard over it: "
        '"hardware" is the board, "software" libspeexdsp, "auto" the board if it is known to do so, else the library.',
        fix='"none" for headphones, or a speaker in another room',
    )

    @field_validator("channel")
    @classmethod
    def _channel_exists(cls, channel: int, info: ValidationInfo) -> int:
        channels = info.data.get("channels", 8)
        if channel >= channels:
            raise problem(
                f"must be below channels, which is {channels}, not {channel}",
                f"use 0 to {channels - 1}, or more channels",
            )
        return channel


def _first_twice(models: list[str]) -> str:
    """The first that is there again; scores are told apart by the names of files alone."""
    return next((name for number, name in enumerate(models) if name in models[:number]), "")


class WakeSettings(Table):
    """The words that wake it."""

    models: tuple[str, ...] = setting(
        ("hey_jarvis",),
        "Wake words to listen for: names of installed models, or absolute paths of your own .onnx files.",
        min_length=1,
        max_length=20,
        strict=False,  # TOML has lists, not tuples
        fix='write a list, such as ["hey_jarvis"]',
        share="wake words",
        place=Place(largest_bytes=LARGEST_MODEL_BYTES, ending=".onnx"),
    )
    threshold: float = setting(
        0.5,
        "Score from which a frame counts as the wake word.",
        ge=0.05,
        le=0.99,
        fix="raise it to wake less often by mistake, lower it if the word is missed",
    )
    consecutive: int = setting(
        0, "Frames of 80 ms in a row that must count; 0 is the model's own default.", ge=0, le=10, fix="use 0, 2 or 3"
    )
    refractory_s: float = setting(2.0, "Time after a wake word in which no other counts.", ge=0, le=30, fix="try 2")
    gate: bool = setting(True, "Let the detector rest while the room is quiet; costs no wake word.")  # noqa: FBT003
    first_stage: Use = setting(
        "auto",
        "Let a small network hear first, and the detector only what that may take for the wake word, if all the words "
        'have one: "auto" where it was shown on real voices to lose fewer than 1 of 200 (alexa), "on" also for '
        "hey_jarvis, of which it lost 13 in 100 beside loud dishes, and hey_mycroft, which was not measured.",
        fix='"auto", or "off" if a wake word is missed while it is loud',
    )
    models_dir: Annotated[Path, AfterValidator(absolute)] = setting(
        Path("/var/lib/pipit/models"),
        "Folder the installer put the models into.",
        strict=False,
        place=Place(kind="folder", if_missing="later", fix="name the folder that install.sh put the models into"),
    )

    @field_validator("models")
    @classmethod
    def _names_or_paths(cls, models: tuple[str, ...]) -> tuple[str, ...]:
        for name in models:
            if len(name) > LONGEST_PATH:
                raise problem(f"must not have a name of {len(name)} characters", "write a name, or a path")
            is_path = "/" in name or name.endswith((".onnx", ".tflite"))
            if not name or (is_path and not (name.startswith("/") and name.endswith(".onnx"))):
                raise problem(
                    f'must be names or absolute paths of .onnx files, not "{name[:100]}"',
                    "write a path from / on, with .onnx",
                )
        if twice := _first_twice([Path(name).stem if "/" in name else name for name in models]):
            raise problem(f'must not name "{twice[:100]}" twice', "remove one, or give your own file another name")
        return models


class ListeningSettings(Table):
    """How long it waits for whom."""

    pace: Literal["quick", "normal", "patient"] = setting(
        "normal",
        "How soon a silence is the end: after 0.64 s in the median of recorded commands (with a fixed 700 ms 0.75), "
        'with "quick" after 0.50, "patient" 1.17. Who hesitates for half a second or a little more is cut short in '
        "13 of 100 cases (with 700 ms 24), 78, 1.",
        fix='"patient" if it cuts people short, "quick" if nobody hesitates',
    )
    end_silence_ms: int = setting(
        0,
        "Silence that ends an utterance, whatever was said; 0 leaves it to the pace.",
        ge=0,
        le=1500,
        fix="raise it if it cuts people short",
    )
    eager: bool = setting(
        False,  # noqa: FBT003
        "Ask the model after 0.26 s of silence already, and take that back if you go on; what is kept meanwhile is "
        "neither played nor run. The request leaves after 0.4 of the time; 6 to 11 % of requests are asked twice, "
        "and paid for.",
    )
    barge_in: Literal["word", "voice"] = setting(
        "word",
        'What interrupts a reply: the wake word, or with "voice" whoever speaks over it, a television too, where the '
        "echo is taken out and `sudo pipit doctor --hands-on` measured with these cards and settings that replies come "
        'back at least 6 dB softer than they are played; elsewhere it is as "word", and the status says why.',
        fix='"word" if replies interrupt themselves',
    )
    stop_word: bool = setting(
        True,  # noqa: FBT003
        'Let "stop", "please stop", "be quiet" or "cancel", and nothing else in one breath, end what rings, and a '
        "reply whose echo is taken out, without the wake word. In English, and where the brain at home is installed.",
        fix="false if something else is taken for it",
    )
    duck: bool = setting(
        True,  # noqa: FBT003
        "Play everything 12 dB softer while somebody speaks over it, for 10 s at most, where the echo is taken out.",
        fix="false if it becomes softer by itself",
    )
    nothing_said_s: float = setting(
        6.0, "Wait for speech after the wake word, then go back to sleep.", ge=1, le=60, fix="try 6"
    )
    longest_utterance_s: float = setting(
        30.0, "Longest utterance; what is said after it is not sent.", ge=2, le=300, fix="try 30"
    )
    follow_up_s: float = setting(
        6.0, "Listening without wake word after a reply; 0 turns it off.", ge=0, le=60, fix="use 0 to turn it off"
    )
    linger_s: float = setting(
        60.0,
        "Time the silent session is kept open, so that the next wake needs no connect.",
        ge=0,
        le=600,
        fix="try 60",
    )
    reply_deadline_s: float = setting(15.0, "Wait for a reply, then say that none came.", ge=2, le=120, fix="try 15")
    longest_reply_s: float = setting(180.0, "Longest reply; it is cut there.", ge=5, le=1800, fix="try 180")

    @field_validator("end_silence_ms")
    @classmethod
    def _long_enough_for_a_breath(cls, end_silence_ms: int) -> int:
        return round(zero_or_more(300, end_silence_ms))

    @field_validator("follow_up_s")
    @classmethod
    def _long_enough_to_speak(cls, follow_up_s: float) -> float:
        return zero_or_more(0.5, follow_up_s)
