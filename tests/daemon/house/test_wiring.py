"""From the settings' pins to devices on mock pins, and on the lines of a chip that remembers what they were."""

from __future__ import annotations

import sys
from contextlib import AsyncExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any, cast

import pytest

from daemon.abilities.devices.working.gate import Gate, Refused
from daemon.abilities.devices.working.on_times import Boot
from daemon.conversation.events import ReplyStarted
from daemon.conversation.exchange import State
from daemon.conversation.messages import Transcribed
from daemon.conversation.situation import Situation
from daemon.conversation.tool_call import ToolCall
from daemon.errors import HardwareError
from daemon.house.settings import Settings
from daemon.house.wiring import claimed_output, gpio_pins, make_safe, wired
from daemon.state.store import FILE, Store
from daemon.tools.undo import Undo
from hardware.fake_board import Board
from hardware.fake_lgpio import FakeLgpio, in_place_of_lgpio
from hardware.header.lines import header_factory
from tests.daemon.tools.outputs import Clock
from tests.hardware.kernel.tree import thermometer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from daemon.house.wiring import Pins, Wiring
    from hardware.fake_board import Level
    from hardware.header.factory import PinFactory


def settings(**tables: Any) -> Settings:
    return Settings.model_validate({"gpio": {"factory": "mock"}, **tables})


DEVICES = [
    {"name": "lamp", "kind": "led", "pin": 17},
    {"name": "pump", "kind": "relay", "pin": 27, "active": "low", "max_on_s": 5},
    {"name": "sign", "kind": "relay", "pin": 22, "safe": "on"},
]


async def toggle(wiring: Wiring, name: str) -> None:
    answer = await wiring.toolbox.call(ToolCall("1", "set_device", {"device": name, "state": "toggle"}))
    assert answer.get("ok"), answer


async def test_whoever_has_the_wiring_can_look_at_a_device_and_not_work_it() -> None:
    with wired(settings(device=DEVICES)) as wiring:
        lamp = wiring.outputs[0]
        assert (lamp.name, lamp.read().on) == ("lamp", False)
        assert [name for name in dir(lamp) if not name.startswith("_")] == ["name", "read"]
        await toggle(wiring, "lamp")
        assert lamp.read().on


async def test_devices_begin_and_end_in_their_safe_state() -> None:
    home = settings(device=DEVICES)
    factory = gpio_pins(home.gpio)
    with wired(home, lambda _: factory) as wiring:
        assert [output.read().on for output in wiring.outputs] == [False, False, True]
        pins: list[Any] = [factory.pin(LEVELS[output.name][0]) for output in wiring.outputs]
        for output, pin in zip(wiring.outputs, pins, strict=True):
            await toggle(wiring, output.name)
            pin.clear_states()
    after = [[bool(entry.state) for entry in pin.states] for pin in pins]
    assert after[0][1] is False
    assert after[1][1] is True, "the pump is active low: off is high"
    assert after[2][1] is True
    assert {pin.function for pin in pins} == {"input"}, "released"


async def test_the_tools_work_the_devices_within_their_limits() -> None:
    with wired(settings(device=DEVICES)) as wiring:
        answer = await wiring.toolbox.call(ToolCall("1", "set_device", {"device": "lamp", "state": "on"}))
        assert answer["ok"]
        assert wiring.outputs[0].read().on
        pump = await wiring.toolbox.call(ToolCall("2", "set_device", {"device": "pump", "state": "on"}))
        assert 0 < pump["turns_off_in_s"] <= 5


async def test_who_looks_on_at_the_conversation_hears_what_is_agreed_to() -> None:
    door = {"name": "door", "kind": "relay", "pin": 17, "confirm": True}
    with wired(settings(device=[door])) as wiring:
        [consents] = wiring.witnesses
        call = ToolCall("1", "set_device", {"device": "door", "state": "on"})
        assert "only when the user has agreed" in (await wiring.toolbox.call(call))["error"]
        consents.happened(ReplyStarted(2), (), Situation(state=State.THINKING, turn=2))
        consents.received(Transcribed(2, "user", "Yes, please."))
        assert (await wiring.toolbox.call(call))["state"] == "on"
    with wired(settings(device=DEVICES)) as wiring:
        assert wiring.witnesses == ()


async def test_only_what_has_a_longest_time_or_a_count_of_its_own_is_kept_over_a_restart(tmp_path: Path) -> None:
    bell = {"name": "bell", "kind": "relay", "pin": 23, "max_switches_per_minute": 6}
    on, counted = "SELECT device FROM on_times", "SELECT device FROM switches"
    async with Store(tmp_path / FILE) as store:
        with wired(settings(device=[*DEVICES, bell])) as wiring:
            wiring.remember(store, lambda: Boot("b", 700.0))
            for name in ("lamp", "pump", "bell"):
                await toggle(wiring, name)
            assert (store.rows(on), store.rows(counted)) == ([("pump",)], [("bell",)])
    async with Store(tmp_path / FILE) as store:
        with wired(settings(device=[*DEVICES, bell])) as wiring:
            wiring.remember(store, lambda: Boot("another", 10.0))
            with pytest.raises(AssertionError, match="6 times a minute"):
                await toggle(wiring, "bell")
    async with Store() as store:
        with wired(settings(device=[bell])) as wiring:
            wiring.remember(store, lambda: Boot("b", 10.0))
            await toggle(wiring, "bell")


