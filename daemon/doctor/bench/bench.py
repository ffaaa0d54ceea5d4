"""`pipit doctor --bench`: this machine's figures, beside those of docs/benchmarks.md and published ones."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from daemon.doctor.examining.child import own_module
from daemon.errors import PipitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from daemon.doctor.bench.bench_process import Figures
    from daemon.doctor.examining.patient import Patient
    from daemon.machine.finding import Finding

HOP_MS: Final = 80.0
WINDOW_MS: Final = 32.0
MOST_OF_A_HOP_MS: Final = 40.0
"""Half of the time there is. Above it a busy moment makes the wake word late; at 80 the engine never catches up."""
LARGE_MB: Final = 220.0
"""What a board of 512 MB, of which 417 are the system's to give, can spare beside 130 of its own."""

DEADLINE_S: Final = 180.0
SECONDS: Final = 10.0
"""Of each kind of sound: 125 hops."""
TLS_ATTEMPTS: Final = 3

SOURCES: Final = (
    "openWakeWord README: one core of a Raspberry Pi 3 runs 15 to 20 models at once in real time: below 80 ms there",
    "rhasspy/wyoming-openwakeword #47: 70 to 100 % of one core of a Zero 2 W, by another build of the same models",
    "dscripka/openWakeWord #153: the listener of Open Voice OS, 23.9 % of a core and 225 MB, board not named",
    "silero-vad README: a chunk of 30 ms or more takes around 1 ms on one CPU thread",
    "bounds of docs/benchmarks.md",
)


class BenchFailed(PipitError):
    """The process that measures could not."""


@dataclass(frozen=True)
class Figure:
    """One figure. `ratio` is the CPU time as a multiple of the reference loop's, 0 where that says nothing.

    `there` is the same on the machine of docs/benchmarks.md; `published` refers to SOURCES, the first of which is 1.
    """

    name: str
    value: float
    unit: str
    note: str = ""
    ratio: float = 0.0
    there: str = ""
    published: str = ""


@dataclass(frozen=True)
class Bench:
    """What was measured, and what is to be said of it."""

    figures: tuple[Figure, ...]
    warnings: tuple[str, ...]

    def as_text(self) -> str:
        """A table, what its numbers in brackets mean, and the warnings."""
        rows = [("", "this machine", "ratio", "EPYC VM", "published")]
        rows += [
            (figure.name, _shown(figure), f"{figure.ratio:.3g}" if figure.ratio else "", figure.there, figure.published)
            for figure in self.figures
        ]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        table = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        notes = [
            "ratio: to the CPU time of a fixed loop in the same run, to compare machines by",
            "EPYC VM: the machine of docs/benchmarks.md, x86-64, busy; fewest at rest where the speaker may pause",
            *(f"[{number}] {source}" for number, source in enumerate(SOURCES, 1)),
        ]
        return "\n".join([*table, "", *notes, *(f"\nwarning: {warning}" for warning in self.warnings)])

    def as_json(self) -> str:
        figures = [asdict(figure) for figure in self.figures]
        return json.dumps({"figures": figures, "sources": SOURCES, "warnings": self.warnings}, indent=2)


def bench(site: Patient, connect: Callable[[Patient], Finding] | None = None, *, seconds: float = SECONDS) -> Bench:
    """Measure; takes half a minute on a small Pi. Raises BenchFailed if the models are missing or it takes too long.

    `connect` is the doctor's check of TLS, whose finding has its `milliseconds`; None leaves the network alone.
    """
    figures = _measured(site, seconds)
    times = list(_connecting_ms(site, connect)) if connect else []
    return Bench(tuple(_figures(figures, times)), tuple(_warnings(figures)))


def _connecting_ms(site: Patient, connect: Callable[[Patient], Finding]) -> Iterator[float]:
    """Milliseconds of some attempts; none of those that fail, which is the doctor's to explain."""
    for _ in range(TLS_ATTEMPTS):
        try:
            finding = connect(site)
        except PipitError:
            return
        if "milliseconds" in finding.facts:
            yield float(finding.facts["milliseconds"])


