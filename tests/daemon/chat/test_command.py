"""`pipit chat` put together: the parts, their order, and what the user is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.chat.choices import Choices, chosen
from daemon.chat.command import ChatOptions, chat
from daemon.chat.ending import Attention
from daemon.conversation.no_session import KeyMissing
from daemon.errors import DeviceMissing
from daemon.house.equipment import Drivers
from daemon.house.settings import Settings
from daemon.offline.rehearsal.scenario import Call, Hear, Say
from daemon.speech.synthesis import Flite
from hardware.base import PcmFormat
from hardware.fake import WavMicrophone
from tests.daemon.chat.chatting import lines_of
from tests.daemon.chat.test_talk import Cards
from tests.system.home import FastClock, quiet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from daemon.live.options import LiveOptions
    from daemon.speech.settings import SpeakerSettings
    from hardware.base import PlayoutSource, Speaker
    from tests.daemon.chat.chatting import Serve


def options_for(live: LiveOptions, tables: dict[str, Any] | None = None, **given: Any) -> ChatOptions:
    said = {name: given.pop(name) for name in ("written", "tools", "system", "model") if name in given}
    given.setdefault("silent", bool(said.get("written")))
    choices = Choices(endpoint=live.live.endpoint, ca_file=live.live.ca_file, **said)
    settings = chosen(Settings.model_validate(tables or {}), choices)
    return ChatOptions(settings=settings, choices=choices, **given)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"GEMINI_API_KEY": "test-key", "XDG_STATE_HOME": str(tmp_path)}


async def test_typed_lines_are_answered_and_spoken(
    serve: Serve, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    cards = Cards()
    async with serve([Say("Noon.", tone_s=0.1)]) as (_, live):
        await chat(
            options_for(live), Attention(), Drivers(environ=environ, speaker=cards), lines_of("What time is it?")
        )
    assert capsys.readouterr().out == "Noon.\n"
    assert len(cards.heard()) > 2_000


async def test_hands_free_the_end_of_speech_is_found_on_this_machine(
    serve: Serve, environ: dict[str, str], models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    speech = await Flite().speak("what time is it", 16_000)
    said = np.concatenate((quiet(1.0), speech, quiet(2.0)))
    microphone = WavMicrophone(
        said, PcmFormat(rate_hz=16_000, period_frames=320), then_silence=True, hiss_rms=8, clock=FastClock(4)
    )
    async with serve([Hear("what time is it"), Say("Noon.", tone_s=0.1)]) as (server, live):
        options = options_for(live, {"wake": {"models_dir": str(models)}}, audio=True, hands_free=True, silent=True)

        async def lines() -> AsyncIterator[str]:
            session = await server.session()
            await session.until(lambda session: any(window.ended_at_s for window in session.windows))
            return
            yield ""

        await chat(options, Attention(), Drivers(environ=environ, microphone=lambda _: microphone), lines())
        (window,) = (await server.session()).windows
    assert capsys.readouterr().out.splitlines() == ["you    what time is it", "pipit  Noon."]
    assert len(speech) * 0.7 < len(window.samples) < len(said)


async def test_a_missing_key_is_told_before_the_sound_card_is_opened(serve: Serve, environ: dict[str, str]) -> None:
    cards = Cards()
    del environ["GEMINI_API_KEY"]
    async with serve() as (_, live):
        with pytest.raises(KeyMissing):
            await chat(options_for(live), Attention(), Drivers(environ=environ, speaker=cards), lines_of("hello"))
    assert not cards.made


async def test_where_there_is_no_speaker_the_way_without_is_told(serve: Serve, environ: dict[str, str]) -> None:
    def missing(_: SpeakerSettings) -> Callable[[PlayoutSource], Speaker]:
        raise DeviceMissing("there is no speaker 'default'", fix="plug it in")

    async with serve() as (server, live):
        with pytest.raises(DeviceMissing) as raised:
            await chat(options_for(live), Attention(), Drivers(environ=environ, speaker=missing), lines_of("hello"))
        assert not server.sessions
    assert raised.value.fix == "plug it in; or read the replies: --text"


async def test_tools_are_offered_and_what_they_did_is_told(
    serve: Serve, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    tables = {"gpio": {"factory": "mock"}, "device": [{"name": "lamp", "kind": "led", "pin": 17}]}
    turn = [Call("set_device", {"device": "lamp", "state": "on"}, expect={"state": "on"}), Say("Done.", tone_s=0.1)]
    async with serve(turn) as (server, live):
        options = options_for(live, tables, tools=True, silent=True)
        await chat(options, Attention(), Drivers(environ=environ), lines_of("Lamp on!"))
        setup = (await server.session()).setup
    assert setup is not None
    assert [function.name for function in setup.functions] == ["set_device", "list_devices", "pulse"]
    printed = capsys.readouterr()
    assert printed.out == "Done.\n"
    assert 'set_device(device="lamp", state="on") → {"ok": true' in printed.err


async def test_unasked_no_tools_are_offered(serve: Serve, environ: dict[str, str]) -> None:
    tables = {"gpio": {"factory": "mock"}, "device": [{"name": "lamp", "kind": "led", "pin": 17}]}
    async with serve([Say("No.", tone_s=0.1)]) as (server, live):
        await chat(options_for(live, tables, silent=True), Attention(), Drivers(environ=environ), lines_of("Lamp on!"))
        setup = (await server.session()).setup
    assert setup is not None
    assert not setup.functions


async def test_the_instruction_is_the_one_that_was_given(serve: Serve, environ: dict[str, str]) -> None:
    async with serve([Say("Arr.", tone_s=0.1)]) as (server, live):
        options = options_for(live, silent=True, system="Talk like a pirate.")
        await chat(options, Attention(), Drivers(environ=environ), lines_of("Hello!"))
        setup = (await server.session()).setup
    assert setup is not None
    assert setup.system_instruction == "Talk like a pirate."


WRITER = "gemini-2.0-flash-live-001"


async def test_a_model_that_writes_is_asked_to(
    serve: Serve, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    async with serve([Say("Noon.", tone_s=0.1)], model=WRITER) as (server, live):
        await chat(
            options_for(live, model=WRITER, written=True),
            Attention(),
            Drivers(environ=environ),
            lines_of("What time is it?"),
        )
        setup = (await server.session()).setup
    assert setup is not None
    assert setup.modality == "TEXT"
    assert capsys.readouterr().out == "Noon.\n"
