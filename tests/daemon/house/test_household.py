"""One household: what it is put together of, and in which order it is taken apart."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, cast

import pytest

from daemon.abilities.memory.forgetting import EVERYTHING
from daemon.abilities.memory.history import remarks_in
from daemon.conversation.commands import EndActivity, StartActivity
from daemon.conversation.events import UtteranceStarted
from daemon.conversation.exchange import State
from daemon.conversation.messages import Transcribed
from daemon.conversation.tool_call import ToolCall
from daemon.errors import HardwareError, ModelFileError
from daemon.hearing.listener import NoWakeWords
from daemon.hearing.making import microphone_format
from daemon.house.equipment import Drivers
from daemon.house.household import household, store_of
from daemon.house.settings import Settings
from daemon.lights.films import bar_film, film_of, left_film
from daemon.lights.pixel_indicator import PixelIndicator
from daemon.sound.echo.echo_path import EchoPath
from daemon.sound.echo.overheard_source import OverheardSource
from daemon.sound.sound_kind import SoundKind
from daemon.speech.making import speaker_format
from daemon.state.archive import opened
from daemon.state.store import FILE
from daemon.tools.tool import Tool, Toolbox
from hardware.base import PcmFormat
from hardware.fake import FakeButton, RecordingIndicator, RecordingSpeaker, WavMicrophone
from hardware.fake_board import Board
from hardware.fake_lights import RecordingPixels
from tests.daemon.appliance.test_appliance import DeafListener
from tests.daemon.lights.test_pixel_indicator import Screen
from tests.daemon.state.damaged import names
from tests.hardware.header.lines import process
from tests.hardware.manual_clock import ManualTimers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from daemon.hearing.listener import Listener
    from daemon.hearing.settings import MicrophoneSettings
    from daemon.house.wiring import Wiring
    from daemon.speech.settings import SpeakerSettings
    from hardware.base import PlayoutSource
    from hardware.header.factory import PinFactory

LAMP = {"name": "lamp", "kind": "relay", "pin": 17, "active": "low"}


def quiet_microphone(settings: MicrophoneSettings) -> WavMicrophone:
    return WavMicrophone(b"", microphone_format(settings), then_silence=True)


def recording_speaker(settings: SpeakerSettings) -> Callable[[PlayoutSource], RecordingSpeaker]:
    return lambda source: RecordingSpeaker(speaker_format(settings), source)


class Deaf:
    """Ears that are not opened here."""

    gate = None


class Wary(DeafListener):
    """Is told which words are Pipit's own."""

    engine = NoWakeWords()
    guard: Any = None

    def beware(self, guard: Any) -> None:
        self.guard = guard


def drivers(**others: Any) -> Drivers:
    plain = {"microphone": quiet_microphone, "speaker": recording_speaker, "listener": lambda *_: Deaf(), "environ": {}}
    return Drivers(**(plain | others))


def settings(**tables: Any) -> Settings:
    return Settings.model_validate({"device": [LAMP], **tables})


ALL_DAY = {
    *("set_timer", "set_alarm", "set_reminder", "list_timers", "change_timer"),
    *("set_volume", "change_volume", "get_volume", "do_not_disturb", "end_conversation"),
}
"""What every household can ask for."""


def tools_of(toolbox: Toolbox) -> set[str]:
    return {tool["name"] for tool in toolbox.declarations()}


async def test_the_model_is_offered_what_the_settings_name_and_no_more() -> None:
    with process(Board()) as pins:
        async with household(settings(history={"keep": True, "tools": True}), drivers(pins=lambda _: pins)) as house:
            offered = tools_of(house.appliance._parts.toolbox)
    assert offered == {"set_device", "list_devices", "pulse", "recall", "forget_that", "plan_device", *ALL_DAY}


async def test_with_a_toolbox_it_is_offered_in_place_of_the_devices() -> None:
    async def wave() -> dict[str, Any]:
        """Wave."""
        return {}

    with process(Board()) as pins:
        async with household(settings(), drivers(pins=lambda _: pins), toolbox=Toolbox([Tool.of(wave)])) as house:
            assert tools_of(house.appliance._parts.toolbox) == {"wave", *ALL_DAY}


async def test_on_leaving_every_output_is_safe_whatever_ended_it() -> None:
    board = Board()

    async def live(pins: PinFactory) -> None:
        async with household(settings(), drivers(pins=lambda _: pins)) as house:
            await house.appliance._parts.toolbox.call(ToolCall("1", "set_device", {"device": "lamp", "state": "on"}))
            assert board.pads[17].level == 0
            raise RuntimeError("the end")

    with process(board) as pins:
        with pytest.raises(RuntimeError, match="the end"):
            await live(pins)
        assert board.pads[17].level == 1


async def test_ears_that_cannot_be_had_leave_every_output_safe() -> None:
    def no_models(*_: Any) -> Any:
        raise ModelFileError("no models", fix="fetch them")

    board = Board()
    with process(board) as pins, pytest.raises(ModelFileError):
        async with household(settings(), drivers(pins=lambda _: pins, listener=no_models)):
            pass
    assert board.pads[17].seen == ["in", 1]


