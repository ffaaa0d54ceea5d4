"""Every command is carried out, and whatever happens elsewhere is told: the real parts around a session that acts."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.abilities.farewell.tools import Farewell
from daemon.appliance.appliance import Appliance, ring_capacity
from daemon.appliance.parts import Parts
from daemon.conversation import commands as do
from daemon.conversation.causes import Cause, Notice
from daemon.conversation.clocks import Timer
from daemon.conversation.events import (
    BudgetNear,
    BudgetReached,
    ButtonPressed,
    ButtonReleased,
    CameraSwitched,
    MessageWaiting,
    MicrophoneLost,
    MicrophoneRestored,
    MuteSwitched,
    PlayoutDrained,
    ReplyComplete,
    ReplyStarted,
    RingDue,
    SessionEnding,
    SessionLost,
    SessionOpened,
    SoundVanished,
    SpeakerLost,
    TimerExpired,
    ToolCancelled,
    ToolFinished,
    ToolRequested,
    UtteranceEnded,
    UtteranceStarted,
    WakeWordDetected,
)
from daemon.conversation.exchange import State
from daemon.conversation.messages import ReplyAudio, UsageReported
from daemon.conversation.no_session import BudgetSpent, KeyMissing
from daemon.conversation.rules import Rules
from daemon.conversation.tool_call import ToolCall
from daemon.live.redial import BUDGET
from daemon.live.uplink import ActivityEnd, ActivityStart
from daemon.sound.capture import CaptureConverter
from daemon.sound.pcm import Samples, from_bytes
from daemon.sound.sound_kind import SoundKind
from daemon.speech.earcons import Sound, earcon
from daemon.tools.tool import Tool, Toolbox
from hardware.base import PcmFormat
from hardware.fake import FakeButton, Pace, RecordingIndicator, RecordingSpeaker, WavMicrophone
from tests.system.home import Diary, quiet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from daemon.conversation.events import Event
    from daemon.conversation.messages import SessionMessage
    from daemon.conversation.tool_call import Scheduling
    from daemon.live.uplink import Uplink

FORMAT = PcmFormat(rate_hz=16_000, period_frames=320)
SPEAKER = PcmFormat(rate_hz=24_000, period_frames=480)
CAPTURED = 16_000
LOUD = 12_345
"""Louder than any earcon: what the model or an announcement says is told by it."""
AWAKE = earcon(do.Earcon.AWAKE, SPEAKER.rate_hz).tobytes()


class ActingSession:
    """A session that says what the test has it say, and keeps what it is told. Implements `Session`."""

    def __init__(self, uplink: Uplink, say: Callable[[SessionMessage], None]) -> None:
        self.uplink = uplink
        self.say = say
        self.answers: list[tuple[str, Mapping[str, Any]]] = []
        self.manners: list[tuple[bool, Scheduling | None]] = []
        self.takes_parts = False
        self.running = self.closed = self.said_goodbye = False
        self._over = asyncio.Event()

    async def run(self) -> None:
        self.running = True
        await self._over.wait()
        await asyncio.sleep(0)
        self.said_goodbye = True

    def close(self) -> None:
        self.closed = True
        self._over.set()

    def leave(self) -> None:
        self.close()

    def answer_tool(
        self, call: ToolCall, response: Mapping[str, Any], *, more: bool = False, scheduling: Scheduling | None = None
    ) -> None:
        self.answers.append((call.id, response))
        self.manners.append((more, scheduling))


class DeafListener:
    """Hears nothing, and keeps what it was asked to watch for."""

    def __init__(self) -> None:
        self.watches: list[int] = []
        self.watching = False
        self.gate = None
        self.judged = 0
        self.on_near: Any = None

    def hear(self, samples: Samples, at: int) -> list[Any]:
        self.judged = at + len(samples)
        return []

    def watch(self, from_sample: int, captured: Samples, at: int) -> list[Any]:  # noqa: ARG002
        self.watching = True
        self.watches.append(from_sample)
        return []

    def stop_watching(self) -> None:
        self.watching = False

    def listen_for_short(self, *, wanted: bool) -> None:
        self.short = wanted


class Card(RecordingSpeaker):
    """Counts how often it was asked to drop what it holds."""

    drops = 0

    def drop(self) -> None:
        self.drops += 1
        super().drop()


@dataclass
class Tools:
    """What the model may call."""

    runs: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    def toolbox(self) -> Toolbox:
        return Toolbox([Tool.of(self.note), Tool.of(self.dawdle), Tool.of(self.stumble)])

    async def note(self, word: str) -> dict[str, Any]:
        """Answer at once."""
        self.runs.append(word)
        return {"ok": True, "word": word}

    async def dawdle(self, word: str) -> dict[str, Any]:
        """Answer when the test says so."""
        self.runs.append(word)
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.cancelled.append(word)
            raise
        return {"ok": True, "word": word}

    async def stumble(self) -> dict[str, Any]:
        """Fail."""
        raise RuntimeError("the lamp fell off the table")


@dataclass
class Album:
    """The way of pictures to the model, which ends here. Implements `Viewing`."""

    shown: list[int] = field(default_factory=list)
    report: Callable[[Event], None] | None = None

    def reports_to(self, report: Callable[[Event], None]) -> None:
        self.report = report

    def show_and_ask(self, turn: int) -> None:
        self.shown.append(turn)


@dataclass
class FullPurse:
    """A budget that the test spends. Implements `Purse`."""

    reached: bool = False
    notices: list[Notice] = field(default_factory=list)

    def notice(self) -> Notice | None:
        return self.notices.pop() if self.notices else None


@dataclass
class Bell:
    """Something that rings when the test says so. Implements `Ringing`."""

    report: Callable[[Event], None] | None = None
    said: Samples = field(default_factory=lambda: np.zeros(0, np.int16))
    ends: list[tuple[tuple[str, ...], bool]] = field(default_factory=list)

    def reports_to(self, report: Callable[[Event], None]) -> None:
        self.report = report

    def warns(self, soon: Callable[[float], None]) -> None:
        self.warn = soon

    def words(self) -> Samples:
        return self.said

    def rung(self, ids: tuple[str, ...], *, answered: bool) -> None:
        self.ends.append((ids, answered))


@dataclass
class Letters:
    """Messages that the test posts. Implements `Telling`."""

    report: Callable[[Event], None] | None = None
    waiting: list[Samples] = field(default_factory=list)

    def reports_to(self, report: Callable[[Event], None]) -> None:
        self.report = report

    def next(self) -> Samples | None:
        return self.waiting.pop(0) if self.waiting else None

    def post(self, *messages: Samples) -> None:
        self.waiting += messages
        if self.report:
            self.report(MessageWaiting())


@dataclass
class Knobs:
    """Volumes that the test turns. Implements `Volumes`."""

    volumes: dict[SoundKind, float] = field(default_factory=lambda: dict.fromkeys(SoundKind, 1.0))
    report: Callable[[], None] | None = None

    def reports_to(self, report: Callable[[], None]) -> None:
        self.report = report

    def of(self, kind: SoundKind) -> float:
        return self.volumes[kind]


@dataclass
class Bench:
    """An appliance on the bench, its microphone past `CAPTURED` samples of a quiet room."""

    sessions: list[ActingSession] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    diary: Diary = field(default_factory=Diary)
    tools: Tools = field(default_factory=Tools)
    listener: DeafListener = field(default_factory=DeafListener)
    button: FakeButton = field(default_factory=FakeButton)
    mute_button: FakeButton = field(default_factory=FakeButton)
    indicator: RecordingIndicator = field(default_factory=RecordingIndicator)
    microphone: WavMicrophone = field(
        default_factory=lambda: WavMicrophone(quiet(1.0), FORMAT, pace=Pace.CONSUMER, then_silence=True)
    )
    key: bool = True
    purse: FullPurse = field(default_factory=FullPurse)
    album: Album = field(default_factory=Album)
    bell: Bell = field(default_factory=Bell)
    letters: Letters = field(default_factory=Letters)
    knobs: Knobs = field(default_factory=Knobs)
    farewell: Farewell = field(default_factory=Farewell)

    def __post_init__(self) -> None:
        self.appliance = Appliance(self.parts())

    def parts(self, **rules: Any) -> Parts:
        return Parts(
            microphone=self.microphone,
            converter=CaptureConverter(FORMAT),
            speaker_format=SPEAKER,
            make_speaker=self._make_speaker,
            volume=1.0,
            listener=self.listener,  # type: ignore[arg-type]
            toolbox=self.tools.toolbox(),
            make_session=self._make_session,
            announcement=lambda _: np.full(2_400, LOUD, np.int16),
            budget=self.purse,
            viewfinder=self.album,
            ringing=self.bell,
            telling=self.letters,
            volumes=self.knobs,
            reporters=[self.farewell],
            button=self.button,
            mute_button=self.mute_button,
            indicator=self.indicator,
            witnesses=[self.diary],
            rules=Rules(follow_up_s=0, **rules),
        )

    def _make_speaker(self, source: Any) -> Card:
        self.cards.append(Card(SPEAKER, source, pace=Pace.CONSUMER))
        return self.cards[0]

    def _make_session(self, uplink: Uplink, on_message: Callable[[SessionMessage], None]) -> ActingSession:
        if not self.key:
            raise KeyMissing("there is no key", fix="get one")
        if self.purse.reached:
            raise BudgetSpent("nothing is left", fix="wait")
        self.sessions.append(ActingSession(uplink, on_message))
        return self.sessions[-1]

    @property
    def state(self) -> State:
        return self.appliance.conversation.state

    @property
    def session(self) -> ActingSession:
        return self.sessions[-1]

    def heard(self) -> Samples:
        return from_bytes(self.cards[0].heard())

    def heard_loud(self) -> int:
        """How many samples of replies and announcements were heard."""
        return int(np.count_nonzero(self.heard() == LOUD))

    def happen(self, *events: Any) -> None:
        for event in events:
            self.appliance.dispatch(event)

    def ask(self) -> ActingSession:
        """Say something, and wait for the reply: turn 1 if it is the first."""
        self.happen(WakeWordDetected("x", 4_000), UtteranceStarted(5_000), UtteranceEnded(12_000))
        self.session.say(SessionOpened())
        assert self.state is State.THINKING
        return self.session

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for what no event tells; the fakes let each other run."""
        async with asyncio.timeout(60):
            while not condition():  # noqa: ASYNC110 - a handful of turns of the loop
                await asyncio.sleep(0)


