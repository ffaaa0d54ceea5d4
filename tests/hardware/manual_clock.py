"""Time that a test moves by hand."""

import asyncio


class ManualClock:
    """Implements `hardware.fake.Clock`; nothing wakes until `advance`."""

    def __init__(self) -> None:
        self._now = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self._now

    async def sleep_until(self, deadline: float) -> None:
        if deadline <= self._now:
            await asyncio.sleep(0)
            return
        awoken = asyncio.get_running_loop().create_future()
        self._sleepers.append((deadline, awoken))
        await awoken

    async def advance(self, seconds: float) -> None:
        """Wake every sleeper that is due in the next `seconds`, in order, each at its own time."""
        end = self._now + seconds
        await self.settle()
        while due := [sleeper for sleeper in self._sleepers if sleeper[0] <= end + 1e-9]:
            sleeper = min(due, key=lambda sleeper: sleeper[0])
            self._sleepers.remove(sleeper)
            self._now = max(self._now, sleeper[0])
            if not sleeper[1].done():
                sleeper[1].set_result(None)
            await self.settle()
        self._now = end

    async def settle(self) -> None:
        """Let every task run until it sleeps."""
        for _ in range(10):
            await asyncio.sleep(0)


class ManualTimers:
    """Implements `hardware.header.factory.Later`: callbacks that come when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pending: list[ManualTimer] = []

    def __call__(self, delay_s: float, callback: object) -> "ManualTimer":
        timer = ManualTimer(self, self.now + delay_s, callback)
        self.pending.append(timer)
        return timer

    def advance(self, seconds: float) -> None:
        """Call back what is due in the next `seconds`, in order."""
        end = self.now + seconds
        while due := [timer for timer in self.pending if timer.at <= end + 1e-9]:
            timer = min(due, key=lambda timer: timer.at)
            self.pending.remove(timer)
            self.now = timer.at
            timer.callback()
        self.now = end


class ManualTimer:
    def __init__(self, timers: ManualTimers, at: float, callback: object) -> None:
        self.timers, self.at, self.callback = timers, at, callback

    def cancel(self) -> None:
        if self in self.timers.pending:
            self.timers.pending.remove(self)