def _measured(site: Patient, seconds: float) -> Figures:
    if site.settings is None:
        raise BenchFailed("there are no settings that can be used", fix="`pipit check` says what is wrong")
    tables = site.settings.model_dump_json(include={"wake", "microphone", "speaker"})
    command = own_module("daemon.doctor.bench.bench_process", tables, str(seconds))
    done = site.run(command, DEADLINE_S)
    if not done.ok:
        why = done.last_error or "it took too long"
        raise BenchFailed(
            f"the figures could not be measured ({why})", fix="see what `pipit doctor` says of the models"
        )
    figures: Figures = json.loads(done.output)
    return figures


def _figures(measured: Figures, tls_ms: Sequence[float]) -> list[Figure]:
    unit = measured["reference_ms"]
    speech, quiet = measured["speech_hop_ms"], measured["quiet_hop_ms"]
    silero, opens = measured["silero_window_ms"], measured["gate_opens_ms"]
    wakes = measured["rest_wakes"]
    return [
        Figure("reference loop", unit, "ms", ratio=1.0, there="2.2 to 5.5"),
        Figure(
            "wake word, speech",
            speech,
            "ms a hop",
            _share(speech, HOP_MS),
            speech / unit,
            "2.3 to 2.5",
            "<80 [1], 56 to 80 [2], 19 [3]",
        ),
        Figure(
            "… slowest of 100 hops", measured["speech_hop_p99_ms"], "ms", ratio=measured["speech_hop_p99_ms"] / unit
        ),
        Figure("wake word, quiet room", quiet, "ms a hop", _share(quiet, HOP_MS), quiet / unit, "0.22 to 0.27"),
        Figure("… when somebody begins to speak", opens, "ms once", "", opens / unit, "26 to 34"),
        Figure("end of speech", silero, "ms a window", _share(silero, WINDOW_MS), silero / unit, "1.0 to 1.2", "1 [4]"),
        Figure("at rest, quiet room", measured["rest_cpu_ms"] / 10, "% of a core", "", 0, "0.7 to 2.3"),
        Figure("… wake-ups", sum(wakes.values()), "a second", _by_thread(wakes), 0, "15 to 65"),
        Figure("resident, listening", measured["resident_mb"], "MB", "", 0, "92", "90 [5], 225 [3]"),
        Figure("resident, ready to talk", measured["resident_with_session_mb"], "MB", "", 0, "114 to 115", "130 [5]"),
        Figure("start until it hears", measured["start_s"], "s", "", 0, "0.56 to 0.68", "2 [5]"),
        Figure("loading what a session needs", measured["session_load_s"], "s", "", 0, "0.5"),
        *([Figure("TLS with the service", min(tls_ms), "ms", f"best of {len(tls_ms)}")] if tls_ms else []),
    ]


def _warnings(measured: Figures) -> list[str]:
    warnings = []
    if measured["speech_hop_ms"] > MOST_OF_A_HOP_MS:
        warnings.append(
            f"the wake word takes {measured['speech_hop_ms']:.0f} of the {HOP_MS:g} ms there are: leave gate on and"
            " listen for one wake word under [wake], and see whether the board throttles (`vcgencmd get_throttled`)"
        )
    if measured["resident_with_session_mb"] > LARGE_MB:
        warnings.append(
            f"it takes {measured['resident_with_session_mb']:.0f} MB, more than a board of 512 MB can spare"
        )
    return warnings


def _share(milliseconds: float, of_ms: float) -> str:
    return f"{100 * milliseconds / of_ms:.2g} % of a core"


def _by_thread(wakes: Mapping[str, float]) -> str:
    """The threads that wake up oftenest, first."""
    most = sorted(wakes.items(), key=lambda wake: -wake[1])
    return ", ".join(f"{name} {number:.1f}" for name, number in most)


def _shown(figure: Figure) -> str:
    value = f"{figure.value:.3g} {figure.unit}"
    return f"{value}, {figure.note}" if figure.note else value
