"""One answer of a scripted endpoint: what is sent to it, and that it goes nowhere else."""

from __future__ import annotations

import asyncio
import os
from contextlib import aclosing

import pytest

from daemon.home_server.completion_reader import CompletionReader, ThinkerTrouble
from daemon.home_server.completions import Completions
from daemon.home_server.settings import ThinkerSettings
from tests.daemon.home_server.scripted_endpoint import call, endpoint, event, listening, text

MESSAGES = [{"role": "user", "content": "hello"}]


async def answer(settings: ThinkerSettings) -> str:
    async with aclosing(Completions(settings).answer(MESSAGES, [], CompletionReader())) as pieces:
        return "".join([piece async for piece in pieces])


async def test_without_a_model_tools_or_key_none_is_named() -> None:
    async with endpoint(text("Hi.")) as thinker:
        assert await answer(ThinkerSettings(url=thinker.url, max_tokens=99)) == "Hi."
    assert thinker.asked == [{"messages": MESSAGES, "stream": True, "max_tokens": 99}]
    assert thinker.keys == [""]


async def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert os.environ["HTTP_PROXY"]
    async with endpoint(text("Hi.")) as thinker:
        assert await answer(ThinkerSettings(url=thinker.url)) == "Hi."


@pytest.mark.parametrize("status", [301, 302, 404, 429, 503])
async def test_another_status_is_trouble_and_followed_nowhere(status: int) -> None:
    async with endpoint(status) as thinker:
        with pytest.raises(ThinkerTrouble, match=f"answered {status}") as trouble:
            await answer(ThinkerSettings(url=thinker.url))
    assert "hello" not in str(trouble.value)


async def test_a_server_that_is_done_need_not_hang_up() -> None:
    async with endpoint(text("Hi.")) as thinker:
        thinker.stays = True
        assert await answer(ThinkerSettings(url=thinker.url, patience_s=300)) == "Hi."
        await thinker.closed.wait()


async def test_what_breaks_off_after_the_answer_was_whole_is_no_trouble() -> None:
    last = b'data: {"choices": [{"delta": {"content": "Hi."}, "finish_reason": "stop"}]}\n\n'
    async with endpoint(last) as thinker:
        thinker.stays = True
        assert await answer(ThinkerSettings(url=thinker.url, patience_s=1)) == "Hi."
        await thinker.closed.wait()


NOTHING_SAID = r"said nothing for 0\.3 s"
KEPT_ALIVE = b": still thinking\n\n" * 40
NO_WORDS = [
    KEPT_ALIVE,
    event(role="assistant", content=None) * 40,
    event(content="") * 40,
    b'data: {"choices": []}\n\n' * 40,
    b'data: {"choices": [{"index": 0, "delta": {}}]}\n\n' * 40,
]


@pytest.mark.parametrize("nothing", NO_WORDS)
async def test_who_only_keeps_the_line_open_is_not_waited_for(nothing: bytes) -> None:
    async with endpoint(nothing + text("Hi.")) as thinker:
        thinker.pace_s = 0.05
        settings = ThinkerSettings(url=thinker.url).model_copy(update={"patience_s": 0.3})
        with pytest.raises(ThinkerTrouble, match=NOTHING_SAID):
            await answer(settings)


async def test_nor_is_who_does_so_in_the_middle_of_an_answer() -> None:
    async with endpoint(event(content="Well.") + KEPT_ALIVE + text("Hi.")) as thinker:
        thinker.pace_s = 0.05
        settings = ThinkerSettings(url=thinker.url).model_copy(update={"patience_s": 0.3})
        with pytest.raises(ThinkerTrouble, match=NOTHING_SAID):
            await answer(settings)


@pytest.mark.parametrize("thought", [event(reasoning_content="Hm. "), event(reasoning="Hm. "), call("f", "{}")])
async def test_who_thinks_or_calls_says_something(thought: bytes) -> None:
    async with endpoint(thought * 6 + text("Hi.")) as thinker:
        thinker.pace_s = 0.3
        assert await answer(ThinkerSettings(url=thinker.url, patience_s=1.5)) == "Hi."


async def test_no_answer_is_waited_for_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.home_server.completions.LONGEST_WAIT_S", 0.5)
    async with endpoint(event(reasoning_content="Hm. ") * 40 + text("Hi.")) as thinker:
        thinker.pace_s = 0.05
        with pytest.raises(ThinkerTrouble, match=r"took longer than 0\.5 s"):
            await answer(ThinkerSettings(url=thinker.url))


async def test_the_time_that_is_taken_to_speak_is_not_the_server_s() -> None:
    async with endpoint(text("One. ", "Two. ", "Three.")) as thinker:
        settings, said = ThinkerSettings(url=thinker.url).model_copy(update={"patience_s": 0.5}), ""
        async with aclosing(Completions(settings).answer(MESSAGES, [], CompletionReader())) as pieces:
            async for piece in pieces:
                said += piece
                await asyncio.sleep(0.4)
    assert said == "One. Two. Three."


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n"])
async def test_a_head_that_drips_is_not_waited_for(head: bytes) -> None:
    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        for _number in range(40):
            writer.write(b"X-A: b\r\n" if head else b"H")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with listening(drip) as port:
        settings = ThinkerSettings(url=f"http://127.0.0.1:{port}/v1").model_copy(update={"patience_s": 0.3})
        with pytest.raises(ThinkerTrouble, match=NOTHING_SAID):
            await answer(settings)
