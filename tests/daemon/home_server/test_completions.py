"""One answer of a scripted endpoint: what is sent to it, and that it goes nowhere else."""

from __future__ import annotations

import os
from contextlib import aclosing

import pytest

from daemon.home_server.completion_reader import CompletionReader, ThinkerTrouble
from daemon.home_server.completions import Completions
from daemon.home_server.settings import ThinkerSettings
from tests.daemon.home_server.scripted_endpoint import endpoint, text

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
