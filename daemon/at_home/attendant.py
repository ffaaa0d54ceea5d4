"""The other end of the socket, in the process of the brain: takes requests, and says what comes of each."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from typing import Any, Protocol

import numpy as np

from daemon.at_home.frames import Frame, read, written
from daemon.brain.brain import Brain, FunctionDeclaration, Heard, Remark, Spoken, UserTurn
from daemon.errors import PipitError, place_of
from daemon.sound.pcm import Samples

log = logging.getLogger(__name__)


class SureBrain(Brain, Protocol):
    """A brain that can say whether it is sure before it does anything."""

    async def sure(self, turn: UserTurn) -> bool:
        """Whether `reply` would act, answer or ask, and not just say that it did not understand."""
        ...

    async def words(self, samples: Samples) -> str:
        """What was said, 16 kHz, as it is heard without expecting anything."""
        ...


class Attendant:
    """Requests have numbers, of the other side's choice; what is said of one names it. One may be stopped."""

    def __init__(self, brain: SureBrain, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._brain, self._reader, self._writer = brain, reader, writer
        self._requests: dict[int, asyncio.Task[None]] = {}
        self._readings: set[asyncio.Task[None]] = set()
        self._calls: dict[str, asyncio.Future[Mapping[str, Any]]] = {}
        self._called = 0

    async def run(self) -> None:
        """Until the other side is gone."""
        self._say(Frame("ready"))
        async with asyncio.TaskGroup() as group:
            while frame := await read(self._reader):
                self._take(frame, group)
            for request in self._requests.values():
                request.cancel()

    def _take(self, frame: Frame, group: asyncio.TaskGroup) -> None:
        said = frame.said
        match frame.kind:
            case "turn":
                self._begin(number := int(said["number"]), self._reply(number, _turn_of(frame)), group)
            case "sure":
                reading = self._begin(number := int(said["number"]), self._look(number, _turn_of(frame)), group)
                self._readings.add(reading)
                reading.add_done_callback(self._readings.discard)
            case "words":
                samples = np.frombuffer(frame.sound, "<i2").astype(np.int16)
                self._begin(number := int(said["number"]), self._write_down(number, samples), group)
            case "stop" if stopped := self._requests.get(int(said["number"])):
                stopped.cancel()
            case "answer" if waiting := self._calls.pop(str(said["id"]), None):
                if not waiting.done():
                    waiting.set_result(said["response"])

    def _begin(self, number: int, work: Coroutine[Any, Any, None], group: asyncio.TaskGroup) -> asyncio.Task[None]:
        self._requests[number] = task = group.create_task(self._attend(number, work))
        task.add_done_callback(lambda _: self._requests.pop(number, None))
        return task

    async def _look(self, number: int, turn: UserTurn) -> None:
        self._say(Frame("read", {"number": number, "sure": await self._brain.sure(turn)}))

    async def _write_down(self, number: int, samples: Samples) -> None:
        self._say(Frame("read", {"number": number, "words": await self._brain.words(samples)}))

    async def _attend(self, number: int, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except PipitError as error:
            self._say(Frame("failed", {"number": number, "why": str(error)}))
        except Exception as error:  # noqa: BLE001 - what was said may be in it, and one request is not worth the process
            self._say(Frame("failed", {"number": number, "why": f"{type(error).__name__} at {place_of(error)}"}))

    async def _reply(self, number: int, turn: UserTurn) -> None:
        async def call(name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
            self._called += 1
            id_ = f"home-{self._called}"
            waiting: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
            self._calls[id_] = waiting
            self._say(Frame("call", {"number": number, "id": id_, "name": name, "arguments": dict(arguments)}))
            return await waiting

        if self._readings:  # the brain remembers what it read: it need not do so twice at a time
            await asyncio.wait(self._readings)
        async for piece in self._brain.reply(turn, call):
            match piece:
                case Heard(text):
                    self._say(Frame("heard", {"number": number, "text": text}))
                case Spoken(text, audio):
                    sound = audio.astype("<i2", copy=False).tobytes()
                    self._say(Frame("spoken", {"number": number, "text": text}, sound))
            await self._writer.drain()
        self._say(Frame("done", {"number": number}))

    def _say(self, frame: Frame) -> None:
        self._writer.write(written(frame))


def _turn_of(frame: Frame) -> UserTurn:
    said = frame.said
    return UserTurn(
        audio=np.frombuffer(frame.sound, "<i2").astype(np.int16),
        functions=[FunctionDeclaration(**function) for function in said["functions"]],
        language=said["language"],
        history=[Remark(**remark) for remark in said["history"]],
    )
