"""The check that asks one question in halves, of the offline server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daemon.doctor.checks.taking_back import TAKING_BACK, ask_in_halves
from daemon.house.sessions import live_options
from daemon.house.settings import Settings
from daemon.machine.finding import Verdict
from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.offline.service.faults import CloseSocket
from tests.daemon.doctor.checks.test_key import with_key

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.doctor.checks.taking_back import Trial
    from tests.daemon.doctor.machine import Machine

HALF = np.full(16_000, 2_000, np.int16)


async def asked(scenario: Scenario, folder: Path) -> tuple[Trial, list[int]]:
    """What came of it, and how many samples arrived in each window."""
    async with LiveServer(ScriptedBrain(scenario), certificate_dir=folder, record=True) as server:
        live = {"endpoint": server.url, "ca_file": str(server.ca_file)}
        options = live_options(Settings.model_validate({"live": live}), "k")
        trial = await ask_in_halves(options, (HALF, HALF))
        return trial, [len(window.samples) for window in (await server.session()).windows]


async def test_half_a_question_is_ended_and_the_whole_is_answered(tmp_path: Path) -> None:
    scenario = Scenario(turns=[[Say("Five.", tone_s=0.1)], [Say("Nine.", tone_s=0.1)]])
    trial, windows = await asked(scenario, tmp_path)
    assert windows == [len(HALF), len(HALF)]
    assert trial.audio_bytes == 4_800
    assert (trial.said, trial.lost) == ("Nine.", "")


async def test_a_session_that_does_not_bear_it_is_told(tmp_path: Path) -> None:
    trial, _ = await asked(Scenario(turns=[[Say("Five.", tone_s=0.1)], [CloseSocket(1011, "no")]]), tmp_path)
    assert trial.lost


def test_nothing_is_asked_without_the_setting_or_consent(machine: Machine) -> None:
    with_key(machine)
    assert machine.finding(TAKING_BACK).verdict is Verdict.SKIPPED
    machine.settings("[listening]\neager = true\n")
    finding = machine.finding(TAKING_BACK)
    assert finding.verdict is Verdict.SKIPPED
    assert "--check-key" in finding.fix
