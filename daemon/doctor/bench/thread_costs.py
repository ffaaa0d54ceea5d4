"""What each thread of this process takes of the processor, and how often it wakes up, as Linux counts it.

The standard library alone: tests/benchmarks/paced_household.py has it measure older checkouts, too.
"""

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple


class ThreadCosts(NamedTuple):
    """A second's, by the name of the thread; "others" are those that Python did not start."""

    cpu_ms: dict[str, float]
    wakes: dict[str, float]


class ThreadMeter:
    """Counts from the moment it is made."""

    def __init__(self, tasks: Path = Path("/proc/self/task"), now_s: Callable[[], float] = time.monotonic) -> None:
        self._tasks = tasks
        self._now_s = now_s
        self._cpu_s, self._wakes = self._so_far()
        self._began_s = now_s()

    @property
    def seconds(self) -> float:
        return self._now_s() - self._began_s

    def read(self) -> ThreadCosts:
        """Since then. Threads that have ended meanwhile are not counted."""
        (cpu_s, wakes), seconds = self._so_far(), self.seconds
        return ThreadCosts(_rates(self._cpu_s, cpu_s, seconds / 1e3), _rates(self._wakes, wakes, seconds))

    def _so_far(self) -> tuple[dict[str, float], dict[str, float]]:
        """CPU seconds and wake-ups of each thread, by its number.

        A thread that waits gives the processor up by itself: after each voluntary switch it wakes up once (proc(5)).
        """
        cpu_s, wakes = {}, {}
        for task in self._tasks.iterdir():
            cpu_s[task.name] = int((task / "schedstat").read_text().split()[0]) / 1e9
            status = dict(line.split(":", 1) for line in (task / "status").read_text().splitlines())
            wakes[task.name] = float(status["voluntary_ctxt_switches"])
        return cpu_s, wakes


def _rates(before: Mapping[str, float], after: Mapping[str, float], seconds: float) -> dict[str, float]:
    names = {str(thread.native_id): thread.name for thread in threading.enumerate()}
    summed: dict[str, float] = {}
    for task, value in after.items():
        name = names.get(task, "others")
        summed[name] = summed.get(name, 0.0) + (value - before.get(task, 0.0)) / seconds
    return {name: round(value, 2) for name, value in summed.items() if value >= 0.005}
