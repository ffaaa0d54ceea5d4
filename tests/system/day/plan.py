"""What happens on a day, drawn from its seed: who says what and when, what goes wrong meanwhile, and which settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final, Literal

from daemon.conversation.exchange import State
from daemon.offline.service.faults import Wait
from tests.system.day.speech import utterance
from tests.system.day.troubles import GRAVE, LIGHT, NO_TROUBLE, Kinds, Sound, Trouble, Turn, one_of

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples

CONVERSATIONS: Final = 200
DAY_S: Final = 86_400.0
REST_S: Final = 75.0
"""Between conversations, at least: `daemon.live.redial` counts what fails within a minute."""

HOURS: Final = (1, 1, 1, 0, 0, 1, 6, 12, 10, 6, 5, 6, 10, 8, 6, 5, 7, 10, 14, 14, 12, 10, 6, 3)
"""How talkative a household is, hour by hour; by the morning, handles have expired."""

LONG_REPLY_S: Final = 6.0
"""Long enough to be interrupted."""

By = Literal["wake", "tap", "hold", "follow_up", "barge_in"]
"""How a turn is begun: a hold lasts as long as the speech; a barge-in is the wake word over what is going on."""

CutShort = Literal["", "barge_in", "stop", "mute"]


@dataclass(frozen=True)
class Line:
    """Something to say, and what the brain does when it is asked this for the first time, the second, …"""

    number: int
    seconds: float
    gap_s: float
    """From the wake word or the press to the first word."""
    hesitation_s: float
    attempts: tuple[Turn, ...]
    """The last goes on for ever."""

    @property
    def samples(self) -> Samples:
        return utterance(self.number, self.seconds, self.hesitation_s)


@dataclass(frozen=True)
class Ask:
    """One turn of the household; without a line nothing is said."""

    by: By
    line: Line | None
    pause_s: float = 0.0
    """Before it."""
    cut_short: CutShort = ""
    """What the household does then, once the conversation is in the state `cut_in`; a barge-in is the next turn."""
    cut_in: State = State.SPEAKING


@dataclass(frozen=True)
class Scene:
    """One conversation."""

    number: int
    at_s: float
    turns: tuple[Ask, ...]
    trouble: Trouble = NO_TROUBLE

    @property
    def strict(self) -> bool:
        """Whether nothing may fail."""
        return not self.trouble.may_fail

    @property
    def plain(self) -> bool:
        """Whether the model answers at once, and nothing happens to it."""
        steps = [step for ask in self.turns if ask.line for turn in ask.line.attempts for step in turn]
        return self.trouble == NO_TROUBLE and all(isinstance(step, Sound) for step in steps)

    def __str__(self) -> str:
        by = ", ".join(f"{ask.by} {ask.cut_short}".strip() for ask in self.turns)
        return f"conversation {self.number} ({by}; trouble: {self.trouble.name})"


@dataclass(frozen=True)
class Shift:
    """Some hours with one set of settings; between two of them the daemon is restarted."""

    scenes: tuple[Scene, ...]
    listening: dict[str, Any]
    resume_h: float


def day(
    seed: int, conversations: int = CONVERSATIONS, *, light: Kinds | None = None, grave: Kinds | None = None
) -> list[Shift]:
    """A day of four shifts. About a third of the conversations have a light trouble, a tenth a grave one."""
    draw = Random(seed)  # noqa: S311
    lingers = draw.sample((0, 30, 60, 600), 4)
    follow_ups = draw.sample((0, 4, 6, 8), 4)
    author = _Author(draw, LIGHT if light is None else light, GRAVE if grave is None else grave)
    times = _times(draw, conversations)
    bounds = [round(conversations * part / 4) for part in range(5)]
    shifts = []
    for begin, end, linger_s, follow_up_s in zip(bounds, bounds[1:], lingers, follow_ups, strict=False):
        author.follow_up_s = follow_up_s
        scenes = tuple(author.scene(number + 1, times[number]) for number in range(begin, end))
        listening = {"linger_s": linger_s, "follow_up_s": follow_up_s}
        shifts.append(Shift(scenes, listening, resume_h=draw.choice((0.0, 2.0, 24.0))))
    return shifts


def _times(draw: Random, conversations: int) -> list[float]:
    """When they begin, at the earliest; one that is not over delays the next."""
    hours = draw.choices(range(24), HOURS, k=conversations)
    return sorted((hour + draw.random()) * DAY_S / 24 for hour in hours)


@dataclass
class _Author:
    """Writes scenes, one after the other."""

    draw: Random
    light: Kinds
    grave: Kinds
    follow_up_s: float = 0.0
    lines: int = 0
    grave_before: bool = field(default=False)

    def scene(self, number: int, at_s: float) -> Scene:
        trouble = self._trouble()
        self.grave_before = bool(trouble.may_fail)
        (plot,) = self.draw.choices(list(PLOTS), list(PLOTS.values()))
        return Scene(number, at_s, PLOT_OF[plot](self, trouble), trouble)

    def _trouble(self) -> Trouble:
        """After a grave one there is none: what follows a failure must work."""
        kind = self.draw.random()
        if self.grave_before or kind > 0.5:
            return NO_TROUBLE
        kinds = self.light if kind > 0.12 else self.grave
        return one_of(kinds, self.draw) if kinds else NO_TROUBLE

    def line(
        self, trouble: Trouble = NO_TROUBLE, *, seconds: float | None = None, reply_s: float | None = None
    ) -> Line:
        draw = self.draw
        self.lines += 1
        parts = draw.choice((1, 2, 3)) if reply_s is None else 2
        sound = Sound((reply_s or draw.uniform(0.4, 2.5)) / parts)
        return Line(
            self.lines,
            draw.uniform(0.5, 4.0) if seconds is None else seconds,
            gap_s=draw.choice((0.0, draw.uniform(0.0, 0.4), draw.uniform(0.4, 3.0))),
            hesitation_s=draw.choice((0.0, 0.0, draw.uniform(0.1, 0.4))),
            attempts=trouble.attempts([sound] * parts),
        )

    def question(self, trouble: Trouble) -> tuple[Ask, ...]:
        again = [Ask("wake", self.line(trouble), self.draw.uniform(5, 40)) for _ in range(trouble.tries)]
        return Ask("wake", self.line(trouble)), *again

    def talk(self, trouble: Trouble) -> tuple[Ask, ...]:
        """A question and what it leads to, in any of which the trouble may come."""
        number = self.draw.randint(2, 4)
        troubled = self.draw.randrange(number)
        first, *others = (self.line(trouble if turn == troubled else NO_TROUBLE) for turn in range(number))
        by: By = "follow_up" if self.follow_up_s else "wake"
        longest_s = self.follow_up_s - 2 if self.follow_up_s else 30
        return Ask("wake", first), *(Ask(by, line, self.draw.uniform(0.3, longest_s)) for line in others)

    def monologue(self, trouble: Trouble) -> tuple[Ask, ...]:
        return (Ask("wake", self.line(trouble, seconds=self.draw.uniform(12, 25))),)

    def tap(self, trouble: Trouble) -> tuple[Ask, ...]:
        return (Ask("tap", self.line(trouble)),)

    def hold(self, trouble: Trouble) -> tuple[Ask, ...]:
        return (Ask("hold", self.line(trouble)),)

    def barge_in(self, trouble: Trouble) -> tuple[Ask, ...]:
        """Over a reply, or over a thought that takes too long."""
        thoughtful = self.draw.random() < 0.4
        first = self.line(Trouble(before=(Wait(8_000),)) if thoughtful else NO_TROUBLE, reply_s=LONG_REPLY_S)
        over = State.THINKING if thoughtful else State.SPEAKING
        then = Ask("barge_in", self.line(trouble), self.draw.uniform(0.2, 2))
        return Ask("wake", first, cut_short="barge_in", cut_in=over), then

    def stop(self, trouble: Trouble) -> tuple[Ask, ...]:
        return (Ask("wake", self.line(trouble, reply_s=LONG_REPLY_S), cut_short="stop"),)

    def mute(self, trouble: Trouble) -> tuple[Ask, ...]:
        state = self.draw.choice((State.LISTENING, State.HEARING, State.THINKING, State.SPEAKING))
        line = self.line(trouble, seconds=3.0, reply_s=LONG_REPLY_S)
        return (Ask("wake", line, cut_short="mute", cut_in=state),)

    def nothing(self, _: Trouble) -> tuple[Ask, ...]:
        return (Ask(self.draw.choice(("wake", "tap")), None),)


PLOT_OF: Final = {
    "question": _Author.question,
    "talk": _Author.talk,
    "tap": _Author.tap,
    "hold": _Author.hold,
    "barge in": _Author.barge_in,
    "stop": _Author.stop,
    "mute": _Author.mute,
    "nothing": _Author.nothing,
    "monologue": _Author.monologue,
}
PLOTS: Final = {
    "question": 30,
    "talk": 22,
    "tap": 8,
    "hold": 10,
    "barge in": 10,
    "stop": 5,
    "mute": 6,
    "nothing": 6,
    "monologue": 3,
}
"""Kinds of conversations, and how often they happen in a hundred."""
