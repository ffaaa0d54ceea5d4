"""How long `pipit check` takes with the length of the file: as a ratio, for no two machines are alike."""

import time
from pathlib import Path

from daemon.house.file import check
from tests.benchmarks.figures import Figures

DEVICE = '[[device]]\nname = "lamp {0}"\nkind = "led"\npin = {1}\n'


def quickest_s(path: Path, count: int) -> float:
    path.write_text("".join(DEVICE.format(number, number % 28) for number in range(count)))
    taken = []
    for _ in range(3):
        begin = time.process_time()
        assert len(check(path).problems) > count - 28
        taken.append(time.process_time() - begin)
    return min(taken)


def test_twice_the_devices_take_twice_the_time(tmp_path: Path, figures: Figures) -> None:
    quickest_s(tmp_path / "pipit.toml", 10)
    once, twice = (quickest_s(tmp_path / "pipit.toml", count) for count in (1_000, 2_000))
    print(f"1000 devices {once * 1000:.0f} ms, 2000 devices {twice * 1000:.0f} ms, ratio {twice / once:.2f}")
    figures.at_most(2.5, "times as long", "check of 2,000 devices, against 1,000", twice / once)
