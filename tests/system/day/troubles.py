"""What may go wrong in one conversation.

A trouble is *light* if the household must notice nothing of it but a longer pause. It is *grave* if the conversation
may fail, with one of the causes it names; then that must be told, and the next conversation must work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.conversation.causes import Cause
from daemon.offline.rehearsal.scenario import Call
from daemon.offline.service.faults import (
    AbortSocket,
    CancelledCall,
    CloseSocket,
    ConnectionFaults,
    Fault,
    GoAway,
    Loss,
    Omit,
    PhantomInterrupted,
    SendRaw,
    SocketEnd,
    Stall,
    Wait,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random


@dataclass(frozen=True)
class Sound:
    """A part of a reply, so long; the brain knows of which."""

    seconds: float


Step = Sound | Call | Fault
Turn = tuple[Step, ...]
"""What the brain does about one utterance."""

MANY: Final = 30
"""Connections, or askings: more than one conversation makes."""

PASSING: Final = frozenset({Cause.LOST, Cause.OVERLOADED})


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What connections suffer in order, and what becomes of one utterance."""

    name: str = "none"
    connections: tuple[ConnectionFaults, ...] = ()
    failing: tuple[Turn, ...] = ()
    """What becomes of it when it is asked for the first time, the second, … before it is answered."""
    before: Turn = ()
    midst: Turn = ()
    after: Turn = ()
    cut: SocketEnd | None = None
    """While the household speaks, whatever it says, the connection is cut so."""
    hang: bool = False
    """When the connection is told to go away, it hangs, too."""
    amnesia: bool = False
    """The service has forgotten every conversation before this one."""
    may_fail: frozenset[Cause] = frozenset()
    tries: int = 0
    """How often the household asks again if it fails."""

    def attempts(self, sounds: Sequence[Sound]) -> tuple[Turn, ...]:
        """What the brain does about an utterance whose reply has these parts."""
        first, *others = sounds
        others = others or [first] if self.midst else others  # something is said after it, too
        return (*self.failing, (*self.before, first, *self.midst, *others, *self.after))


NO_TROUBLE: Final = Trouble()


def some_end(draw: Random, *codes: int) -> SocketEnd:
    """The TCP connection is cut, or closed with one of these codes, for one of the reasons the service gives."""
    code = draw.choice((0, *codes))
    return CloseSocket(code, draw.choice(REASONS.get(code, ("",)))) if code else AbortSocket()


REASONS: Final = {
    1007: ("Request contains an invalid argument.",),
    1008: ("The operation was aborted.", "Operation is not implemented, or supported, or enabled."),
    1011: (
        "Internal error encountered.",
        "Deadline expired.",
        "The service is currently unavailable.",
    ),
}
"""Seen in the SDKs' issue trackers; see `daemon.live.failures`."""


def _lost(draw: Random, times: int, *codes: int) -> tuple[ConnectionFaults, ...]:
    """Connections that end in their setup, in an utterance, or before the reply."""
    return tuple(_lost_once(draw, *codes) for _ in range(times))


def _lost_once(draw: Random, *codes: int) -> ConnectionFaults:
    point = draw.choice(("setup", "activity", "activity", "thinking"))
    end = some_end(draw, *(code for code in codes if point != "setup" or code != 1008))  # 1008 is a refusal there
    code, reason = (end.close, end.reason) if isinstance(end, CloseSocket) else (None, "")
    loss = Loss(point, code, reason, after_audio_bytes=draw.randint(1, 60_000))
    return ConnectionFaults(setup_delay_ms=draw.uniform(0, 1_500), lose=loss)


def _slow_setup(draw: Random) -> Trouble:
    return Trouble(connections=(ConnectionFaults(setup_delay_ms=draw.uniform(0, 6_000)),))


def _connection_lost(draw: Random) -> Trouble:
    return Trouble(connections=_lost(draw, draw.randint(1, 2), 1001, 1008, 1011))


def _overloaded(draw: Random) -> Trouble:
    refusal = ConnectionFaults(http_status=draw.choice((500, 502, 503)))
    closing = ConnectionFaults(refuse=CloseSocket(1011, "Internal error encountered."))
    return Trouble(connections=tuple(draw.choice((refusal, closing)) for _ in range(draw.randint(1, 2))))


def _thought_lost(draw: Random) -> Trouble:
    return Trouble(failing=tuple((some_end(draw, 1001, 1008, 1011),) for _ in range(draw.randint(1, 2))))


def _cut_in_speech(draw: Random) -> Trouble:
    return Trouble(cut=some_end(draw, 1001, 1008, 1011))


def _amnesia(_: Random) -> Trouble:
    return Trouble(amnesia=True)


def _slow_thought(draw: Random) -> Trouble:
    return Trouble(before=(Wait(draw.uniform(1_000, 6_000)),))


def _stutter(draw: Random) -> Trouble:
    return Trouble(midst=(Wait(draw.uniform(200, 6_000)),), after=(Wait(draw.uniform(0, 3_000)),))


def _end_left_out(draw: Random) -> Trouble:
    return Trouble(before=(Omit(draw.choice(("generationComplete", "turnComplete"))),))


def _phantom_in_reply(draw: Random) -> Trouble:
    return Trouble(midst=(PhantomInterrupted(),), before=(Wait(draw.uniform(0, 500)),))


def _phantom_in_thought(draw: Random) -> Trouble:
    """Alone, or with the turnComplete that follows every real one (langwatch/scenario #360)."""
    pair = (PhantomInterrupted(), SendRaw({"serverContent": {"turnComplete": True}}))
    return Trouble(before=(*draw.choice((pair, pair[:1])), Wait(draw.uniform(0, 500))))


