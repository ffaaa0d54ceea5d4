"""What a benchmark measured, beside its bound."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One figure; `bound` is the largest value that passes, or the smallest with `least`. Both are in `unit`."""

    what: str
    measured: float
    bound: float
    unit: str
    least: bool = False

    @property
    def passes(self) -> bool:
        return self.measured >= self.bound if self.least else self.measured <= self.bound

    def __str__(self) -> str:
        verdict = "pass" if self.passes else "falls short"
        limit = f"at {'least' if self.least else 'most'} {self.bound:.4g}"
        return f"{verdict:12} {self.what}: {self.measured:.4g} {self.unit}, {limit}"


@dataclass
class Figures:
    """Those of one test. All of them are taken down before one that falls short fails it."""

    taken: list[Figure] = field(default_factory=list)

    def at_most(self, bound: float, unit: str, what: str, measured: float) -> None:
        self.taken.append(Figure(what, measured, bound, unit))

    def at_least(self, bound: float, unit: str, what: str, measured: float) -> None:
        self.taken.append(Figure(what, measured, bound, unit, least=True))

    @property
    def short(self) -> list[Figure]:
        return [figure for figure in self.taken if not figure.passes]

    def judge(self) -> None:
        """AssertionError if one falls short, or if there is none."""
        assert self.taken, "no figure was taken"
        assert not self.short, "\n".join(map(str, self.short))
