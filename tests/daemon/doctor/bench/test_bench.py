"""What is told of figures, by a process that has given some. `test_bench_process.py` has real ones."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from daemon.doctor.bench.bench import SOURCES, Bench, BenchFailed, bench
from daemon.doctor.examining.patient import Patient
from daemon.house.settings import Settings
from daemon.machine.finding import CannotTell, Finding, bad, good
from daemon.machine.site import Completed
from tests.daemon.doctor.bench.measuring import site, value
from tests.daemon.processes import run_module

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[4]
MEASURED = {
    "start_s": 2.0,
    "resident_mb": 81.0,
    "resident_with_session_mb": 101.0,
    "session_load_s": 8.0,
    "rest_cpu_ms": 60.0,
    "rest_wakes": {"speaker": 50.0, "MainThread": 1.25, "microphone": 12.5},
    "reference_ms": 30.0,
    "quiet_hop_ms": 0.3,
    "gate_opens_ms": 150.0,
    "speech_hop_ms": 12.0,
    "speech_hop_p99_ms": 18.0,
    "silero_window_ms": 2.0,
}


class Elsewhere(Patient):
    """A machine whose process has given these figures."""

    figures = MEASURED

    def run(self, command: object, timeout_s: float = 5.0) -> Completed:  # noqa: ARG002
        return Completed(0, json.dumps(self.figures))


def elsewhere(**figures: float) -> Patient:
    return type("Elsewhere", (Elsewhere,), {"figures": MEASURED | figures})(settings=Settings())


@pytest.fixture
def measured() -> Bench:
    return bench(elsewhere())


def test_ratios_are_to_the_loop_of_the_same_run(measured: Bench) -> None:
    unit = value(measured, "reference loop")
    for figure in measured.figures:
        assert figure.ratio == (pytest.approx(figure.value / unit) if figure.unit.startswith("ms") else 0)


def test_the_table_has_every_figure_and_every_source_it_refers_to(measured: Bench) -> None:
    text = measured.as_text()
    for figure in measured.figures:
        assert figure.name in text
    for number, source in enumerate(SOURCES, 1):
        assert f"[{number}]" in text.split("ratio: ")[0], source
        assert source in text


def test_json_has_them_too(measured: Bench) -> None:
    read = json.loads(measured.as_json())
    assert [figure["name"] for figure in read["figures"]] == [figure.name for figure in measured.figures]
    assert read["warnings"] == list(measured.warnings)


def test_a_machine_that_is_too_slow_is_told() -> None:
    assert bench(elsewhere(speech_hop_ms=39.9)).warnings == ()
    (warning,) = bench(elsewhere(speech_hop_ms=52)).warnings
    assert "takes 52 of the 80 ms" in warning
    assert "warning: the wake word" in bench(elsewhere(speech_hop_ms=52)).as_text()


def test_a_machine_that_is_too_small_is_told() -> None:
    (warning,) = bench(elsewhere(resident_with_session_mb=230)).warnings
    assert "230 MB" in warning


def test_the_share_of_a_core() -> None:
    shown = bench(elsewhere(speech_hop_ms=12)).as_text()
    assert "12 ms a hop, 15 % of a core" in shown


def test_wake_ups_are_told_by_thread_and_together() -> None:
    rested = bench(elsewhere())
    assert value(rested, "… wake-ups") == 63.75
    assert "63.8 a second, speaker 50.0, microphone 12.5, MainThread 1.2" in rested.as_text()


def test_the_network_is_left_alone_unless_told() -> None:
    assert not [figure for figure in bench(elsewhere()).figures if "TLS" in figure.name]


def test_the_time_to_connect_is_the_best_of_three() -> None:
    times = iter((90, 60, 70))

    def connect(_: Patient) -> Finding:
        return good("TLS works", milliseconds=next(times))

    assert value(bench(elsewhere(), connect), "TLS with the service") == 60


def test_a_network_that_does_not_answer_leaves_the_figure_out() -> None:
    figures = bench(elsewhere(), lambda _: bad("no answer", "check it")).figures
    assert not [figure for figure in figures if "TLS" in figure.name]


def test_a_network_that_cannot_be_told_does_not_end_the_bench() -> None:
    def connect(_: Patient) -> Finding:
        raise CannotTell("the name is not found")

    assert bench(elsewhere(), connect).figures


class Becoming(Patient):
    """A machine whose process is a module that becomes one sooner than a Python that begins."""

    def run(self, command: Sequence[str], timeout_s: float = 5.0) -> Completed:  # noqa: ARG002
        module = "daemon.doctor.bench.bench_process"
        done = run_module(module, *command[list(command).index(module) + 1 :])
        return Completed(done.returncode, done.stdout, done.stderr)


def test_without_models_it_says_why(tmp_path: Path) -> None:
    with pytest.raises(BenchFailed, match="could not be measured") as failed:
        bench(Becoming(settings=site(tmp_path).settings), seconds=1)
    assert "hey_jarvis" in str(failed.value)


def test_what_is_shown_of_a_group_of_errors_is_its_cause_and_not_its_frame() -> None:
    errors = "  + Exception Group Traceback\n    | OSError: no card\n    +------------------------------------\n"

    class Failing(Elsewhere):
        def run(self, command: object, timeout_s: float = 5.0) -> Completed:
            del command, timeout_s
            return Completed(1, "", errors)

    with pytest.raises(BenchFailed, match=r"measured \(OSError: no card\)"):
        bench(Failing(settings=Settings()))


def test_without_settings_it_says_so() -> None:
    with pytest.raises(BenchFailed, match="no settings"):
        bench(Patient(settings=None))


def test_it_is_a_process_of_its_own_that_gets_no_key() -> None:
    asked: list[list[str]] = []

    class Asked(Elsewhere):
        def run(self, command: object, timeout_s: float = 5.0) -> Completed:
            asked.append(list(command))  # type: ignore[call-overload]
            return super().run(command, timeout_s)

    bench(Asked(settings=Settings(), environ={"GEMINI_API_KEY": "secret"}))
    assert asked[0][0] == sys.executable
    assert "daemon.doctor.bench.bench_process" in asked[0]
    assert "secret" not in " ".join(asked[0])


def test_it_gets_the_settings_of_what_hears_and_speaks_and_no_other() -> None:
    asked: list[list[str]] = []

    class Asked(Elsewhere):
        def run(self, command: object, timeout_s: float = 5.0) -> Completed:
            asked.append(list(command))  # type: ignore[call-overload]
            return super().run(command, timeout_s)

    settings = Settings.model_validate(
        {"wake": {"first_stage": "off"}, "speaker": {"pauses": "always"}, "microphone": {"rate_hz": 48_000}}
    )
    bench(Asked(settings=settings))
    (tables,) = [argument for argument in asked[0] if argument.startswith("{")]
    assert json.loads(tables).keys() == {"wake", "speaker", "microphone"}
    assert Settings.model_validate_json(tables) == settings
