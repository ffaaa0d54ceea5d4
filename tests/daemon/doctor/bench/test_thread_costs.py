"""Files as of proc(5), and a clock that is moved; that the kernel writes such is seen in `test_bench_process`."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from daemon.doctor.bench.thread_costs import ThreadMeter

if TYPE_CHECKING:
    from pathlib import Path

THIS = str(threading.main_thread().native_id)
NAME = threading.main_thread().name


def lives(tasks: Path, thread: str, cpu_ns: int, wakes: int) -> None:
    folder = tasks / thread
    folder.mkdir(exist_ok=True)
    (folder / "schedstat").write_text(f"{cpu_ns} 77 88\n")
    (folder / "status").write_text(
        f"Name:\tpython: 3\nvoluntary_ctxt_switches:\t{wakes}\nnonvoluntary_ctxt_switches:\t9\n"
    )


def test_what_each_thread_took_since_then_by_the_second_and_by_name(tmp_path: Path) -> None:
    lives(tmp_path, THIS, 1_000_000_000, 100)
    lives(tmp_path, "1", 0, 5)
    now_s = 50.0
    meter = ThreadMeter(tmp_path, lambda: now_s)
    now_s = 54.0
    lives(tmp_path, THIS, 1_020_000_000, 160)
    lives(tmp_path, "2", 2_000_000, 2)
    lives(tmp_path, "3", 2_000_000, 2)
    costs = meter.read()
    assert meter.seconds == 4
    assert costs.cpu_ms == {NAME: 5, "others": 1}
    assert costs.wakes == {NAME: 15, "others": 1}


def test_a_thread_that_only_waits_takes_nothing(tmp_path: Path) -> None:
    lives(tmp_path, THIS, 1_000_000_000, 100)
    meter = ThreadMeter(tmp_path, iter((0.0, 1.0)).__next__)
    costs = meter.read()
    assert (costs.cpu_ms, costs.wakes) == ({}, {})
