"""Asks an OpenAI-compatible server of the house: one streamed answer of `chat/completions`. The only file with HTTP.

It goes to the host that was named or nowhere: no proxy, no redirect, nothing of the environment. What is asked and
answered is logged nowhere.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Final

import httpx2

from daemon.home_server.completion_reader import CompletionReader, ThinkerTrouble
from daemon.home_server.waiting_for_words import OutOfPatience, Patience
from daemon.live.credentials import find_key
from daemon.trust import trusting

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from daemon.home_server.settings import ThinkerSettings

LONGEST_WAIT_S: Final = 300.0
"""For all of one answer, however steadily it trickles: nobody in front of a device waits longer."""


class Completions:
    """Answers of one server."""

    def __init__(self, settings: ThinkerSettings) -> None:
        self._settings = settings

    async def answer(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]], reader: CompletionReader
    ) -> AsyncGenerator[str, None]:
        """The text of one answer, piece by piece as it is thought; `reader` has its calls then.

        Raises ThinkerTrouble, KeyMissing, NoAuthority.
        """
        settings, body = self._settings, self._body(messages, tools)
        headers = await asyncio.to_thread(self._headers)
        verify = await asyncio.to_thread(trusting, settings.ca_file)
        patience = Patience(settings.patience_s, LONGEST_WAIT_S)
        try:
            async with AsyncExitStack() as stack:
                # its own deadlines begin anew with each byte, also of what is no word
                client = await stack.enter_async_context(
                    httpx2.AsyncClient(verify=verify, trust_env=False, timeout=None)
                )
                asking = client.stream("POST", f"{settings.url}/chat/completions", json=body, headers=headers)
                response = await patience.wait(stack.enter_async_context(asking))
                self._check(response)
                chunks = response.aiter_bytes()
                while not reader.is_done and (data := await patience.wait(anext(chunks, b""))):
                    words = reader.words
                    for piece in reader.feed(data):
                        yield piece
                    if reader.words > words:
                        patience.heard_a_word()
        except OutOfPatience as waited:
            if reader.is_over:
                return
            raise ThinkerTrouble(
                f"{settings.url} {waited}",
                fix="look whether it is overloaded, or raise patience_s in [home_server.openai]",
            ) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            if reader.is_over:  # what it broke off then is no part of the answer
                return
            raise ThinkerTrouble(
                f"{settings.url} cannot be reached, or broke off ({type(error).__name__})",
                fix="check that it runs, and url in [home_server.openai]",
            ) from None
        if not reader.is_over:
            raise ThinkerTrouble(f"{settings.url} ended in the middle of an answer", fix="look into its own log")

    def _check(self, response: httpx2.Response) -> None:
        """Raises ThinkerTrouble."""
        if response.status_code != httpx2.codes.OK:
            raise ThinkerTrouble(
                f"{self._settings.url} answered {response.status_code}",
                fix="check url, model and key_file in [home_server.openai]",
            )

    def _body(self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        body: dict[str, Any] = {"messages": messages, "stream": True, "max_tokens": self._settings.max_tokens}
        if self._settings.model:
            body["model"] = self._settings.model
        if tools:
            body["tools"] = tools
        return body

    def _headers(self) -> dict[str, str]:
        """Reads the file of the key."""
        if not self._settings.key_file:
            return {}
        return {"Authorization": f"Bearer {find_key(self._settings.key_file, {})}"}
