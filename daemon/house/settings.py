"""Every setting of the appliance: its type, default, bounds, meaning, and the advice given when it is wrong.

The models are pure data, valid by themselves; what needs the file (line numbers, drop-ins) is in `settings_file`,
what needs several tables or this machine is in `settings_checks`. `docs/settings.md` and the JSON Schema for editors
are made from these models by `settings_schema`.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from daemon.abilities.memory.settings import HistorySettings
from daemon.abilities.sight.settings import CameraSettings
from daemon.broker.settings import BrokerSettings
from daemon.errors import SettingsError
from daemon.live.settings import KNOWN_MODELS, CredentialSettings, LiveSettings, Voice
from daemon.settings.field import (
    JOINERS,
    LANGUAGE,
    LANGUAGE_FIX,
    LONGEST_PATH,
    Table,
    absolute,
    problem,
    setting,
    zero_or_more,
)
from daemon.spending.settings import PriceSettings, UsageSettings

__all__ = [
    "KNOWN_MODELS",
    "BrokerSettings",
    "ButtonSettings",
    "CameraSettings",
    "CredentialSettings",
    "DeviceSettings",
    "GpioSettings",
    "HistorySettings",
    "HouseholdSettings",
    "IndicatorSettings",
    "ListeningSettings",
    "LiveSettings",
    "MicrophoneSettings",
    "MuteSettings",
    "PriceSettings",
    "Settings",
    "SettingsError",
    "SpeakerSettings",
    "UsageSettings",
    "Voice",
    "WakeSettings",
]

HeaderPin = Annotated[int, Field(ge=0, le=27)]  # the header of every Pi with 40 pins has BCM 0 to 27
_PIN_FIX = "use the BCM number, which `pinout` prints, not the number of the header pin"


class HouseholdSettings(Table):
    """Who lives here, for the model to know."""

    prose = {"name": JOINERS, "room": JOINERS}  # noqa: RUF012 - a ClassVar of Table

    name: str = setting("", "The household's name, for the model to know.", max_length=60, fix="shorten it")
    language: str = setting(
        "en",
        "Language of the replies, as a BCP 47 tag; what the device says by itself is English.",
        pattern=LANGUAGE,
        fix=LANGUAGE_FIX,
    )
    room: str = setting("", "The room this appliance stands in.", max_length=60, fix="shorten it")


class MicrophoneSettings(Table):
    """The sound card that listens."""

    device: str = setting(
        "default",
        'ALSA PCM as `arecord -L` prints it, or "plughw:CARD=id".',
        min_length=1,
        max_length=200,
        fix="choose a name that `arecord -L` prints",
    )
    rate_hz: int = setting(
        16_000, "Sampling rate the card is opened with.", ge=8_000, le=192_000, fix="16000 suits most"
    )
    channels: int = setting(1, "Channels the card is opened with.", ge=1, le=8, fix="1, or 2 for an I2S microphone")
    sample_format: Literal["S16_LE", "S32_LE"] = setting(
        "S16_LE", "Sample format the card is opened with.", fix='"S32_LE" is for I2S microphones'
    )
    channel: int = setting(0, "Which of the channels is listened to; the first is 0.", ge=0, le=7, fix="count from 0")
    gain_db: float = setting(
        0.0, "Amplification of the samples.", ge=-20, le=60, fix="0 for most cards, 20 to 30 for bare I2S microphones"
    )
    period_ms: int = setting(
        20, "Audio in one ALSA period.", ge=10, le=80, fix="use 20, or 40 if the journal reports xruns"
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


class SpeakerSettings(Table):
    """The sound card that speaks."""

    device: str = setting(
        "default",
        'ALSA PCM as `aplay -L` prints it, or "plughw:CARD=id".',
        min_length=1,
        max_length=200,
        fix="choose a name that `aplay -L` prints",
    )
    rate_hz: int = setting(
        24_000, "Sampling rate the card is opened with; replies come at 24000.", ge=8_000, le=192_000, fix="try 48000"
    )
    channels: int = setting(1, "Channels the card is opened with.", ge=1, le=2, fix="1, or 2 if the card has no mono")
    period_ms: int = setting(
        20, "Audio in one ALSA period.", ge=10, le=80, fix="use 20, or 40 if the journal reports xruns"
    )
    volume: float = setting(0.8, "Loudness of everything played: 0 is silent, 1 is full.", ge=0, le=1, fix="try 0.8")


class WakeSettings(Table):
    """The words that wake it."""

    models: tuple[str, ...] = setting(
        ("hey_jarvis",),
        "Wake words to listen for: names of installed models, or absolute paths of your own .onnx files.",
        min_length=1,
        max_length=20,
        strict=False,  # TOML has lists, not tuples
        fix='write a list, such as ["hey_jarvis"]',
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
    models_dir: Annotated[Path, AfterValidator(absolute)] = setting(
        Path("/var/lib/pipit/models"), "Folder the installer put the models into.", strict=False
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
        return models


class ListeningSettings(Table):
    """How long it waits for whom."""

    end_silence_ms: int = setting(
        700, "Silence that ends an utterance.", ge=300, le=1500, fix="raise it if it cuts people short"
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

    @field_validator("follow_up_s")
    @classmethod
    def _long_enough_to_speak(cls, follow_up_s: float) -> float:
        return zero_or_more(0.5, follow_up_s)


class ButtonSettings(Table):
    """The push-to-talk button. Without `pin` there is none."""

    pin: HeaderPin | None = setting(None, "BCM number of the button's pin.", fix=_PIN_FIX)
    hold_ms: int = setting(
        400, "A press longer than this is push-to-talk, a shorter one a tap.", ge=100, le=2000, fix="try 400"
    )
    tail_ms: int = setting(150, "Speech still taken after the release.", ge=0, le=1000, fix="try 150")
    bounce_ms: int = setting(30, "Edges this close together are one.", ge=0, le=200, fix="try 30")
    pull: Literal["up", "down"] = setting("up", "The pull resistor; the button connects to the other side.")


class MuteSettings(Table):
    """The button that closes the microphone, and opens it again. Without `pin` there is none."""

    pin: HeaderPin | None = setting(None, "BCM number of the mute button's pin.", fix=_PIN_FIX)
    pull: Literal["up", "down"] = setting("up", "The pull resistor; the button connects to the other side.")


class IndicatorSettings(Table):
    """The light that shows what it does. Without `pin` there is none."""

    pin: HeaderPin | None = setting(None, "BCM number of the light's pin.", fix=_PIN_FIX)
    active: Literal["high", "low"] = setting("high", "Level of the pin that lights it.")


class GpioSettings(Table):
    """How pins are reached."""

    chip: str = setting(
        "auto",
        'The chip of the header: "auto" finds it, "gpiochip4" names it.',
        pattern=r"^(auto|gpiochip[0-9]+)$",
        fix='use "auto", or a name that `gpiodetect` prints',
    )
    factory: Literal["auto", "mock"] = setting("auto", '"mock" plays pins on machines that have none.')


class DeviceSettings(Table):
    """One thing that is wired to a pin, and the bounds within which it may be worked."""

    name: str = setting(
        ..., "How people call it.", min_length=1, max_length=40, fix='write a short spoken name, such as "desk lamp"'
    )
    kind: Literal["led", "relay", "pwm"] = setting(
        ..., "What it is: a light, a relay, or a light that can be dimmed.", fix='use "pwm" for what can be dimmed'
    )
    pin: HeaderPin = setting(..., "BCM number of its pin.", fix=_PIN_FIX)
    active: Literal["high", "low"] = setting("high", 'Level of the pin that turns it on; many relay boards are "low".')
    safe: Literal["off", "on"] = setting("off", "State at start, at stop and after a crash; on is fully on.")
    max_on_s: float = setting(
        0.0,
        "It is turned off after this time, of 0.1 s or more; 0 is never.",
        ge=0,
        le=604_800,
        fix="write seconds, 0 for no limit",
    )
    min_off_s: float = setting(
        0.0,
        "It stays off at least this long, from the start too.",
        ge=0,
        le=86_400,
        fix="write seconds, 0 for no limit",
    )
    min_level: float = setting(0.0, 'Darkest level but off ("pwm" only).', ge=0, le=1, fix="write 0.2 for 20 percent")
    max_level: float = setting(1.0, 'Brightest level ("pwm" only).', gt=0, le=1, fix="write 0.8 for 80 percent")
    max_switches_per_minute: int = setting(
        30, "How often a minute it may be switched; off is always possible.", ge=2, le=600, fix="try 30"
    )

    @field_validator("name")
    @classmethod
    def _speakable(cls, name: str) -> str:
        if name != " ".join(name.split()) or not name.isprintable() or not any(map(str.isalnum, name)):
            raise problem(f"must be words with single spaces between them, not {name!r}", "write it as people say it")
        return name

    @field_validator("max_on_s")
    @classmethod
    def _ends_safe(cls, max_on_s: float, info: ValidationInfo) -> float:
        if max_on_s > 0 and info.data.get("safe") == "on":
            raise problem('cannot limit a device whose safe state is "on"', 'use safe = "off", or remove max_on_s')
        return zero_or_more(0.1, max_on_s)

    @field_validator("min_off_s")
    @classmethod
    def _felt(cls, min_off_s: float) -> float:
        return zero_or_more(0.1, min_off_s)

    @field_validator("min_level", "max_level")
    @classmethod
    def _levels(cls, level: float, info: ValidationInfo) -> float:
        kind = info.data.get("kind", "pwm")
        if kind != "pwm":
            raise problem(f'has no meaning for a device of kind "{kind}"', 'remove it, or use kind = "pwm"')
        lowest = info.data.get("min_level", 0.0) if info.field_name == "max_level" else 0.0
        if level < lowest:
            raise problem(f"must not be below min_level, which is {lowest:.12g}, not {level:.12g}", "exchange the two")
        if info.field_name == "max_level" and level < 1 and info.data.get("safe") == "on":
            what = 'must be 1 for a device whose safe state is "on": nothing dims it while Pipit does not run'
            raise problem(what, 'use safe = "off", or remove max_level')
        return zero_or_more(0.01, level)


class Settings(Table):
    """Everything in pipit.toml."""

    household: HouseholdSettings = HouseholdSettings()
    microphone: MicrophoneSettings = MicrophoneSettings()
    speaker: SpeakerSettings = SpeakerSettings()
    wake: WakeSettings = WakeSettings()
    listening: ListeningSettings = ListeningSettings()
    live: LiveSettings = LiveSettings()
    history: HistorySettings = HistorySettings()
    usage: UsageSettings = UsageSettings()
    button: ButtonSettings = ButtonSettings()
    mute: MuteSettings = MuteSettings()
    indicator: IndicatorSettings = IndicatorSettings()
    gpio: GpioSettings = GpioSettings()
    broker: BrokerSettings = BrokerSettings()
    camera: CameraSettings = CameraSettings()
    prices: tuple[PriceSettings, ...] = setting(
        (),
        "What models cost.",
        alias="price",
        strict=False,
        fix="write [[price]] on a line of its own before each",
    )
    devices: tuple[DeviceSettings, ...] = setting(
        (),
        "What is wired to the pins.",
        alias="device",
        strict=False,
        fix="write [[device]] on a line of its own before each",
    )

    @property
    def reply_language(self) -> str:
        """The session's language: its own, else the household's."""
        return self.live.language or self.household.language