async def test_hands_that_are_handed_over_take_the_place_of_those_on_pins() -> None:
    button, light = FakeButton(), RecordingIndicator()
    async with household(Settings(), drivers(button=button, indicator=light)) as house:
        assert house.appliance._parts.button is button
        assert house.appliance._parts.indicator
        house.appliance._parts.indicator.show("listening")
    assert light.shown[-1] == "listening"


async def test_button_and_light_of_the_settings_are_open_while_it_lasts() -> None:
    board = Board()
    named = Settings.model_validate({"button": {"pin": 5}, "mute": {"pin": 6}, "indicator": {"pin": 22}})
    with process(board) as pins:
        async with household(named, drivers(pins=lambda _: pins)):
            assert [board.pads[pin].seen[-1] for pin in (5, 6, 22)] == ["in", "in", 0]
            assert all(board.pads[pin].user for pin in (5, 6, 22))
        assert not any(board.pads[pin].user for pin in (5, 6))


async def test_a_turn_under_way_at_the_end_is_remembered_in_its_file(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    kept = Settings.model_validate({"history": {"keep": True}})
    async with household(kept, drivers(), state) as house:
        situation = replace(house.appliance.conversation.situation, state=State.THINKING)
        house.memory.transcript.happened(UtteranceStarted(0), [StartActivity(1, 0), EndActivity(1, 16_000)], situation)
        house.memory.transcript.received(Transcribed(1, "user", "I like tea."))
    with opened(state) as database:
        assert [said.text for said in remarks_in(database, EVERYTHING).rows] == ["I like tea."]


async def test_pins_that_cannot_be_used_are_an_error_before_anything_is_opened(tmp_path: Path) -> None:
    def no_pins(_: Any) -> Any:
        raise HardwareError("no pins", fix="use a Pi")

    with pytest.raises(HardwareError, match="no pins"):
        async with household(settings(), drivers(pins=no_pins), tmp_path / "state.db"):
            pass
    assert not (tmp_path / "state.db").exists()


async def test_a_button_of_the_drivers_is_opened_and_closed_with_the_household() -> None:
    class Told(FakeButton):
        def __init__(self) -> None:
            super().__init__()
            self.happened: list[str] = []

        async def __aenter__(self) -> Self:
            self.happened.append("opened")
            return self

        async def __aexit__(self, *_: object) -> None:
            self.happened.append("closed")

    button = Told()
    async with household(Settings(), drivers(button=button)):
        assert button.happened == ["opened"]
    assert button.happened == ["opened", "closed"]


async def test_who_looks_on_is_asked_with_the_wires_and_ears_of_this_household() -> None:
    seen: list[tuple[Wiring, Listener]] = []

    def look_on(wiring: Wiring, listener: Listener) -> tuple[()]:
        seen.append((wiring, listener))
        return ()

    with process(Board()) as pins:
        async with household(settings(), drivers(pins=lambda _: pins), look_on=look_on) as house:
            ((wiring, _),) = seen
            assert wiring is house.wiring


async def test_a_state_that_cannot_be_used_costs_the_memory_alone_and_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE).mkdir()
    async with store_of(tmp_path / FILE) as store:
        assert store.rows("SELECT times FROM forgotten") == [(0,)]
    assert "nothing will be remembered over a restart" in caplog.text
    assert names(tmp_path / FILE, "") == []


async def test_without_a_file_nothing_is_written_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with store_of(None) as store:
        store.write("UPDATE forgotten SET times = 3", ())
        await store.run(lambda _: None)
        assert store.rows("SELECT times FROM forgotten") == [(3,)]
    assert names(tmp_path, "") == []


async def until(true: Callable[[], bool]) -> None:
    for _ in range(1000):
        if true():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never was")


async def test_an_input_sets_a_scene_through_the_gate_mutes_and_speaks() -> None:
    inputs = [
        {
            "name": "switch",
            "kind": "button",
            "pin": 5,
            "actions": [{"when": "pressed", "scene": "evening"}, {"when": "pressed", "say": "Good evening."}],
        },
        {"name": "hush", "kind": "button", "pin": 6, "actions": [{"when": "pressed", "do": "mute"}]},
    ]
    named = settings(input=inputs, scene=[{"name": "evening", "steps": [{"device": "lamp"}]}])
    board = Board()
    with process(board) as pins:
        async with household(named, drivers(pins=lambda _: pins, listener=lambda *_: DeafListener())) as house:
            running = asyncio.create_task(house.appliance.run())
            await house.appliance.hearing.wait()
            board.drive(5, 0)
            await until(lambda: board.pads[17].level == 0)
            assert house.powers.bulletins
            assert house.powers.bulletins.waiting == 1
            board.drive(6, 0)
            await until(lambda: house.appliance.conversation.state is State.MUTED)
            running.cancel()
            await asyncio.wait([running])
        assert board.pads[17].level == 1


