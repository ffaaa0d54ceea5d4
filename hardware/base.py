"""What the daemon expects of hardware: one Protocol a part, all on one screen.

Drivers call back from threads of their own only through `call_soon_threadsafe`; what a Protocol's method says about
threads is part of the contract.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Literal, Protocol, Self, runtime_checkable

SampleFormat = Literal["S16_LE", "S24_3LE", "S24_LE", "S32_LE", "FLOAT_LE"]
"""By ALSA's names: 24 bits in three bytes, 24 bits in the low three of four, and floats of full scale 1.0."""

SAMPLE_BYTES: Final[dict[SampleFormat, int]] = {"S16_LE": 2, "S24_3LE": 3, "S24_LE": 4, "S32_LE": 4, "FLOAT_LE": 4}


@dataclass(frozen=True, kw_only=True)
class PcmFormat:
    """What one ALSA period holds: `period_frames` frames of `channels` interleaved values."""

    rate_hz: int
    channels: int = 1
    sample_format: SampleFormat = "S16_LE"
    period_frames: int

    @property
    def frame_bytes(self) -> int:
        return self.channels * SAMPLE_BYTES[self.sample_format]

    @property
    def period_bytes(self) -> int:
        return self.period_frames * self.frame_bytes


@dataclass
class CaptureCounters:
    """What went wrong since the start, for the status line and the doctor."""

    xruns: int = 0
    dropped_periods: int = 0
    reopened: int = 0


@dataclass
class PlaybackCounters:
    """What went wrong since the start, for the status line and the doctor."""

    xruns: int = 0
    reopened: int = 0


class Managed(Protocol):
    """Opened and closed by `async with`, which raises HardwareError if that cannot be.

    A driver that fails later (a fault in its thread, or in what it calls back on that thread) ends the block as an
    `asyncio.TaskGroup` does: by cancelling the task that entered it and raising an exception group.
    """

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Taker(Protocol):
    """Takes a microphone's sound where it arrives: in the driver's own thread, if it has one. Must not block."""

    def wanted_frames(self) -> int:
        """So many more frames until there is something to do; 1: every period matters, as soon as it is there.

        A driver that asks may leave them in the card until then.
        """
        ...

    def take(self, sound: bytes) -> bool:
        """One or more whole periods, in order; whether the loop has to hear of it now."""
        ...


class Microphone(Managed, Protocol):
    """A source of periods, for ever: a card that went away is opened again behind this interface."""

    format: PcmFormat
    counters: CaptureCounters
    on_lost: Callable[[], None] | None
    """Called in the loop's thread when the card has gone away."""
    on_restored: Callable[[], None] | None
    """Called in the loop's thread with the first period after that."""

    def periods(self) -> AsyncIterator[bytes]:
        """Whole periods of `format`, in order.

        On overload the oldest waiting period goes and is counted. Ends when a fake has no more audio.
        """
        ...

    def given_to(self, taker: Taker) -> AsyncIterator[None]:
        """In place of `periods`: every period is given to `taker`, and nothing waits here.

        A driver with a thread of its own sleeps while less is wanted, and the card's buffer holds what comes meanwhile.
        An item comes soon after `taker` said that the loop has to hear of it, one for all that was said until then.
        Ends when a fake has no more audio.
        """
        ...

    def look_again(self) -> None:
        """What the taker wants has changed; callable from any thread."""
        ...

    def mute(self, muted: bool) -> None:
        """Close the card, or open it again. While muted, periods of zeros arrive at the card's pace."""
        ...

    def reopen(self) -> None:
        """Close the card and open it again, soon: it gives nothing that can be sound. Does nothing while muted."""
        ...


class PlayoutSource(Protocol):
    """Where the speaker thread gets its sound. All methods are called on that thread and must not block."""

    def next_period(self, frames: int) -> bytes:
        """Exactly `frames` frames in the speaker's format; silence if there is nothing to say.

        A period, or several at once from a source that is at ease.
        """
        ...

    def period_written(self, frames: int, delay_frames: int) -> None:
        """`frames` more frames were handed to the card, which now holds `delay_frames` not yet heard."""
        ...

    def dropped(self) -> None:
        """The card's buffer is gone, as `Speaker.drop` asked or with the card: what it still held is never heard."""
        ...

    def at_rest(self) -> bool:
        """Whether all that comes is silence, and nobody asks when it was heard, until `on_stirred` is called."""
        ...

    def at_ease(self) -> bool:
        """Whether what comes after the next tenth of a second is known, or may be heard so much later than usual."""
        ...

    on_stirred: Callable[[], None] | None
    """Set by a speaker that sleeps meanwhile; called from any thread when there may be something to play."""


