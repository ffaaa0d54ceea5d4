"""What a kind of device hands over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from daemon.abilities.devices.kinds.wired import Wired
    from daemon.abilities.devices.working.gate import Gate
    from daemon.abilities.devices.working.worked import Worked
    from daemon.tools.tool import Tool
    from hardware.base import Output, OutputState
    from hardware.header.factory import PinFactory


class Device(Protocol):
    """What the settings say of every device."""

    @property
    def name(self) -> str: ...
    @property
    def pin(self) -> int: ...
    @property
    def active(self) -> Literal["high", "low"]: ...
    @property
    def safe(self) -> Literal["off", "on"]: ...


D = TypeVar("D", bound=Device)


def _no_words(_state: OutputState, _device: Any) -> Mapping[str, Any]:
    return {}


def _switch(gate: Gate, name: str, on: bool) -> None:
    gate.switch(name, on)


@dataclass(frozen=True)
class Kind(Generic[D]):
    """`claim` opens a device on its pin, in its safe state; it imports gpiozero, and raises HardwareError.

    `leave` takes one out of its safe state, to try it; its last argument: whether that is on. `sign` is what a person
    sees of that and of the way back, in words that follow its name; its argument: whether it is safe on.
    `tools` are what the model may do with these devices besides turning them on and off, and `words` what an answer
    says of one's state besides that. What is not `switched` is not turned on and off by itself; what is not `in_rooms`
    is not turned on with the room that it is in. `wired` is for docs/devices.md alone.
    """

    claim: Callable[[D, PinFactory], Output]
    sign: Callable[[bool], str]
    tools: tuple[Callable[[Worked, Sequence[Any]], list[Tool]], ...] = ()
    words: Callable[[OutputState, D], Mapping[str, Any]] = _no_words
    switched: bool = True
    leave: Callable[[Gate, str, bool], None] = _switch
    in_rooms: bool = True
    wired: Wired = field(kw_only=True)