@asynccontextmanager
async def running(bench: Bench) -> AsyncIterator[Bench]:
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        living = group.create_task(bench.appliance.run())
        await bench.microphone.all_said()
        yield bench
        living.cancel()


def call(id_: str, name: str, **arguments: Any) -> ToolRequested:
    return ToolRequested(ToolCall(id_, name, arguments))


def loud(samples: int) -> bytes:
    return np.full(samples, LOUD, np.int16).tobytes()


def sounds_like(heard: Samples, sound: Sound) -> bool:
    """Whether the earcon was heard as it is, from its first sample to its last."""
    tune = earcon(sound, SPEAKER.rate_hz).tobytes()
    return tune in heard.tobytes()


async def test_what_is_decided_is_told_to_the_journal(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "daemon.appliance.decisions")
    async with running(Bench()) as bench:
        bench.mute_button.press()
        bench.happen(WakeWordDetected("alexa", 4_000))
        assert caplog.messages == ["the wake word alexa is not heeded while muted"]


async def test_a_sound_that_is_not_played_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "daemon.appliance.sounds")
    async with running(Bench()) as bench:
        bench.mute_button.press()
        assert "not played: the speaker is away" not in caplog.messages
        assert bench.cards[0].on_lost
        bench.cards[0].on_lost()
        bench.mute_button.press()
        assert caplog.messages.count("not played: the speaker is away") == 1


