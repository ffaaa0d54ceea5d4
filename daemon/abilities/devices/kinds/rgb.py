"""A light of three colours: each on a pin of its own, mixed to a colour that has a name."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, Protocol

from pydantic import Field

from daemon.abilities.devices.kinds.dimming import Dimmed, dimming, disobeys, level_words
from daemon.abilities.devices.kinds.kind import Kind
from daemon.abilities.devices.kinds.wired import Wired
from daemon.abilities.devices.working.figures import shown
from daemon.abilities.devices.working.worked import Worked, disobeyed
from daemon.tools.tool import Answer, Tool
from daemon.tools.undo import Undo
from hardware.base import Output, OutputState
from hardware.header.colours import COLOURS

if TYPE_CHECKING:
    from daemon.tools.signature import Choices
    from hardware.header.factory import PinFactory


class Coloured(Dimmed, Protocol):
    """What the settings say of one besides."""

    @property
    def green_pin(self) -> int | None: ...
    @property
    def blue_pin(self) -> int | None: ...


def _claim(device: Coloured, factory: "PinFactory") -> Output:
    from hardware.header.rgb_light import GpioRgb, RgbSpec

    assert device.green_pin is not None and device.blue_pin is not None  # noqa: PT018, S101  the settings see to it
    return GpioRgb(
        RgbSpec(
            device.name,
            (device.pin, device.green_pin, device.blue_pin),
            active_high=device.active == "high",
            safe_on=device.safe == "on",
            min_level=device.min_level,
            max_level=device.max_level,
        ),
        factory,
    )


class _Colouring:
    """The function behind the tool; its docstring is what the model reads."""

    def __init__(self, worked: Worked) -> None:
        self._worked = worked

    async def set_colour(
        self,
        device: Annotated[str, Field(description="Which device; only these have colours.")],
        colour: Annotated[str, Field(description="Which colour.")],
        undo: Undo,
        percent: Annotated[float | None, Field(description="Brightness; its last if left out.", ge=1, le=100)] = None,
    ) -> Answer:
        """Give a light a colour, and turn it on. The answer says what colour and level it has now."""
        level = None if percent is None else percent / 100
        async with self._worked.noting(device, undo):
            self._worked.gate.set_level(device, level, colour)
        state = self._worked.gate.read(device)
        if state.mode != colour or (level is not None and disobeys(state, level)):
            wanted = colour if percent is None else f"{colour} at {shown(percent)} percent"
            raise disobeyed(device, wanted, self._worked.state(device))
        return {"ok": True, **self._worked.state(device)}


def colouring(worked: Worked, devices: Sequence[Coloured]) -> list[Tool]:
    """What gives them colours."""
    choices: dict[str, Choices] = {
        "device": worked.called(device.name for device in devices),
        "colour": list(COLOURS),
    }
    return [Tool.of(_Colouring(worked).set_colour, choices=choices)]


def _words(state: OutputState, device: Coloured) -> Mapping[str, Any]:
    colour = {"colour": state.mode} if state.on and state.mode else {}
    return {**colour, **level_words(state, device)}


def _shines(safe_on: bool) -> str:
    return "go dark and shine white again" if safe_on else "shine white and go dark again"


_WIRED: Final = Wired(
    "A light of three colours.",
    (
        ("pin", "a resistor, then red"),
        ("green_pin", "a resistor, then green"),
        ("blue_pin", "a resistor, then blue"),
        ("GND", 'the common cathode; with a common anode that goes to 3V3, and active = "low"'),
    ),
    'name = "mood light"\nkind = "rgb"\npin = 6\ngreen_pin = 13\nblue_pin = 16',
    "Colours have names; strips of addressable LEDs (WS2812) are something else.",
    ("set_device", "set_colour", "set_level", "pulse"),
)

RGB: Final[Kind[Coloured]] = Kind(_claim, _shines, (colouring, dimming), _words, wired=_WIRED)
