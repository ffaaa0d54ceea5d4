"""The root of the settings: every table of pipit.toml, each of which stands in the folder of what it sets.

The models are pure data, valid by themselves; what needs the file (line numbers, drop-ins) is in `file`, what needs
several tables or this machine is in `checks`. `docs/settings.md` and the JSON Schema for editors are made from these
models by `reference`.
"""

from typing import TYPE_CHECKING, Annotated, Any

from daemon.abilities.devices.settings import DeviceSettings
from daemon.abilities.memory.settings import HistorySettings
from daemon.abilities.quiet.settings import QuietSettings
from daemon.abilities.sight.settings import CameraSettings
from daemon.abilities.timers.settings import TimersSettings
from daemon.abilities.volume.settings import VolumeSettings
from daemon.at_home.settings import OfflineSettings
from daemon.broker.settings import BrokerSettings
from daemon.controls.indicator_settings import IndicatorSettings
from daemon.controls.keys_settings import KeysSettings
from daemon.controls.settings import ButtonSettings, GpioSettings, MuteSettings
from daemon.hearing.settings import ListeningSettings, MicrophoneSettings, WakeSettings
from daemon.home_server.settings import HomeServerSettings
from daemon.live.settings import LiveSettings
from daemon.settings.field import JOINERS, LANGUAGE, LANGUAGE_FIX, Table, setting
from daemon.settings.later import Later
from daemon.speech.settings import SpeakerSettings
from daemon.spending.settings import PriceSettings, UsageSettings

if TYPE_CHECKING:
    from daemon.abilities.devices.together.settings import GroupSettings, SceneSettings
    from daemon.abilities.inputs.settings import InputSettings

    Groups = tuple[GroupSettings, ...]
    Scenes = tuple[SceneSettings, ...]
    Inputs = tuple[InputSettings, ...]
else:
    Groups = Annotated[tuple[Any, ...], Later("daemon.abilities.devices.together.settings", "GroupSettings")]
    Scenes = Annotated[tuple[Any, ...], Later("daemon.abilities.devices.together.settings", "SceneSettings")]
    Inputs = Annotated[tuple[Any, ...], Later("daemon.abilities.inputs.settings", "InputSettings")]


class HouseholdSettings(Table):
    """Who lives here, for the model to know."""

    prose = {"name": JOINERS, "room": JOINERS}  # noqa: RUF012 - a ClassVar of Table

    name: str = setting("", "The household's name, for the model to know.", max_length=60, fix="shorten it")
    language: str = setting(
        "en",
        "Language, as a BCP 47 tag: of the replies, and of what the device says by itself where it has sentences "
        "in it, else English.",
        pattern=LANGUAGE,
        fix=LANGUAGE_FIX,
        share="language",
    )
    room: str = setting("", "The room this appliance stands in.", max_length=60, fix="shorten it")


class Settings(Table):
    """Everything in pipit.toml."""

    household: HouseholdSettings = HouseholdSettings()
    microphone: MicrophoneSettings = MicrophoneSettings()
    speaker: SpeakerSettings = SpeakerSettings()
    wake: WakeSettings = WakeSettings()
    listening: ListeningSettings = ListeningSettings()
    live: LiveSettings = LiveSettings()
    offline: OfflineSettings = OfflineSettings()
    history: HistorySettings = HistorySettings()
    usage: UsageSettings = UsageSettings()
    button: ButtonSettings = ButtonSettings()
    mute: MuteSettings = MuteSettings()
    keys: KeysSettings = KeysSettings()
    indicator: IndicatorSettings = IndicatorSettings()
    volume: VolumeSettings = VolumeSettings()
    quiet: QuietSettings = QuietSettings()
    timers: TimersSettings = TimersSettings()
    gpio: GpioSettings = GpioSettings()
    broker: BrokerSettings = BrokerSettings()
    home_server: HomeServerSettings = HomeServerSettings()
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
    groups: Groups = setting(
        (),
        "Devices under one name.",
        alias="group",
        fix="write [[group]] on a line of its own before each",
    )
    scenes: Scenes = setting(
        (),
        "How several devices shall be, under one name.",
        alias="scene",
        fix="write [[scene]] on a line of its own before each",
    )
    inputs: Inputs = setting(
        (),
        "What is noticed or read: buttons, contacts, sensors.",
        alias="input",
        fix="write [[input]] on a line of its own before each",
    )

    @property
    def reply_language(self) -> str:
        """The session's language: its own, else the household's."""
        return self.live.language or self.household.language