async def test_the_model_may_end_the_conversation() -> None:
    async with running(Bench()) as bench:
        bench.ask()
        await bench.farewell.end_conversation()
        bench.session.say(ReplyStarted(1))
        bench.session.say(ReplyComplete(1))
        await bench.until(lambda: sounds_like(bench.heard(), do.Earcon.ASLEEP))
        assert bench.state is State.IDLE


# The session


async def test_a_wake_word_opens_one_session_which_runs_and_the_next_finds_it() -> None:
    async with running(Bench()) as bench:
        bench.happen(WakeWordDetected("x", 4_000))
        await bench.until(lambda: bench.session.running)
        bench.happen(WakeWordDetected("x", 9_000))
        assert len(bench.sessions) == 1


class Sleepy(WavMicrophone):
    """Asks what is wanted, as a driver with a thread does."""

    taker: Any = None

    async def given_to(self, taker: Any) -> AsyncIterator[None]:
        self.taker = taker
        async for _ in super().given_to(taker):
            yield


async def test_periods_matter_while_somebody_is_asking_or_something_rings_and_else_hops_alone() -> None:
    bench = Bench(microphone=Sleepy(quiet(1.0), FORMAT, pace=Pace.CONSUMER, then_silence=True))
    async with running(bench):
        wanted: list[int] = []

        def look(*events: Any) -> None:
            bench.happen(*events)
            wanted.append(min(2, bench.microphone.taker.wanted_frames()))  # type: ignore[attr-defined]

        look()
        look(WakeWordDetected("x", 4_000))
        look(UtteranceStarted(5_000))
        look(UtteranceEnded(12_000))
        bench.session.say(SessionOpened())
        look(ReplyStarted(1))
        look(MuteSwitched(True))
        look(MuteSwitched(False))
        look(RingDue("1"))
        assert wanted == [2, 1, 1, 1, 2, 2, 2, 1]