async def test_a_knob_of_the_household_turns_the_voice_up_and_down() -> None:
    turned = [{"when": "right", "do": "louder"}, {"when": "left", "do": "quieter"}]
    named = settings(
        input=[{"name": "knob", "kind": "encoder", "pin": 5, "b_pin": 6, "actions": turned}],
        speaker={"volume": 0.5},
        volume={"step_percent": 6},
    )
    board = Board()
    with process(board) as pins:
        async with household(named, drivers(pins=lambda _: pins, listener=lambda *_: DeafListener())) as house:
            for pin, level in [(5, 0), (6, 0), (5, 1), (6, 1)] * 2 + [(6, 0), (5, 0), (6, 1), (5, 1)]:
                board.drive(pin, level)
            await until(lambda: house.appliance._parts.volumes.of(SoundKind.VOICE) == pytest.approx(0.56))
        assert [board.pads[pin].user for pin in (5, 6)] == ["", ""]


SPARE = """
import asyncio, pathlib, sys
from daemon.house.file import load_settings
from daemon.house.household import household
import daemon.house.running
from daemon.hearing.making import microphone_format
from daemon.house.equipment import Drivers
from daemon.speech.making import speaker_format
from hardware.fake import RecordingSpeaker, WavMicrophone

class Deaf:
    gate = None

def drivers():
    return Drivers(
        microphone=lambda settings: WavMicrophone(b"", microphone_format(settings), then_silence=True),
        speaker=lambda settings: lambda source: RecordingSpeaker(speaker_format(settings), source),
        listener=lambda *_: Deaf(),
        environ={},
    )

async def live(settings):
    async with household(settings, drivers()):
        print(*sys.modules)

asyncio.run(live(load_settings(pathlib.Path(sys.argv[1]))))
"""
SPARED = {
    *("importlib.metadata", "email", "multiprocessing", "gpiozero.boards", "google", "websockets", "PIL"),
    *("daemon.abilities.inputs", "daemon.abilities.devices.together.settings"),
    *("daemon.abilities.devices.together.checks", "daemon.abilities.devices.together.members"),
    *("daemon.abilities.devices.together.tools", "daemon.abilities.devices.working.consents"),
    *("daemon.abilities.sight.viewfinder", "daemon.abilities.sight.tools", "hardware.camera", "hardware.kernel"),
    *("daemon.broker.device", "daemon.offline", "daemon.brain", "daemon.doctor", "difflib"),
}
"""What a household without inputs, groups, scenes, a camera and a broker has no use for before it is ready."""


def test_what_the_settings_do_not_name_is_not_loaded(tmp_path: Path) -> None:
    written = tmp_path / "pipit.toml"
    written.write_text(
        '[gpio]\nfactory = "mock"\n[button]\npin = 5\n[[device]]\nname = "lamp"\nkind = "led"\npin = 17\n'
    )
    done = subprocess.run(
        [sys.executable, "-c", SPARE, str(written)], check=True, timeout=60, capture_output=True, text=True
    )
    loaded = set(done.stdout.split())
    assert "daemon.house.running" in loaded
    assert sorted(loaded & SPARED) == []


async def test_what_the_speaker_plays_is_known_to_the_ears_where_the_drivers_have_a_way() -> None:
    path = EchoPath(PcmFormat(rate_hz=24_000, period_frames=480), lambda: 0.0)
    sources: list[PlayoutSource] = []
    listener = Wary()

    def speaker(settings: SpeakerSettings) -> Callable[[PlayoutSource], RecordingSpeaker]:
        def make(source: PlayoutSource) -> RecordingSpeaker:
            sources.append(source)
            return recording_speaker(settings)(source)

        return make

    own = drivers(speaker=speaker, listener=lambda *_: listener, echo=lambda *_: path, pins=None)
    async with household(settings(), own) as house, asyncio.TaskGroup() as group:
        living = group.create_task(house.appliance.run())
        while not sources:  # noqa: ASYNC110 - nobody tells when the speaker is made
            await asyncio.sleep(0)
        living.cancel()
    assert isinstance(sources[0], OverheardSource)
    assert listener.guard.__self__.refused == 0


async def test_a_row_of_lights_shows_the_state_the_volume_and_the_next_timer() -> None:
    pixels, clock = RecordingPixels(4), ManualTimers()
    row = PixelIndicator(pixels, later=clock, clock=lambda: clock.now, projector=Screen())
    quiet_house = Settings.model_validate({"device": []})
    async with household(quiet_house, drivers(pins=None, indicator=row)) as house:
        screen = cast("Screen", row._projector)
        tools = house.appliance._parts.toolbox
        await tools.call(ToolCall("1", "set_volume", {"percent": 50}))
        assert screen.films[-1] == bar_film(0.5, 4)
        clock.advance(3)
        await tools.call(ToolCall("2", "set_timer", {"seconds": 600}))
        assert screen.films[-1] == left_film(1.0, 4)
        indicator = house.appliance._parts.indicator
        assert indicator
        indicator.show("thinking")
        assert screen.films[-1] == film_of("thinking", 4)
    assert not screen.running