async def test_button_and_light_exist_only_where_the_settings_have_a_pin() -> None:
    with wired(settings()) as wiring:
        assert (wiring.button, wiring.indicator, wiring.outputs) == (None, None, ())
        assert wiring.toolbox.declarations() == []
    with wired(settings(button={"pin": 5}, indicator={"pin": 6})) as wiring:
        assert wiring.button is not None
        assert wiring.indicator is not None


async def test_inputs_are_claimed_with_their_tables_and_let_go() -> None:
    board, door = Board(), {"name": "door", "kind": "contact", "pin": 5}
    with process(board) as pins:
        with wired(real(input=[door]), pins) as wiring:
            [(table, switch)] = wiring.inputs
            assert (table.name, switch.name, switch.read(), board.pads[5].user) == ("door", "door", False, "lg")
        assert board.pads[5].user == ""


async def test_the_kernels_sensors_are_read_below_the_root_and_need_no_pin(tmp_path: Path) -> None:
    thermometer(tmp_path, "21500\n")
    home = real(input=[{"name": "outside", "kind": "ds18b20"}])
    with wired(home, gpio_pins, root=tmp_path) as wiring:
        answer = await wiring.toolbox.call(ToolCall("1", "read_sensor", {"sensor": "outside"}))
        assert answer["readings"][0]["value"] == 21.5
        assert wiring.inputs == ()
    with wired(home, None, root=tmp_path) as wiring:
        assert wiring.toolbox.declarations() == []


async def test_a_distance_is_measured_on_its_two_pins_which_are_let_go() -> None:
    board, butt = Board(), {"name": "butt", "kind": "distance", "pin": 5, "echo_pin": 6}
    with process(board) as pins:
        with wired(real(input=[butt]), pins) as wiring:
            assert [board.pads[pin].user for pin in (5, 6)] == ["lg", "lg"]
            assert [tool["name"] for tool in wiring.toolbox.declarations()] == ["read_sensor"]
        assert (board.pads[5].level, board.pads[6].user) == (0, "")


async def test_two_buttons_and_a_knob_for_the_volume_are_made_of_their_pins() -> None:
    with wired(settings()) as wiring:
        assert list(wiring.volume) == []
    with wired(settings(volume={"up_pin": 5, "down_pin": 6, "encoder_a": 17, "encoder_b": 27})) as wiring:
        async with AsyncExitStack() as stack:
            for part in wiring.volume:
                await stack.enter_async_context(part)
            assert (wiring.volume.up is None, wiring.volume.down is None, wiring.volume.knob is None) == (False,) * 3


async def test_on_a_machine_without_pins_the_error_says_what_to_do() -> None:
    auto = Settings.model_validate({"device": DEVICES})
    with pytest.raises(HardwareError) as error, wired(auto):
        pass
    assert error.value.fix


def test_make_safe_visits_every_output() -> None:
    assert make_safe(settings(device=DEVICES)) == 3
    assert make_safe(settings()) == 0


# The same on real pins: gpiozero's own factory over the recording stand-in


LEVELS = {"lamp": (17, 0), "pump": (27, 1), "sign": (22, 1)}
"""Pin and safe level of each of DEVICES."""


@contextmanager
def process(board: Board, *, killed: bool = False) -> Iterator[Pins]:
    """Where the pins of one process come from; it ends in order, or is killed before it can do anything."""
    with in_place_of_lgpio(board) as lgpio:
        yield lambda _gpio: cast("PinFactory", header_factory(lgpio, 0))
        if killed:
            lgpio.die()


def seen(board: Board) -> dict[str, list[Level]]:
    return {name: board.pads[pin].seen for name, (pin, _safe) in LEVELS.items()}


def real(**tables: Any) -> Settings:
    return Settings.model_validate(tables)


async def test_a_day_of_a_service_passes_through_no_level_that_nobody_asked_for() -> None:
    board = Board()
    with process(board) as pins, wired(real(device=DEVICES), pins) as wiring:
        for name in LEVELS:
            for _ in range(2):
                await wiring.toolbox.call(ToolCall("1", "set_device", {"device": name, "state": "toggle"}))
        await wiring.toolbox.call(ToolCall("1", "set_device", {"device": "pump", "state": "on"}))
    assert seen(board) == {"lamp": ["in", 0, 1, 0], "pump": ["in", 1, 0, 1, 0, 1], "sign": ["in", 1, 0, 1]}
    assert "gpio_claim_input" not in {call[0] for call in board.calls}