async def test_the_speaker_is_at_ease_while_nobody_is_spoken_with_and_nothing_is_about_to_be_heard() -> None:
    async with running(Bench()) as bench:
        playout = bench.appliance.playout
        await bench.until(playout.at_ease)
        bench.listener.on_near()
        assert not playout.at_ease(), "a wake word may be complete soon"
        await bench.until(playout.at_ease)
        bench.bell.warn(0.1)
        assert not playout.at_ease(), "something rings soon"
        await bench.until(playout.at_ease)
        bench.happen(WakeWordDetected("x", 4_000))
        await bench.until(playout.at_rest)
        assert not playout.at_ease(), "somebody is asking"


async def test_what_was_captured_from_the_wake_word_on_goes_up_bit_for_bit() -> None:
    async with running(Bench()) as bench:
        messages = [await bench.ask().uplink.next_message()]
        while not isinstance(messages[-1], ActivityEnd):
            messages.append(await bench.session.uplink.next_message())
        assert messages[0] == ActivityStart(1)
        assert messages[-1] == ActivityEnd(1)
        audio = b"".join(message for message in messages if isinstance(message, bytes))
        assert audio == bench.appliance.ring.read(4_000, 12_000).tobytes()
        assert np.any(from_bytes(audio))


async def test_what_a_window_has_left_to_send_waits_while_the_conversation_does_not_let_it_out() -> None:
    async with running(Bench()) as bench:
        uplink = bench.ask().uplink
        assert await uplink.next_message() == ActivityStart(1)
        bench.appliance.conversation.state = State.SPEAKING
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await uplink.next_message()
        bench.appliance.conversation.state = State.THINKING
        assert isinstance(await uplink.next_message(), bytes)


async def test_a_spent_budget_is_heard_and_the_next_request_is_refused_with_its_own_tune() -> None:
    async with running(Bench()) as bench:
        session = bench.ask()
        session.say(ReplyStarted(1))
        bench.purse.reached = True
        session.say(UsageReported(total=9))
        assert bench.diary.all(BudgetReached)
        assert not session.closed
        bench.happen(PlayoutDrained(1, 9, 20_000))
        assert session.closed
        await bench.until(lambda: sounds_like(bench.heard(), Cause.BUDGET))
        bench.happen(WakeWordDetected("x", 30_000))
        lost = await bench.diary.until_happened(SessionLost)
        assert (lost.cause, lost.detail) == (Cause.BUDGET, "nothing is left. Fix: wait")
        assert bench.state is State.IDLE
        assert len(bench.sessions) == 1


async def test_a_warning_waits_until_the_conversation_is_at_rest() -> None:
    async with running(Bench()) as bench:
        session = bench.ask()
        bench.purse.notices.append(Notice.MONTH_NEARLY_SPENT)
        session.say(UsageReported(total=9))
        session.say(ReplyStarted(1))
        assert not bench.diary.all(BudgetNear)
        bench.happen(PlayoutDrained(1, 9, 20_000))
        assert bench.diary.all(BudgetNear) == [BudgetNear(Notice.MONTH_NEARLY_SPENT)]
        await bench.until(lambda: sounds_like(bench.heard(), Notice.MONTH_NEARLY_SPENT))
        bench.purse.notices.append(Notice.DAY_NEARLY_SPENT)
        session.say(UsageReported(total=9))  # what comes late finds it at rest
        assert len(bench.diary.all(BudgetNear)) == 2


async def test_a_missing_key_is_announced_and_the_next_attempt_looks_for_it_again() -> None:
    async with running(Bench(key=False)) as bench:
        bench.happen(WakeWordDetected("x", 4_000))
        lost = await bench.diary.until_happened(SessionLost)
        assert lost.cause is Cause.KEY_MISSING
        assert "there is no key" in lost.detail
        await bench.until(lambda: bench.heard_loud() == 2_400)
        assert sounds_like(bench.heard(), Cause.KEY_MISSING)
        assert bench.indicator.shown[-1] == "failed"
        bench.key = True
        assert bench.ask().closed is False


