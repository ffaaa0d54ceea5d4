"""What the tests of a conversation share."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

import numpy as np
import soundfile

from daemon.chat.account import Account
from daemon.chat.screen import Look, Screen
from daemon.live.options import LiveOptions
from daemon.offline.server import LiveServer
from daemon.offline.wire.client_messages import ClientContent, RealtimeText
from daemon.speech.meanings import SessionFailed

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from daemon.offline.wire.records import SessionRecord
    from daemon.sound.pcm import Samples

Serve = Callable[..., AbstractAsyncContextManager[tuple[LiveServer, LiveOptions]]]

QUESTION = np.random.default_rng(7).normal(0, 2_000, 12_345).astype(np.int16)
ANSWER = np.random.default_rng(8).normal(0, 3_000, 24_001).astype(np.int16)


def account() -> Account:
    return Account("gemini-3.8-live", "2026-11-28")


class Paper(Screen):
    """A screen whose two streams can be read."""

    def __init__(self, look: Look | None = None) -> None:
        self.out, self.notes = io.StringIO(), io.StringIO()
        super().__init__(look or Look(labelled=True), self.out, self.notes)

    @property
    def said(self) -> list[str]:
        return self.out.getvalue().splitlines()

    @property
    def noted(self) -> list[str]:
        return [line.strip() for line in self.notes.getvalue().splitlines()]


async def lines_of(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


def samples_in(path: Path) -> Samples:
    samples, rate_hz = soundfile.read(path, dtype="int16")
    assert rate_hz == 24_000
    return np.asarray(samples)


def failure_of(raised: pytest.ExceptionInfo[BaseExceptionGroup[Any]]) -> SessionFailed:
    """The failure within as many groups as there are."""
    error: BaseException = raised.value
    while isinstance(error, BaseExceptionGroup):
        (error,) = error.exceptions
    assert isinstance(error, SessionFailed)
    return error


def asked_in(record: SessionRecord) -> list[str]:
    """What was asked in writing in a session."""
    texts = [message.text for message in record.messages(RealtimeText) if isinstance(message, RealtimeText)]
    remarks = [message.remarks for message in record.messages(ClientContent) if isinstance(message, ClientContent)]
    return texts + [remark.text for group in remarks for remark in group]