class Speaker(Managed, Protocol):
    """Pulls periods from its source and plays them; between replies the stream stays open, silent, or pauses.

    A card that went away is opened again behind this interface; until then the source is not asked.
    """

    format: PcmFormat
    counters: PlaybackCounters
    on_lost: Callable[[], None] | None
    """Called in the loop's thread when the card has gone away, or takes no sound any more."""
    on_restored: Callable[[], None] | None
    """Called in the loop's thread when it plays again."""

    def drop(self) -> None:
        """Throw away what the card still holds; callable from any thread, takes effect within one period."""
        ...


class Button(Managed, Protocol):
    """`on_pressed()` and `on_released(held_ms)` are called in the loop's thread."""

    on_pressed: Callable[[], None] | None
    on_released: Callable[[float], None] | None


class Indicator(Managed, Protocol):
    """One light with named patterns (`daemon.conversation.commands.Pattern` values); an unknown name shows as off."""

    def show(self, pattern: str) -> None: ...


@runtime_checkable
class Dimmable(Protocol):
    """A light that can show its patterns less brightly."""

    def dim(self, dimmed: bool) -> None:
        """From the next pattern that is shown on."""
        ...


Film = tuple[tuple[bytes, float | None], ...]
"""Frames, each with its seconds, over and over; None is for ever. A frame is red, green and blue of each light."""


class Pixels(Protocol):
    """A row or ring of lights of any colour. One thread at a time."""

    name: str
    count: int

    def open(self) -> None:
        """Dark. Raises HardwareError."""
        ...

    def write(self, frame: bytes) -> None:
        """Show it at once, three bytes for each light. May block for a fifth of a second. Raises HardwareError."""
        ...

    def close(self) -> None:
        """Dark, if that can be done any more. Never raises; does nothing if it is not open."""
        ...


class Knob(Managed, Protocol):
    """A knob that turns without an end. `on_turned` is called in the loop's thread."""

    on_turned: Callable[[int], None] | None
    """With the detents that it was turned by: 1 to the right, -1 to the left."""


class Switch(Protocol):
    """Something outside that is one of two ways: a button, a contact, a motion sensor. The loop's thread only."""

    name: str

    def read(self) -> bool:
        """Whether it is pressed, closed, or sees something. Raises HardwareError."""
        ...

    def watch(self, changed: Callable[[bool], None]) -> None:
        """Have each change told in the loop's thread, once however it bounces."""
        ...

    def close(self) -> None:
        """Tell nothing any more, and let go of the pin."""
        ...


@dataclass(frozen=True, slots=True)
class Measured:
    """One thing that a sensor measures, such as the temperature, and the unit of its value."""

    quantity: str
    value: float
    unit: str


class Sensor(Protocol):
    """Something that measures when it is asked, and costs nothing else. From any thread, one at a time."""

    name: str

    def read(self) -> tuple[Measured, ...]:
        """What it measures now; blocks for a second, for longer if something is wrong. Raises HardwareError."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG as it may be sent: upright, small enough, and with nothing in it but what the camera saw."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    taken_s: float
    """By the wall clock, in seconds since 1970."""


class Camera(Managed, Protocol):
    """Switched on by `async with`, and off at its end: its own light and its power tell the truth.

    May be entered again and again. A camera that fails while it is on says so in `frame`.
    """

    async def frame(self) -> Picture:
        """What it sees now, never a picture that waited. Has a deadline of its own. Raises HardwareError."""
        ...


@dataclass(frozen=True, slots=True)
class OutputState:
    """What the device reports of itself, read back from the pin."""

    on: bool
    level: float | None = None  # 0.0 to 1.0 for a device that has levels, else None
    mode: str = ""  # which of its modes it is on in, for a device that has any


class Output(Protocol):
    """One thing that can be switched, and perhaps dimmed. Not thread-safe: the loop's thread only."""

    name: str
    dimmable: bool

    def switch(self, on: bool) -> None: ...

    def set_level(self, level: float) -> None:
        """0.0 to 1.0; raises HardwareError on a device without levels."""
        ...

    def read(self) -> OutputState: ...

    def make_safe(self) -> None:
        """Go to the safe state the maker named. Never raises."""
        ...

    def close(self) -> None:
        """Make safe and release the pin."""
        ...


@runtime_checkable
class Resting(Protocol):
    """An output that goes off by itself when it has got where it was sent, and stays there."""

    rests: Literal[True]


@runtime_checkable
class Moded(Protocol):
    """An output that is on in one of several ways, such as colours or directions."""

    modes: tuple[str, ...]
    opposed: bool
    """They undo one another: going from one to another while it is on strains it."""

    def choose(self, mode: str, level: float) -> None:
        """Be on in that way at a level of more than 0. Raises HardwareError."""
        ...