async def test_whatever_goes_wrong_in_making_a_session_is_told_and_the_next_attempt_is_like_any(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: Any) -> ActingSession:
        raise UnicodeError("SAID")

    bench = Bench()
    bench.appliance = Appliance(replace(bench.parts(), make_session=broken))
    async with running(bench) as bench:
        bench.appliance._dialling._redial._random = lambda: 0.0
        bench.happen(WakeWordDetected("x", 4_000))
        await bench.until(lambda: bench.state is State.IDLE)
        await bench.until(lambda: sounds_like(bench.heard(), Cause.LOST))
    assert "no session: it cannot be made (UnicodeError at test_appliance.py:" in caplog.text
    assert "SAID" not in caplog.text


async def test_a_service_that_ends_each_session_as_soon_as_it_is_open_is_given_up() -> None:
    async with running(Bench()) as bench:
        bench.appliance._dialling._redial._random = lambda: 0.0
        bench.happen(WakeWordDetected("x", 4_000))
        for _ in range(100):
            if bench.state is State.IDLE:
                break
            session = bench.session
            if session.running and not session.closed:
                session.say(SessionOpened())
                session.say(SessionEnding(50.0))
            for _ in range(20):
                await asyncio.sleep(0)
        assert bench.state is State.IDLE
        assert sum(session.running for session in bench.sessions) == BUDGET
        await bench.until(lambda: sounds_like(bench.heard(), Cause.OVERLOADED))


async def test_a_stop_closes_the_session_and_lets_it_say_goodbye() -> None:
    async with running(Bench()) as bench:
        session = bench.ask()
    assert session.closed
    assert session.said_goodbye


async def test_a_session_is_opened_only_when_the_one_before_has_said_goodbye() -> None:
    """The service resumes no session whose socket is still open (sip-to-ai PR#14)."""
    async with running(Bench()) as bench:
        bench.happen(WakeWordDetected("x", 4_000))
        old = bench.session
        old.say(SessionOpened())
        bench.happen(SessionEnding(50.0))
        new = bench.session
        assert new is not old
        while not new.running:
            said_goodbye = old.said_goodbye
            await asyncio.sleep(0)
        assert said_goodbye


# The reply


async def test_a_reply_is_heard_to_its_end_and_late_audio_of_another_turn_is_not() -> None:
    async with running(Bench()) as bench:
        session = bench.ask()
        loud = np.full(7_200, LOUD, np.int16).tobytes()
        session.say(ReplyAudio(0, loud))
        session.say(ReplyStarted(1))
        session.say(ReplyAudio(1, loud))
        session.say(ReplyAudio(2, loud))
        session.say(ReplyComplete(1))
        drained = await bench.diary.until_happened(PlayoutDrained)
        assert (drained.turn, drained.heard_samples) == (1, 7_200)
        assert bench.state is State.IDLE
        session.say(ReplyAudio(1, loud))
        bench.happen(WakeWordDetected("x", 14_000))
        await bench.until(lambda: bench.heard().tobytes().count(AWAKE) == 2)
        assert bench.heard_loud() == 7_200


async def test_a_reply_in_another_rate_is_resampled() -> None:
    async with running(Bench()) as bench:
        session = bench.ask()
        session.say(ReplyStarted(1))
        session.say(ReplyAudio(1, np.full(4_800, LOUD, np.int16).tobytes(), 48_000))
        session.say(ReplyComplete(1))
        drained = await bench.diary.until_happened(PlayoutDrained)
        assert drained.heard_samples == pytest.approx(2_400, abs=2)


async def test_the_button_cuts_the_reply_off_in_the_queue_and_in_the_card() -> None:
    async with running(Bench()) as bench:
        session = bench.ask()
        session.say(ReplyStarted(1))
        session.say(ReplyAudio(1, np.full(480_000, LOUD, np.int16).tobytes()))
        await bench.until(lambda: bench.heard_loud() > 0)
        bench.button.press()
        assert bench.cards[0].drops == 1
        bench.button.release(50)
        await bench.until(lambda: sounds_like(bench.heard(), do.Earcon.STOPPED))
        assert bench.heard_loud() < 480_000


# Tools


async def test_a_tool_runs_once_and_is_answered_to_the_session_that_asked() -> None:
    async with running(Bench()) as bench:
        session = bench.ask()
        session.say(call("c1", "note", word="hello"))
        await bench.diary.until_happened(ToolFinished)
        assert session.answers == [("c1", {"ok": True, "word": "hello"})]
        assert bench.tools.runs == ["hello"]


