"""`pipit chat` put together: the parts, their order, and what the user is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.chat.choices import Choices, chosen
from daemon.chat.command import ChatOptions, chat
from daemon.chat.ending import Attention
from daemon.errors import KeyMissing
from daemon.offline.scenario import Hear, Say
from daemon.offline.voice import Flite
from daemon.settings import Settings
from hardware.base import PcmFormat
from hardware.fake import WavMicrophone
from tests.daemon.chat.chatting import lines_of
from tests.daemon.chat.test_talk import Cards
from tests.system.home import FastClock, quiet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from daemon.live.options import LiveOptions
    from tests.daemon.chat.chatting import Serve


def options_for(
    live: LiveOptions, tables: dict[str, Any] | None = None, *, written: bool = False, **given: Any
) -> ChatOptions:
    choices = Choices(endpoint=live.endpoint, ca_file=live.ca_file, written=written)
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
        await chat(options_for(live), Attention(), environ, lines_of("What time is it?"), speaker=cards)
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

        await chat(options, Attention(), environ, lines(), microphone=microphone)
        (window,) = (await server.session()).windows
    assert capsys.readouterr().out.splitlines() == ["you    what time is it", "pipit  Noon."]
    assert len(speech) * 0.7 < len(window.samples) < len(said)


async def test_a_missing_key_is_told_before_the_sound_card_is_opened(serve: Serve, environ: dict[str, str]) -> None:
    cards = Cards()
    del environ["GEMINI_API_KEY"]
    async with serve() as (_, live):
        with pytest.raises(KeyMissing):
            await chat(options_for(live), Attention(), environ, lines_of("hello"), speaker=cards)
    assert not cards.made
