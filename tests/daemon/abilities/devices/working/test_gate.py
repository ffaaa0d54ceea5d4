"""The bounds of promise 6: each by itself, and all of them over any sequence of requests and times."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.abilities.devices.settings import DeviceSettings
from daemon.abilities.devices.working.bounds import Limits, Refused
from daemon.abilities.devices.working.gate import RETRY_S, Gate
from hardware.base import OutputState
from hardware.errors import HardwareError
from tests.daemon.tools.outputs import Bounds, Clock, Pretended


def gate_for(output: Pretended, clock: Clock, limits: Limits | None = None) -> Gate:
    return Gate([(output, limits or Bounds())], now=clock, schedule=clock.schedule)


def test_on_and_off(clock: Clock) -> None:
    lamp = Pretended()
    gate = gate_for(lamp, clock)
    gate.switch("lamp", True)
    assert gate.read("lamp") == OutputState(on=True)
    gate.switch("lamp", False)
    assert gate.read("lamp") == OutputState(on=False)


def test_only_the_makers_devices(clock: Clock) -> None:
    gate = gate_for(Pretended(), clock)
    for act in (lambda: gate.switch("door", True), lambda: gate.set_level("door", 0.5), lambda: gate.read("door")):
        with pytest.raises(Refused, match=r'there is no device "door". Fix: the devices are: lamp'):
            act()


def test_the_limits_of_the_settings_fit(clock: Clock) -> None:
    limits = DeviceSettings(name="lamp", kind="relay", pin=17, max_on_s=5)
    gate = gate_for(Pretended(), clock, limits)
    gate.switch("lamp", True)
    assert gate.seconds_left("lamp") == 5


def test_it_is_turned_off_when_its_time_is_over(clock: Clock) -> None:
    lamp = Pretended()
    gate = gate_for(lamp, clock, Bounds(max_on_s=600))
    assert gate.seconds_left("lamp") is None
    gate.switch("lamp", True)
    clock.step(599)
    assert lamp.state.on
    assert gate.seconds_left("lamp") == 1
    clock.step(1)
    assert not lamp.state.on
    assert gate.seconds_left("lamp") is None


def test_asking_again_does_not_prolong_its_time(clock: Clock) -> None:
    lamp = Pretended(dimmable=True)
    gate = gate_for(lamp, clock, Bounds(max_on_s=10))
    gate.switch("lamp", True)
    clock.step(6)
    gate.switch("lamp", True)
    gate.set_level("lamp", 0.4)
    assert gate.seconds_left("lamp") == 4
    clock.step(4)
    assert not lamp.state.on


def test_turning_off_and_on_begins_a_new_time(clock: Clock) -> None:
    lamp = Pretended()
    gate = gate_for(lamp, clock, Bounds(max_on_s=10))
    gate.switch("lamp", True)
    clock.step(6)
    gate.switch("lamp", False)
    assert clock.pending() == []
    gate.switch("lamp", True)
    clock.step(6)
    assert lamp.state.on
    clock.step(4)
    assert not lamp.state.on


def test_a_device_that_starts_on_is_limited_too(clock: Clock) -> None:
    lamp = Pretended(state=OutputState(on=True))
    gate_for(lamp, clock, Bounds(max_on_s=10))
    clock.step(10)
    assert not lamp.state.on


def test_a_pin_that_fails_when_its_time_is_over_is_tried_again(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    lamp = Pretended()
    gate = gate_for(lamp, clock, Bounds(max_on_s=10))
    gate.switch("lamp", True)
    lamp.broken = True
    clock.step(10 + RETRY_S)
    assert "lamp could not be turned off after 10 s, its longest time: pin of lamp failed" in caplog.text
    lamp.broken = False
    clock.step(RETRY_S)
    assert not lamp.state.on
    assert clock.pending() == []


def test_a_device_that_does_not_turn_off_is_tried_again(clock: Clock) -> None:
    lamp = Pretended(stuck_on=True)
    gate = gate_for(lamp, clock, Bounds(max_on_s=10))
    gate.switch("lamp", True)
    with pytest.raises(HardwareError, match='"lamp" does not turn off'):
        gate.switch("lamp", False)
    clock.step(30)
    lamp.stuck_on = False
    clock.step(RETRY_S)
    assert not lamp.state.on


def test_a_pin_that_fails_when_turned_on_is_limited_all_the_same(clock: Clock) -> None:
    lamp = Pretended(broken=True)
    gate = gate_for(lamp, clock, Bounds(max_on_s=10))
    with pytest.raises(HardwareError):
        gate.switch("lamp", True)
    lamp.broken, lamp.state = False, OutputState(on=True)  # it did turn on
    clock.step(10)
    assert not lamp.state.on


def test_it_rests_before_it_is_turned_on_again(clock: Clock) -> None:
    gate = gate_for(lamp := Pretended(), clock, Bounds(min_off_s=60))
    clock.step(60)
    gate.switch("lamp", True)
    gate.switch("lamp", False)
    clock.step(59.5)
    with pytest.raises(Refused, match=r'"lamp" must stay off for at least 60 s. Fix: try again in 1 s'):
        gate.switch("lamp", True)
    clock.step(0.5)
    gate.switch("lamp", True)
    assert lamp.state.on


def test_the_rest_counts_from_the_start_because_nobody_knows_what_was_before(clock: Clock) -> None:
    gate = gate_for(Pretended(), clock, Bounds(min_off_s=60))
    with pytest.raises(Refused, match="try again in 60 s"):
        gate.switch("lamp", True)


def test_a_level_is_a_way_of_turning_on(clock: Clock) -> None:
    gate = gate_for(Pretended(dimmable=True), clock, Bounds(min_off_s=60))
    with pytest.raises(Refused, match="must stay off"):
        gate.set_level("lamp", 0.5)


def test_levels_within_bounds(clock: Clock) -> None:
    lamp = Pretended(dimmable=True)
    gate = gate_for(lamp, clock, Bounds(min_level=0.2, max_level=0.8))
    for level in (0.2, 0.5, 0.8, 0.0):
        gate.set_level("lamp", level)
        assert gate.read("lamp") == OutputState(on=level > 0, level=level)
    for level in (0.19, 0.81, 1.0, -0.1, float("nan")):
        with pytest.raises(
            Refused, match=r'"lamp" can be set to 20% to 80%, or 0, not to .*choose a level from 20% to'
        ):
            gate.set_level("lamp", level)
    assert lamp.state.level == 0.0


def test_on_is_the_last_level_and_at_first_the_highest_allowed(clock: Clock) -> None:
    lamp = Pretended(dimmable=True)
    gate = gate_for(lamp, clock, Bounds(max_level=0.6))
    gate.switch("lamp", True)
    assert lamp.state.level == 0.6
    gate.set_level("lamp", 0.3)
    gate.switch("lamp", False)
    gate.switch("lamp", True)
    assert lamp.state.level == 0.3


def test_what_cannot_be_dimmed_has_no_levels(clock: Clock) -> None:
    lamp = Pretended()
    gate = gate_for(lamp, clock)
    with pytest.raises(Refused, match='"lamp" cannot be dimmed'):
        gate.set_level("lamp", 0.5)
    assert lamp.history == []


def test_so_many_switches_a_minute(clock: Clock) -> None:
    gate = gate_for(Pretended(), clock, Bounds(max_switches_per_minute=4))
    for on in (True, False, True, False):
        gate.switch("lamp", on)
        clock.step(1)
    with pytest.raises(Refused, match=r'"lamp" may be switched 4 times a minute at most. Fix: try again in 57 s'):
        gate.switch("lamp", True)
    clock.step(57)
    gate.switch("lamp", True)


def test_turning_off_is_always_possible_even_at_the_rate_limit(clock: Clock) -> None:
    lamp = Pretended(dimmable=True)
    gate = gate_for(lamp, clock, Bounds(max_switches_per_minute=3))
    gate.switch("lamp", True)
    gate.set_level("lamp", 0.5)
    with pytest.raises(Refused, match="3 times a minute"):
        gate.set_level("lamp", 0.6)
    gate.switch("lamp", False)
    assert not lamp.state.on


def test_what_changes_nothing_is_no_switch(clock: Clock) -> None:
    lamp = Pretended(dimmable=True)
    gate = gate_for(lamp, clock, Bounds(max_switches_per_minute=3))
    for _ in range(10):
        gate.switch("lamp", True)
        gate.set_level("lamp", 1.0)
    assert lamp.history == [1.0]


def test_a_device_turned_on_by_someone_else_is_limited_from_when_it_is_seen(clock: Clock) -> None:
    lamp = Pretended()
    gate = gate_for(lamp, clock, Bounds(max_on_s=10))
    lamp.state = OutputState(on=True)
    gate.read("lamp")
    clock.step(10)
    assert not lamp.state.on


def pulsed(gate: Gate, seconds: float = 1.0, times: int = 1) -> None:
    with gate.held("lamp", times=times, seconds=seconds, pause_s=0.5):
        pass


def changed_since(gate: Gate) -> None:
    before = gate.mark("lamp")
    gate.switch("lamp", True)
    gate.restore("lamp", before, before)


def in_the_midst_of_a_pulse(gate: Gate) -> None:
    with gate.held("lamp", times=1, seconds=1.0, pause_s=0.5):
        gate.switch("lamp", True)


def while_it_is_on(gate: Gate) -> None:
    gate.switch("lamp", True)
    pulsed(gate)


def switched_often(gate: Gate) -> None:
    for on in (True, False, True):
        gate.switch("lamp", on)


@pytest.mark.parametrize(
    ("act", "bounds", "told"),
    [
        (lambda gate: gate.read("SAID"), {}, "refused: no device has that name, of 1"),
        (
            lambda gate: gate.switch("lamp", True),
            {"min_off_s": 60},
            "lamp is not turned on: off for 0.0 s, of 60.0 at least",
        ),
        (
            switched_often,
            {"max_switches_per_minute": 3},
            "lamp is not switched: 2 times in a minute, 2 more, of 3 at most",
        ),
        (
            lambda gate: pulsed(gate, times=4),
            {"max_switches_per_minute": 3},
            "lamp is not switched: 8 times in one go, of 3 a minute at most",
        ),
        (
            lambda gate: gate.set_level("lamp", 0.9),
            {"max_level": 0.8},
            "lamp is not set to 0.90: its levels are 0.00 to 0.80",
        ),
        (lambda gate: pulsed(gate, 9.0), {"max_on_s": 5}, "lamp is not pulsed: 9.0 s each, of 5.0 at most"),
        (
            lambda gate: pulsed(gate, times=2),
            {"min_off_s": 2},
            "lamp is not pulsed: 0.5 s between two, of 2.0 at least",
        ),
        (while_it_is_on, {}, "lamp is not pulsed: it is on"),
        (in_the_midst_of_a_pulse, {}, "lamp is left alone: it is being pulsed"),
        (changed_since, {}, "lamp is not put back: something has changed it since"),
    ],
)
def test_each_refusal_is_told_once_with_its_figures(
    act: Callable[[Gate], object], bounds: dict[str, Any], told: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with pytest.raises(Refused):
        act(gate_for(Pretended(dimmable=True), clock, Bounds(**bounds)))
    assert caplog.messages == [told]


def test_what_is_done_is_no_refusal(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    gate = gate_for(Pretended(dimmable=True), clock)
    pulsed(gate)
    gate.set_level("lamp", 0.5)
    gate.switch("lamp", False)
    assert caplog.messages == []
    with pytest.raises(Refused):
        gate_for(Pretended(), clock).set_level("lamp", 0.5)
    assert caplog.messages == ["lamp is not set to a level: it cannot be dimmed"]


class TestRestoring:
    """Undoing a change: the state before it, within the bounds, unless something else has happened since."""

    def test_on_and_off_and_the_level_that_was_set_before(self, clock: Clock) -> None:
        lamp = Pretended(dimmable=True)
        gate = gate_for(lamp, clock)
        off = gate.mark("lamp")
        gate.set_level("lamp", 0.3)
        dim = gate.mark("lamp")
        gate.set_level("lamp", 0.9)
        bright = gate.mark("lamp")
        gate.restore("lamp", dim, bright)
        assert lamp.state == OutputState(on=True, level=0.3)
        gate.restore("lamp", off, dim)
        assert not lamp.state.on
        gate.switch("lamp", True)
        assert lamp.state.level == 1.0, "the level of before, too"

    def test_what_was_on_is_on_again(self, clock: Clock) -> None:
        lamp = Pretended(dimmable=True)
        gate = gate_for(lamp, clock)
        gate.set_level("lamp", 0.3)
        before = gate.mark("lamp")
        gate.switch("lamp", False)
        gate.restore("lamp", before, gate.mark("lamp"))
        assert lamp.state == OutputState(on=True, level=0.3)

    @pytest.mark.parametrize("by", ["a call", "itself", "someone else"])
    def test_what_something_else_has_changed_stays(self, clock: Clock, by: str) -> None:
        lamp = Pretended()
        gate = gate_for(lamp, clock, Bounds(max_on_s=10))
        before = gate.mark("lamp")
        gate.switch("lamp", True)
        after = gate.mark("lamp")
        match by:
            case "a call":
                gate.switch("lamp", False)
                gate.switch("lamp", True)
            case "itself":
                clock.step(10)
                gate.switch("lamp", True)
            case _:
                lamp.state = OutputState(on=False)
                gate.read("lamp")
                lamp.state = OutputState(on=True)
        with pytest.raises(Refused, match='"lamp" has been changed since'):
            gate.restore("lamp", before, after)
        assert lamp.state.on

    def test_the_bounds_hold(self, clock: Clock) -> None:
        lamp = Pretended()
        gate = gate_for(lamp, clock, Bounds(min_off_s=60))
        clock.step(60)
        gate.switch("lamp", True)
        before = gate.mark("lamp")
        gate.switch("lamp", False)
        after = gate.mark("lamp")
        with pytest.raises(Refused, match="must stay off for at least 60 s"):
            gate.restore("lamp", before, after)
        assert not lamp.state.on
        clock.step(60)
        gate.restore("lamp", before, after)
        assert lamp.state.on

    def test_the_rate_limit_holds(self, clock: Clock) -> None:
        gate = gate_for(Pretended(dimmable=True), clock, Bounds(max_switches_per_minute=3))
        gate.set_level("lamp", 0.3)
        before = gate.mark("lamp")
        gate.set_level("lamp", 0.6)
        with pytest.raises(Refused, match="3 times a minute"):
            gate.restore("lamp", before, gate.mark("lamp"))

    def test_it_is_limited_anew(self, clock: Clock) -> None:
        lamp = Pretended()
        gate = gate_for(lamp, clock, Bounds(max_on_s=10))
        gate.switch("lamp", True)
        before = gate.mark("lamp")
        gate.switch("lamp", False)
        gate.restore("lamp", before, gate.mark("lamp"))
        assert gate.seconds_left("lamp") == 10
        clock.step(10)
        assert not lamp.state.on


def test_closing_forgets_what_was_planned(clock: Clock) -> None:
    gate = gate_for(Pretended(), clock, Bounds(max_on_s=10))
    gate.switch("lamp", True)
    gate.close()
    assert clock.pending() == []


LIMITS = st.builds(
    Bounds,
    max_on_s=st.sampled_from([0.0, 0.5, 7.0, 90.0]),
    min_off_s=st.sampled_from([0.0, 0.5, 5.0, 70.0]),
    min_level=st.sampled_from([0.0, 0.25]),
    max_level=st.sampled_from([0.25, 0.75, 1.0]),
    max_switches_per_minute=st.integers(2, 6),
)
REQUESTS = st.one_of(
    st.booleans(),
    st.floats(-0.2, 1.2),
    st.sampled_from([0.0, 0.25, 0.75, 1.0]),
    st.sampled_from(["step 0.3", "step 2", "step 5", "step 30", "step 61", "undo"]),
)


@settings(max_examples=300, deadline=None)
@given(limits=LIMITS, dimmable=st.booleans(), starts_on=st.booleans(), requests=st.lists(REQUESTS, max_size=40))
def test_no_sequence_of_requests_and_times_leaves_the_bounds(
    limits: Bounds, dimmable: bool, starts_on: bool, requests: list[bool | float | str]
) -> None:
    clock = Clock()
    level = limits.max_level if dimmable else None
    output = Recorded(clock, OutputState(on=starts_on, level=level if starts_on else None), dimmable=dimmable)
    gate = gate_for(output, clock, limits)
    before = after = gate.mark("lamp")
    for request in requests:
        if not isinstance(request, str):
            before = gate.mark("lamp")
        match request:
            case "undo":
                with suppress(Refused):
                    gate.restore("lamp", before, after)
            case str():
                clock.step(float(request.removeprefix("step ")))
            case bool():
                with suppress(Refused):
                    gate.switch("lamp", request)
                assert request or not output.state.on, "turning off is never refused"
            case float():
                with suppress(Refused):
                    gate.set_level("lamp", request)
        after = gate.mark("lamp")
    clock.step(limits.max_on_s)
    output.check(limits, starts_on=starts_on)


class Recorded(Pretended):
    """Writes down every change with its time."""

    def __init__(self, clock: Clock, state: OutputState, *, dimmable: bool) -> None:
        super().__init__(dimmable=dimmable, state=state)
        self.clock = clock
        self.started = clock.now
        self.changes: list[tuple[float, OutputState]] = []

    def _write(self, level: float) -> None:
        before = self.state
        super()._write(level)
        if before != self.state and (before.on or self.state.on):
            self.changes.append((self.clock.now, self.state))

    def check(self, limits: Bounds, *, starts_on: bool) -> None:
        on, since = starts_on, self.started
        for at, state in self.changes:
            if state.on and not on:
                assert at - since >= limits.min_off_s - 1e-6
            if on and limits.max_on_s:
                assert at - since <= limits.max_on_s + 1e-6
            if state.on and state.level is not None:
                assert limits.min_level - 1e-6 <= state.level <= limits.max_level + 1e-6
            if state.on != on:
                on, since = state.on, at
        assert not (on and limits.max_on_s and self.clock.now - since > limits.max_on_s + 1e-6)
        times = [at for at, _ in self.changes]
        for first, last in zip(times, times[limits.max_switches_per_minute :], strict=False):
            assert last - first >= 60 - 1e-6


def test_who_watches_is_told_of_each_change_by_whomever_after_it_has_happened(clock: Clock) -> None:
    lamp = Pretended(dimmable=True)
    gate = gate_for(lamp, clock, Bounds(max_on_s=5))
    told: list[tuple[str, bool, float | None]] = []
    gate.watch(lambda name: told.append((name, lamp.state.on, lamp.state.level)))
    gate.set_level("lamp", 0.5)
    gate.set_level("lamp", 0.5)
    gate.set_level("lamp", 0.7)
    clock.step(5)
    gate.switch("lamp", False)
    lamp.state = OutputState(on=True, level=1.0)  # somebody outside
    gate.read("lamp")
    gate.read("lamp")
    assert told == [("lamp", True, 0.5), ("lamp", True, 0.7), ("lamp", False, 0.0), ("lamp", True, 1.0)]