async def test_pictures_are_shown_after_the_answer_that_tells_of_them_left_and_not_after_an_error() -> None:
    bench = Bench()
    bench.appliance = Appliance(bench.parts(showing=frozenset({"note", "stumble"})))
    async with running(bench):
        session = bench.ask()
        session.say(call("c1", "stumble"))
        await bench.diary.until_happened(ToolFinished)
        assert bench.album.shown == []
        session.say(call("c2", "note", word="hello"))
        assert bench.album.shown == []
        await bench.diary.until_happened(ToolFinished, times=2)
        assert session.answers[-1][0] == "c2"
        assert bench.album.shown == [1]


async def test_without_a_camera_a_tool_that_has_the_name_of_one_shows_nothing() -> None:
    bench = Bench()
    parts = bench.parts(showing=frozenset({"note"}))
    bench.appliance = Appliance(replace(parts, viewfinder=None))
    async with running(bench):
        bench.ask().say(call("c1", "note", word="hello"))
        await bench.diary.until_happened(ToolFinished)
        assert bench.state is State.THINKING


async def test_the_light_shows_that_the_camera_is_on() -> None:
    async with running(Bench()) as bench:
        assert bench.album.report is not None
        bench.album.report(CameraSwitched(on=True))
        assert bench.indicator.shown[-1] == "watching"


async def test_a_tool_that_raises_and_one_that_does_not_exist_are_answered_too() -> None:
    async with running(Bench()) as bench:
        session = bench.ask()
        session.say(call("c1", "stumble"))
        session.say(call("c2", "sing"))
        await bench.diary.until_happened(ToolFinished, times=2)
        answers = dict(session.answers)
        assert "internal fault" in answers["c1"]["error"]
        assert "no function" in answers["c2"]["error"]
        assert bench.state is State.THINKING


async def test_two_calls_with_one_id_do_not_end_the_appliance() -> None:
    async with running(Bench()) as bench:
        session = bench.ask()
        session.say(call("", "note", word="one"))
        session.say(call("", "note", word="two"))
        await bench.diary.until_happened(ToolFinished, times=2)
        assert bench.tools.runs == ["one", "two"]


async def test_a_cancelled_call_is_stopped_and_not_answered() -> None:
    async with running(Bench()) as bench:
        session = bench.ask()
        session.say(call("c1", "dawdle", word="first"))
        session.say(call("c2", "dawdle", word="second"))
        await bench.until(lambda: len(bench.tools.runs) == 2)
        session.say(ToolCancelled(("c1", "of another time")))
        await bench.until(lambda: bench.tools.cancelled == ["first"])
        bench.tools.may_end.set()
        await bench.diary.until_happened(ToolFinished)
        assert [id_ for id_, _ in session.answers] == ["c2"]


async def test_a_call_that_comes_when_nobody_waits_is_refused_without_running() -> None:
    async with running(Bench()) as bench:
        session = bench.ask()
        session.say(ReplyComplete(1))
        assert bench.state is State.IDLE
        session.say(call("c1", "note", word="late"))
        ((id_, response),) = session.answers
        assert id_ == "c1"
        assert "not waiting" in response["error"]
        assert bench.tools.runs == []


async def test_an_answer_goes_to_the_session_that_asked_though_another_has_taken_its_place() -> None:
    async with running(Bench()) as bench:
        asked = bench.ask()
        bench.appliance._perform(do.RunTool(ToolCall("c1", "dawdle", {"word": "slow"})))
        await bench.until(lambda: bench.tools.runs == ["slow"])
        bench.appliance._perform(do.CloseSession())
        bench.appliance._perform(do.OpenSession())
        bench.tools.may_end.set()
        await bench.diary.until_happened(ToolFinished)
        assert len(bench.sessions) == 2
        assert [id_ for id_, _ in asked.answers] == ["c1"]
        assert bench.session.answers == []


async def test_a_stop_cancels_the_tools_that_run() -> None:
    async with running(Bench()) as bench:
        bench.ask().say(call("c1", "dawdle", word="endless"))
        await bench.until(lambda: bench.tools.runs == ["endless"])
    assert bench.tools.cancelled == ["endless"]


# Ears, light, earcons, timers


async def test_speech_is_watched_for_from_the_wake_word_on_and_no_longer_than_needed() -> None:
    async with running(Bench()) as bench:
        bench.happen(WakeWordDetected("x", 4_000))
        await bench.until(lambda: bench.listener.watching)
        assert bench.listener.watches == [4_000]
        bench.happen(UtteranceStarted(5_000), UtteranceEnded(12_000))
        await bench.until(lambda: not bench.listener.watching)


async def test_light_and_earcons_follow_the_conversation() -> None:
    async with running(Bench()) as bench:
        bench.ask()
        assert list(bench.indicator.shown) == ["listening", "hearing", "thinking"]
        await bench.until(lambda: sounds_like(bench.heard(), do.Earcon.HEARD))
        assert sounds_like(bench.heard(), do.Earcon.AWAKE)