async def test_a_restart_in_order_is_not_seen_on_any_line() -> None:
    board = Board()
    for _ in range(3):
        with process(board) as pins, wired(real(device=DEVICES), pins):
            pass
        with process(board) as pins:
            make_safe(real(device=DEVICES), pins)
    assert seen(board) == {"lamp": ["in", 0], "pump": ["in", 1], "sign": ["in", 1]}


async def test_after_a_kill_safe_sets_each_line_once_and_leaves_it_driven() -> None:
    board = Board()
    with process(board, killed=True) as pins, wired(real(device=DEVICES, indicator={"pin": 5}), pins) as wiring:
        for output in wiring.outputs:
            await toggle(wiring, output.name)
        async with AsyncExitStack() as stack:
            assert wiring.indicator is not None
            await stack.enter_async_context(wiring.indicator)
            wiring.indicator.show("listening")
            dead = board.calls.copy()
            cast("FakeLgpio", sys.modules["lgpio"]).die()
    with process(board) as pins:
        assert make_safe(real(device=DEVICES, indicator={"pin": 5}), pins) == 3
    assert seen(board) == {"lamp": ["in", 0, 1, 0], "pump": ["in", 1, 0, 1], "sign": ["in", 1, 0, 1]}
    assert board.pads[5].seen == ["in", 0, 1, 0], "the light is put out, and kept so"
    assert [call for call in board.calls[len(dead) :] if call[0] == "gpio_claim_output"] == [
        ("gpio_claim_output", 17, 0),
        ("gpio_claim_output", 27, 1),
        ("gpio_claim_output", 22, 1),
        ("gpio_claim_output", 5, 0),
    ]


@pytest.mark.parametrize("refused", [*LEVELS])
def test_one_line_that_cannot_be_had_keeps_no_other_on(refused: str, caplog: pytest.LogCaptureFixture) -> None:
    board = Board()
    for pin, safe in LEVELS.values():
        board.pads[pin].becomes(1 - safe)  # as a dead process left it
    board.pads[LEVELS[refused][0]].user = "other"
    with process(board) as pins, pytest.raises(HardwareError, match=f"pin {LEVELS[refused][0]} for '{refused}'"):
        make_safe(real(device=DEVICES, indicator={"pin": LEVELS[refused][0]}), pins)
    for name, (pin, safe) in LEVELS.items():
        assert board.pads[pin].level == (1 - safe if name == refused else safe)
    assert "the light" in caplog.text, "what else failed is in the log"


async def test_a_third_device_that_cannot_be_had_leaves_the_others_safe_and_driven() -> None:
    board = Board()
    board.pads[22].user = "other"
    with (
        process(board) as pins,
        pytest.raises(HardwareError, match="pin 22 for 'sign'"),
        wired(real(device=DEVICES), pins),
    ):
        raise AssertionError("it cannot be wired")
    assert seen(board) == {"lamp": ["in", 0], "pump": ["in", 1], "sign": ["in"]}


DIMMER = {"name": "lamp", "kind": "pwm", "pin": 17, "active": "low", "min_level": 0.1, "max_level": 0.8}


async def test_what_is_undone_passes_through_nothing_else() -> None:
    board = Board()
    with process(board) as pins, wired(real(device=[DIMMER]), pins) as wiring:
        for percent in (29, 58.0, 0, 12.5):
            undo = Undo()
            call = ToolCall("1", "set_level", {"device": "lamp", "percent": percent})
            answer = await wiring.toolbox.call(call, undo=undo)
            assert answer["ok"], answer
            assert answer["level_percent"] == percent
            if percent == 58.0:
                assert await undo.run()
    waves = [("wave", 71.0), ("wave", 42.0), ("wave", 71.0), 1, ("wave", 87.5), 1]
    assert board.pads[17].seen == ["in", 1, *waves]


async def test_a_level_beyond_its_bounds_reaches_no_line() -> None:
    board = Board()
    with process(board) as pins, wired(real(device=[DIMMER]), pins) as wiring:
        for percent in (0.1, 9.9, 80.1, 100):
            answer = await wiring.toolbox.call(ToolCall("1", "set_level", {"device": "lamp", "percent": percent}))
            assert "error" in answer
    assert board.pads[17].seen == ["in", 1]


def test_limits_are_kept_on_the_line() -> None:
    board, clock = Board(), Clock()
    with process(board) as pins, closing(pins(Settings().gpio)) as factory:
        device = real(device=[{**DEVICES[1], "min_off_s": 3}]).devices[0]
        pump = claimed_output(device, factory)
        gate = Gate([(pump, device)], now=clock, schedule=clock.schedule)
        with pytest.raises(Refused, match="must stay off for at least 3 s"):
            gate.switch("pump", on=True)
        clock.step(3)
        gate.switch("pump", on=True)
        assert board.pads[27].seen == ["in", 1, 0]
        clock.step(5)
        assert board.pads[27].seen == ["in", 1, 0, 1], "its longest time is over"
        gate.close()
        pump.close()
    assert board.pads[27].seen == ["in", 1, 0, 1]
