"""What an appliance is made of, and what is asked of the parts that it knows by their manners alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from daemon.conversation.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from daemon.appliance.interjections import Stopping
    from daemon.appliance.ringer import Ringing
    from daemon.appliance.sounds import Volumes
    from daemon.appliance.teller import Telling
    from daemon.conversation.causes import Cause, Notice
    from daemon.conversation.events import Event
    from daemon.conversation.messages import SessionMessage
    from daemon.conversation.witness import Witness
    from daemon.hearing.listener import Listener
    from daemon.live.asked import Session, SessionMaker
    from daemon.live.uplink import Uplink
    from daemon.sound.capture import Converter
    from daemon.sound.pcm import Samples
    from daemon.tools.tool import Toolbox
    from hardware.base import Button, Indicator, Microphone, PcmFormat, PlayoutSource, Speaker


class Purse(Protocol):
    """What is asked of the budget; see `daemon.spending.budget`."""

    @property
    def reached(self) -> bool: ...
    def notice(self) -> Notice | None: ...


class Viewing(Protocol):
    """The way of pictures to the model; see `daemon.abilities.sight.viewfinder`."""

    def reports_to(self, report: Callable[[Event], None]) -> None:
        """Whom to tell that the camera was switched on or off."""
        ...

    def show_and_ask(self, turn: int) -> None:
        """As `ShowPictures` says."""
        ...


class AtHome(Protocol):
    """The brain at home; see `daemon.at_home`."""

    def session(self, uplink: Uplink, on_message: Callable[[SessionMessage], None]) -> Session:
        """As `SessionMaker`, but nothing is raised."""
        ...

    async def prepare(self) -> None:
        """It may be needed soon. Raises nothing, bounded by nothing."""
        ...

    async def sure(self, samples: Samples) -> bool:
        """Whether it is sure of what was said, 16 kHz. Bounded by nothing: who asks does not wait for it."""
        ...


class Reporter(Protocol):
    """Anything else that has events to tell; see `daemon.abilities.farewell`."""

    def reports_to(self, report: Callable[[Event], None]) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What an appliance is made of; whoever made them closes them."""

    microphone: Microphone
    converter: Converter
    speaker_format: PcmFormat
    make_speaker: Callable[[PlayoutSource], Speaker]
    volume: float
    listener: Listener
    toolbox: Toolbox
    make_session: SessionMaker
    announcement: Callable[[Cause | Notice], Samples]
    """What to say about a failure or of the budget, 24 kHz; may be empty."""
    at_home: AtHome | None = None
    probe: Callable[[], Awaitable[bool]] | None = None
    """Whether the service can be reached, in bounded time."""
    stop_word: Stopping | None = None
    ducks: bool = False
    """Play softer while somebody speaks over it: where the echo is taken out."""
    budget: Purse | None = None
    viewfinder: Viewing | None = None
    ringing: Ringing | None = None
    telling: Telling | None = None
    volumes: Volumes | None = None
    reporters: Sequence[Reporter] = ()
    companions: Sequence[Callable[[], Coroutine[Any, Any, None]]] = ()
    """What lives beside it, as long as it does."""
    button: Button | None = None
    mute_button: Button | None = None
    indicator: Indicator | None = None
    witnesses: Sequence[Witness] = ()
    rules: Rules = field(default_factory=Rules)
