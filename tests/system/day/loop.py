"""An event loop whose time jumps to the next timer when nothing else can happen.

Time stands still while code runs, while a thread works for the loop, and while anything is under way between two
sockets of this process (`wires`). So a TLS handshake takes no time, a slow thread makes no deadline pass, and a day
takes as long as what is computed in it. What other threads or processes do of their own accord is not waited for.
"""

from __future__ import annotations

import asyncio
import selectors
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tests.system.day.wires import TCP, Wires

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Coroutine
    from concurrent.futures import Executor, Future

T = TypeVar("T")

PATIENCE_S: Final = 60.0
"""Real seconds to wait for a thread or a socket; that long means that something hangs."""


class Stuck(RuntimeError):
    """Nothing can happen any more."""


class JumpingSelector(selectors.DefaultSelector):
    """Waits for what is under way, and for nothing else: that has passed at once."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        super().__init__()
        self.now = 0.0
        self.jobs = 0  # of threads
        self.connecting = 0
        self.wires = Wires()
        self._patience_s = patience_s

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._look(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if timeout is None or self._busy():
            return self._wait()
        self.now += timeout
        return []

    def _look(self, timeout_s: float) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready by now, or within so many real seconds."""
        return super().select(timeout_s)

    def _busy(self) -> bool:
        return bool(self.jobs or self.connecting or self.wires.under_way(self._reads))

    def _reads(self, fd: int) -> bool:
        key = self.get_map().get(fd)
        return bool(key and key.events & selectors.EVENT_READ)

    def _wait(self) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._look(self._patience_s)
        if not ready:
            waited_for = f"{self.jobs} jobs of threads, {self.connecting} connects, {self.wires.open_sockets} sockets"
            raise Stuck(f"nothing happened for {self._patience_s:g} s; open are {waited_for}")
        return ready


class SimulatedLoop(asyncio.SelectorEventLoop):
    """Begins at time 0."""

    def __init__(self, selector: JumpingSelector | None = None) -> None:
        self._jumping = selector or JumpingSelector()
        super().__init__(self._jumping)
        self._threads = ThreadPoolExecutor(thread_name_prefix="simulated")
        self.set_default_executor(self._threads)

    def time(self) -> float:
        return self._jumping.now

    @property
    def jobs(self) -> int:
        """What threads still have to do for this loop."""
        return self._jumping.jobs

    @property
    def open_sockets(self) -> int:
        """Ends of connections; without those that listen."""
        return self._jumping.wires.open_sockets

    def open_to(self, port: int) -> int:
        """How many sockets that were connected to this port are open."""
        return self._jumping.wires.open_to(port)

    def run_in_executor(self, executor: Executor | None, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]
        """As asyncio's, and counted until its result is here: the callbacks of a future come in order."""
        work: Future[T] = (executor or self._threads).submit(func, *args)
        self._jumping.jobs += 1
        result = asyncio.wrap_future(work, loop=self)
        work.add_done_callback(lambda _: self.call_soon_threadsafe(self._job_done))
        return result

    def _job_done(self) -> None:
        self._jumping.jobs -= 1

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ARG002
        """As asyncio's, but without its deadline: who joins the threads is a thread that is not counted."""
        await super().shutdown_default_executor()

    def pull(self, port: int) -> None:
        """From now on nothing gets through to `port` or from it; see `wires`."""
        self._jumping.wires.pull(port)

    def plug(self, port: int) -> None:
        """What was sent meanwhile gets there now."""
        self._jumping.wires.plug(port)

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        await self._jumping.wires.plugged(address[1])
        self._jumping.connecting += 1
        try:
            await super().sock_connect(sock, address)
        finally:
            self._jumping.connecting -= 1

    # The two places where asyncio makes a transport of a TCP socket, connected or accepted

    def _make_socket_transport(self, sock: socket.socket, *args: Any, **kwargs: Any) -> Any:
        return super()._make_socket_transport(self._counted(sock), *args, **kwargs)  # type: ignore[misc]

    def _make_ssl_transport(self, rawsock: socket.socket, *args: Any, **kwargs: Any) -> Any:
        return super()._make_ssl_transport(self._counted(rawsock), *args, **kwargs)  # type: ignore[misc]

    def _counted(self, sock: socket.socket) -> socket.socket:
        return self._jumping.wires.counted(sock) if sock.family in TCP else sock


class SingleThreadedLoop(SimulatedLoop):
    """Does what threads are asked for itself, one job after the other: waking them would be most of the work.

    Time stands still for both, so the difference is that a job must not wait for what this loop has still to do. A job
    of which nobody wants the result any more is done all the same, as by a thread that has begun it.
    """

    def run_in_executor(self, _: Executor | None, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]
        result: asyncio.Future[T] = self.create_future()
        self._jumping.jobs += 1
        self.call_soon(self._work, result, func, args)
        return result

    def _work(self, result: asyncio.Future[T], func: Callable[..., T], args: tuple[Any, ...]) -> None:
        self._jumping.jobs -= 1
        try:
            value = func(*args)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is for who awaits it
            if not result.done():
                result.set_exception(error)
        else:
            if not result.done():
                result.set_result(value)


def run_simulated(work: Coroutine[Any, Any, T]) -> T:
    """What `asyncio.run` does, in simulated time."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(work)
