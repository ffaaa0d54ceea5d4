"""How long each pace waits after the last word, and whom it cuts short: recorded commands, in quiet and in noise.

Everything is counted in samples, by the product's own detector and rules. The fixed rule of 700 ms, which was the only
one before there were paces, is measured beside them in the same run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.hearing.pace import PACES, fixed
from daemon.hearing.voice_activity import VoiceActivity
from tests.benchmarks.end_of_turn import (
    HESITATIONS_MS,
    Clip,
    Waits,
    clip,
    commands,
    hesitating,
    noises,
    short_commands,
    waits,
)

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.sound.pcm import Samples
    from tests.benchmarks.figures import Figures

BEFORE = fixed(700)


NOISES = ("clean", "kitchen", "dishes")


@pytest.fixture(scope="module")
def said(recordings: Path, models: Path) -> dict[str, list[Clip]]:
    """The commands in each noise; those with hesitations; and the short ones."""
    random, voice_activity = np.random.default_rng(3), VoiceActivity(models)
    backgrounds, whole = noises(recordings), commands(recordings)

    def heard(samples: list[Samples], noise: str = "clean") -> list[Clip]:
        return [clip(voice_activity, one, backgrounds[noise], random) for one in samples]

    broken = {ms: [one for samples in whole for one in hesitating(samples, ms, random)] for ms in HESITATIONS_MS}
    return {
        **{noise: heard(whole, noise) for noise in NOISES},
        "short": heard(short_commands(recordings)),
        **{f"hesitating {ms} ms": heard(samples) for ms, samples in broken.items()},
        **{f"hesitating 600 ms, {noise}": heard(broken[600], noise) for noise in NOISES[1:]},
    }


def test_each_pace_beside_the_fixed_rule(said: dict[str, list[Clip]], figures: Figures) -> None:
    commands_heard = [one for noise in NOISES for one in said[noise]]
    hesitations = [one for name, clips in said.items() if name.startswith("hesitating") for one in clips]
    groups = {**said, "commands": commands_heard, "hesitations": hesitations}
    for name, clips in groups.items():
        for pace_name, pace in (("700 ms", BEFORE), *PACES.items()):
            print(f"\n{name} ({len(clips)}), {pace_name}: {waits(clips, pace)}", end="")
    before = waits(commands_heard, BEFORE)
    for pace_name, pace, most, more_cut in (
        ("quick", PACES["quick"], 0.68, 0.5),
        ("normal", PACES["normal"], 0.9, 0.0),
    ):
        now = waits(commands_heard, pace)
        figures.at_most(
            most, "times", f"{pace_name}: median wait, of the fixed rule's", now.median_ms / before.median_ms
        )
        figures.at_most(before.cut + more_cut, "%", f"{pace_name}: commands cut short", now.cut)
    eager = Waits([one.request_ms(PACES["normal"]) for one in commands_heard])
    figures.at_most(
        0.45, "times", "eager: median wait for the request, of the fixed rule's", eager.median_ms / before.median_ms
    )
    figures.at_most(before.cut, "%", "eager: commands cut short", waits(commands_heard, PACES["normal"]).cut)
    for name, clips in groups.items():
        starts = [one.false_starts(PACES["normal"]) for one in clips]
        share = 100 * sum(map(bool, starts)) / len(clips)
        print(f"\n{name}, eager: {sum(starts)} requests taken back, in {share:.1f} % of the utterances", end="")
    before, now = waits(hesitations, BEFORE), waits(hesitations, PACES["normal"])
    figures.at_most(before.cut, "%", "normal: cut in a first hesitation", now.cut)