def _go_away(draw: Random) -> Trouble:
    """In a thought or in the reply, with more time than that takes."""
    leaving = (GoAway(draw.uniform(30, 60)),)
    after = Trouble(after=leaving, hang=draw.random() < 0.7)
    return draw.choice((Trouble(before=leaving), Trouble(midst=leaving), after))


def _tool(draw: Random) -> Trouble:
    """One that is quick, slow, too slow, or unknown."""
    seconds = draw.choice((0.0, draw.uniform(1, 8), 14.0))
    call = draw.choice((Call("dawdle", {"seconds": seconds}), Call("note", {"word": "milk"}), Call("make_coffee")))
    return Trouble(before=(call,) * draw.choice((1, 1, 2)))


def _tool_in_reply(draw: Random) -> Trouble:
    return Trouble(midst=(Call("dawdle", {"seconds": draw.uniform(0, 4)}),))


def _cancelled_tool(draw: Random) -> Trouble:
    call = CancelledCall("dawdle", {"seconds": draw.uniform(0, 4)}, after_ms=draw.uniform(0, 2_000))
    return Trouble(before=(call,))


def _quota(_: Random) -> Trouble:
    return Trouble(connections=(ConnectionFaults(http_status=429),) * MANY, may_fail=frozenset({Cause.QUOTA}), tries=1)


def _key_refused(_: Random) -> Trouble:
    return Trouble(connections=(ConnectionFaults(http_status=403),) * MANY, may_fail=frozenset({Cause.KEY_REFUSED}))


def _setup_refused(draw: Random) -> Trouble:
    refusal = ConnectionFaults(refuse=some_refusal(draw))
    return Trouble(connections=(refusal,) * MANY, may_fail=frozenset({Cause.SETUP_REFUSED}))


def some_refusal(draw: Random) -> CloseSocket:
    code = draw.choice((1007, 1008))
    return CloseSocket(code, REASONS[code][0])


def _outage(draw: Random) -> Trouble:
    """For minutes; the household asks again and again."""
    down = ConnectionFaults(http_status=draw.choice((500, 503)), setup_delay_ms=draw.uniform(0, 500))
    return Trouble(connections=(down,) * MANY, may_fail=frozenset({Cause.OVERLOADED, Cause.NO_REPLY}), tries=2)


def _never_answers(draw: Random) -> Trouble:
    silent = ConnectionFaults(silent=True)
    late = ConnectionFaults(setup_delay_ms=draw.uniform(12_000, 30_000))
    causes = frozenset({Cause.TIMEOUT, Cause.NO_REPLY})
    return Trouble(connections=(draw.choice((silent, late)),) * MANY, may_fail=causes)


def _lost_for_good(draw: Random) -> Trouble:
    ends = tuple((some_end(draw, 1001, 1008, 1011),) for _ in range(MANY))
    return Trouble(failing=ends, may_fail=PASSING | {Cause.NO_REPLY})


def _invalid_in_thought(_: Random) -> Trouble:
    """Such as a conversation that has grown too long: again would be refused again."""
    return Trouble(failing=((CloseSocket(1007, REASONS[1007][0]),),), may_fail=frozenset({Cause.SETUP_REFUSED}))


def _lost_in_reply(draw: Random) -> Trouble:
    end = some_end(draw, 1001, 1008, 1011)
    return Trouble(midst=(Wait(draw.uniform(0, 1_500)), end), may_fail=PASSING)


def _lost_after_tool(draw: Random) -> Trouble:
    """What a tool did is not undone by asking again."""
    call = Call("note", {"word": "milk"})
    return Trouble(before=(call, some_end(draw, 1001, 1008, 1011)), may_fail=PASSING)


def _stall(draw: Random) -> Trouble:
    stalled = (Stall(),)
    causes = frozenset({Cause.NO_REPLY})
    return draw.choice((Trouble(before=stalled, may_fail=causes), Trouble(midst=stalled, may_fail=causes)))


def _no_end_at_all(_: Random) -> Trouble:
    return Trouble(before=(Omit("both"),), may_fail=frozenset({Cause.NO_REPLY}))


def _go_away_at_once(draw: Random) -> Trouble:
    """The connection ends in the midst of the reply."""
    return Trouble(before=(GoAway(draw.uniform(0, 2)),), midst=(Wait(3_000),), may_fail=PASSING)


Kinds = dict["Callable[[Random], Trouble]", int]

LIGHT: Final[Kinds] = {
    _slow_setup: 3,
    _connection_lost: 4,
    _overloaded: 2,
    _thought_lost: 3,
    _cut_in_speech: 4,
    _amnesia: 2,
    _slow_thought: 1,
    _stutter: 2,
    _end_left_out: 2,
    _phantom_in_reply: 1,
    _phantom_in_thought: 2,
    _go_away: 3,
    _tool: 4,
    _tool_in_reply: 2,
    _cancelled_tool: 2,
}
GRAVE: Final[Kinds] = {
    _quota: 1,
    _key_refused: 1,
    _setup_refused: 1,
    _outage: 2,
    _never_answers: 2,
    _lost_for_good: 2,
    _invalid_in_thought: 1,
    _lost_in_reply: 3,
    _lost_after_tool: 2,
    _stall: 2,
    _no_end_at_all: 1,
    _go_away_at_once: 2,
}
"""Each kind and its weight."""


def one_of(kinds: Kinds, draw: Random) -> Trouble:
    """A trouble of these kinds, named after its own."""
    (kind,) = draw.choices(list(kinds), list(kinds.values()))
    trouble = kind(draw)
    return Trouble(**{**vars(trouble), "name": kind.__name__.strip("_").replace("_", " ")})