async def test_nothing_said_ends_the_listening_when_its_timer_expires() -> None:
    bench = Bench()
    bench.appliance = Appliance(bench.parts(nothing_said_s=0.01))
    async with running(bench):
        bench.happen(WakeWordDetected("x", 4_000))
        assert bench.state is State.LISTENING
        await bench.diary.until(lambda: bench.state is State.IDLE)
        assert bench.session.closed
        await bench.until(lambda: sounds_like(bench.heard(), do.Earcon.ASLEEP))


async def test_it_hears_once_the_first_audio_was_judged() -> None:
    bench = Bench()
    assert not bench.appliance.hearing.is_set()
    async with running(bench):
        await bench.appliance.hearing.wait()
        assert bench.listener.judged > 0


def test_the_ring_holds_the_longest_wait_the_longest_utterance_and_the_slowest_session() -> None:
    rules = Rules(nothing_said_s=1, longest_utterance_s=2, reply_deadline_s=4)
    assert ring_capacity(rules) == 7 * 16_000
    assert Bench().appliance.ring.start == 0


# The household's hands, and a microphone that goes away


async def test_the_button_tells_where_the_microphone_was() -> None:
    async with running(Bench()) as bench:
        before = bench.appliance.ring.end
        bench.button.press()
        bench.button.release(250)
        assert bench.diary.events[-2:] == [ButtonPressed(before), ButtonReleased(before, 250)]
        assert before >= CAPTURED


async def test_a_button_pressed_before_everything_is_open_does_nothing() -> None:
    class SlowMicrophone(WavMicrophone):
        async def __aenter__(self) -> SlowMicrophone:
            bench.button.press()
            bench.mute_button.press()
            return self

    bench = Bench(microphone=SlowMicrophone(quiet(1.0), FORMAT, pace=Pace.CONSUMER, then_silence=True))
    async with running(bench):
        assert bench.state is State.IDLE
        bench.button.press()
        assert bench.state is State.LISTENING


async def test_what_a_switch_keeps_closed_nothing_else_opens(caplog: pytest.LogCaptureFixture) -> None:
    async with running(Bench()) as bench:
        bench.appliance.hold_mute(True)
        assert bench.state is State.MUTED
        bench.mute_button.press()
        bench.appliance.mute(muted=False)
        assert bench.state is State.MUTED
        assert caplog.text.count("the microphone stays closed: its switch is on") == 2
        bench.appliance.hold_mute(False)
        assert bench.state is State.IDLE
        bench.mute_button.press()
        assert bench.state is State.MUTED
        bench.mute_button.press()
        assert bench.state is State.IDLE


async def test_mute_closes_the_microphone_before_anything_else_and_then_the_session() -> None:
    class ProudMicrophone(WavMicrophone):
        def mute(self, muted: bool) -> None:
            seen.append((muted, bench.state, bench.session.closed))
            super().mute(muted)

    seen: list[tuple[bool, State, bool]] = []
    bench = Bench(microphone=ProudMicrophone(quiet(1.0), FORMAT, pace=Pace.CONSUMER, then_silence=True))
    async with running(bench):
        session = bench.ask()
        bench.appliance.mute(muted=True)
        assert seen == [(True, State.THINKING, False)]
        assert bench.diary.events[-1] == MuteSwitched(True)
        assert bench.state is State.MUTED
        assert session.closed


async def test_pressing_the_mute_button_twice_is_as_before() -> None:
    async with running(Bench()) as bench:
        bench.mute_button.press()
        muted = bench.state
        bench.mute_button.press()
        assert (muted, bench.state) == (State.MUTED, State.IDLE)
        assert bench.diary.all(MuteSwitched) == [MuteSwitched(True), MuteSwitched(False)]
        assert bench.microphone._muted is False


async def test_a_microphone_that_goes_away_and_comes_back_is_told() -> None:
    async with running(Bench()) as bench:
        bench.microphone.unplug()
        assert bench.diary.events == [MicrophoneLost()]
        assert bench.indicator.shown[-1] == "failed"
        bench.microphone.replug()
        await bench.diary.until_happened(MicrophoneRestored)
        assert bench.indicator.shown[-1] == "idle"


