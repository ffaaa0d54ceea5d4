"""How many examples the fuzzers of the boundaries try, and how large ones are drawn.

Hypothesis takes some ten milliseconds for a message of nested objects, most of them in its account of each choice.
What `fuzzed` tries is made by plain functions of random numbers: as varied, in a twentieth of the time. What is lost is
that a failing example is shown as it is, with the seed that brings it back, and not made smaller.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from random import Random, SystemRandom
from struct import unpack
from typing import Any, TypeAlias

from tests.repetition import repetitions

EXAMPLES = repetitions("PIPIT_FUZZ_EXAMPLES", usually=2_000, thoroughly=10_000)

Draw: TypeAlias = Callable[[Random], Any]
"""Makes a value of the numbers that it is given."""


def fuzzed(*, share: int = 1, **draws: Draw) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Has a test tried with `EXAMPLES` of what `draws` make, or a `share` of so many; it takes them by their names.

    A run begins anywhere; PIPIT_FUZZ_SEED begins with one example, as the note on a failure says.
    """

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def tried(*args: Any, **fixtures: Any) -> None:
            first = int(os.environ.get("PIPIT_FUZZ_SEED") or SystemRandom().getrandbits(63))
            for seed in range(first, first + max(1, EXAMPLES // share)):
                random = Random(seed)  # noqa: S311 - nothing is secret here
                example = {name: draw(random) for name, draw in draws.items()}
                try:
                    test(*args, **fixtures, **example)
                except BaseException as error:
                    error.add_note(f"PIPIT_FUZZ_SEED={seed}: {example!r}")
                    raise

        signature = inspect.signature(test)
        kept = [parameter for name, parameter in signature.parameters.items() if name not in draws]
        tried.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
        return tried

    return decorate


def sampled(*values: Any) -> Draw:
    return lambda random: random.choice(values)


def any_of(*draws: Draw) -> Draw:
    return lambda random: random.choice(draws)(random)


def mapped(function: Callable[[Any], Any], draw: Draw) -> Draw:
    return lambda random: function(draw(random))


def integers(least: int, most: int) -> Draw:
    return lambda random: random.randint(least, most)


def data(most: int) -> Draw:
    return lambda random: random.randbytes(random.randint(0, most))


def between(least: float, most: float) -> Draw:
    return lambda random: random.uniform(least, most)


def doubles(random: Random) -> float:
    """Any that there are, infinities and what is no number among them."""
    return float(unpack("<d", random.randbytes(8))[0])


def letters(most: int, *, of: str = "") -> Draw:
    """Those of `of`; else any that there are, halves of pairs among them, in all ranges alike."""

    def letter(random: Random) -> str:
        return random.choice(of) if of else chr(random.randrange(random.choice((0x80, 0x800, 0x10000, 0x110000))))

    return lambda random: "".join(letter(random) for _ in range(random.randint(0, most)))


def tupled(*draws: Draw) -> Draw:
    return lambda random: tuple(draw(random) for draw in draws)


def several(draw: Draw, most: int, *, least: int = 0) -> Draw:
    return lambda random: [draw(random) for _ in range(random.randint(least, most))]


def fields(**draws: Draw) -> Draw:
    """An object of all of these."""
    return lambda random: {name: draw(random) for name, draw in draws.items()}


def some_fields(draws: Mapping[str, Draw]) -> Draw:
    """An object of any of these, in any order."""
    names: Sequence[str] = list(draws)

    def draw(random: Random) -> dict[str, Any]:
        return {name: draws[name](random) for name in random.sample(names, random.randint(0, len(names)))}

    return draw


def keyed(key: Draw, value: Draw, most: int) -> Draw:
    return lambda random: {key(random): value(random) for _ in range(random.randint(0, most))}