async def test_a_microphone_that_comes_and_goes_all_night_is_heard_of_once() -> None:
    async with running(Bench()) as bench:
        for _ in range(60):
            bench.microphone.unplug()
            bench.microphone.replug()
            await bench.diary.until(lambda: bench.diary.events[-1] == MicrophoneRestored())
        assert bench.diary.commands.count(do.PlayEarcon(do.Earcon.MICROPHONE_LOST)) == 1
        assert bench.diary.all(MicrophoneLost) == [MicrophoneLost(), *[MicrophoneLost(again=True)] * 59]


async def test_zeros_from_the_microphone_are_told_and_those_of_our_own_mute_are_not() -> None:
    zeros = np.zeros(6 * 16_000, np.int16)
    async with running(Bench()) as bench:
        bench.mute_button.press()
        bench.microphone.say(zeros)
        await bench.microphone.all_said()
        bench.mute_button.press()
        assert bench.diary.all(SoundVanished) == []
        bench.microphone.say(zeros)
        await bench.diary.until_happened(SoundVanished)
        await bench.microphone.all_said()
        assert bench.diary.all(SoundVanished) == [SoundVanished()]
        assert bench.microphone.counters.reopened == 1


# The speaker


async def test_a_speaker_that_goes_away_under_a_reply_leaves_only_what_was_heard() -> None:
    async with running(Bench()) as bench:
        session = bench.ask()
        session.say(ReplyStarted(1))
        session.say(ReplyAudio(1, loud(60 * 24_000), 24_000))
        await bench.until(lambda: bench.heard_loud() > 0)
        bench.cards[0].unplug()
        heard = bench.heard_loud()
        assert bench.indicator.shown[-1] == "failed"
        session.say(ReplyComplete(1))
        bench.happen(TimerExpired(Timer.SPEAKING))
        assert bench.state is State.IDLE
        assert session.closed
        assert not bench.diary.all(PlayoutDrained)
        assert bench.appliance.playout.heard_samples(1) == heard < 60 * 24_000


async def test_a_reply_of_which_the_rest_went_with_the_speaker_ends_at_once_with_what_was_heard() -> None:
    async with running(Bench()) as bench:
        session = bench.ask()
        session.say(ReplyStarted(1))
        session.say(ReplyAudio(1, loud(24_000), 24_000))
        session.say(ReplyComplete(1))
        await bench.until(lambda: bench.heard_loud() > 23_000)
        bench.cards[0].unplug()
        drained = await bench.diary.until_happened(PlayoutDrained)
        assert drained.heard_samples == bench.heard_loud() < 24_000
        assert bench.state is State.IDLE


async def test_a_speaker_that_is_back_says_so_and_nothing_that_was_to_be_said_meanwhile() -> None:
    async with running(Bench(key=False)) as bench:
        bench.cards[0].unplug()
        bench.happen(WakeWordDetected("x", 4_000))
        await bench.diary.until_happened(SessionLost)
        bench.cards[0].replug()
        await bench.until(lambda: sounds_like(bench.heard(), Notice.SPEAKER_BACK))
        await bench.until(lambda: bench.heard_loud() == 2_400)
        assert not sounds_like(bench.heard(), Cause.KEY_MISSING)
        assert not sounds_like(bench.heard(), do.Earcon.AWAKE)


async def test_a_speaker_that_comes_and_goes_tells_its_return_once() -> None:
    async with running(Bench()) as bench:
        for _ in range(20):
            bench.cards[0].unplug()
            bench.cards[0].replug()
        assert bench.diary.commands.count(do.Announce(Notice.SPEAKER_BACK)) == 1
        assert bench.diary.all(SpeakerLost) == [SpeakerLost()] * 20
        assert bench.indicator.shown[-1] == "idle"


async def test_a_microphone_that_fails_ends_it_with_the_session_closed() -> None:
    class BrokenMicrophone(WavMicrophone):
        async def periods(self) -> AsyncIterator[bytes]:
            yield bytes(FORMAT.period_bytes)
            bench.happen(WakeWordDetected("x", 0))
            raise OSError("no such device")

    bench = Bench(microphone=BrokenMicrophone(b"", FORMAT))
    async with asyncio.timeout(60):
        with pytest.raises(ExceptionGroup) as failure:
            await bench.appliance.run()
    assert failure.group_contains(OSError, match="no such device")
    assert bench.session.closed


async def test_it_ends_with_a_recording_that_ends() -> None:
    bench = Bench(microphone=WavMicrophone(quiet(0.5), FORMAT, pace=Pace.CONSUMER))
    async with asyncio.timeout(60):
        await bench.appliance.run()
    assert bench.listener.judged == bench.appliance.ring.end == 8_000
    assert bench.diary.heard_samples == 8_000
