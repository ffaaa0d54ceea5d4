from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.doctor.checks.small_network import FIRST_STAGE
from daemon.wake.small_model import PACKAGE_MODULES
from tests.daemon.doctor.machine import GOOD, WARNING, assert_finding

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine


@pytest.fixture
def packaged(machine: Machine) -> Machine:
    """The package's modules can be imported, for there is something of their names."""
    for name in PACKAGE_MODULES:
        machine.file(f"/modules/{name}.py", "")
    machine.environ["PYTHONPATH"] = str(machine.root / "modules")
    return machine


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('models = ["alexa"]', "alexa"),
        ('models = ["alexa"]\nfirst_stage = "on"', "alexa"),
        ('models = ["hey_jarvis", "hey_mycroft"]\nfirst_stage = "on"', "hey_jarvis, hey_mycroft"),
    ],
)
def test_there_is_one(packaged: Machine, settings: str, words: str) -> None:
    packaged.settings(f"[wake]\n{settings}\n")
    assert_finding(packaged.finding(FIRST_STAGE), GOOD, f"a small network hears first whether it may be {words}")


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ('first_stage = "off"', "turned off"),
        ('models = ["alexa", "hey_rhasspy"]', "there is no small network for hey_rhasspy"),
        ('models = ["alexa"]\nthreshold = 0.2', "the threshold is below 0.3"),
        ("", "it is not known from real voices whether it loses any hey_jarvis"),
    ],
)
def test_settings_that_have_none_are_no_trouble(packaged: Machine, settings: str, why: str) -> None:
    packaged.settings(f"[wake]\n{settings}\n")
    assert_finding(packaged.finding(FIRST_STAGE), GOOD, why)


def test_a_package_that_cannot_be_imported_is_told_with_what_it_means(packaged: Machine) -> None:
    packaged.file("/modules/pymicro_features.py", "raise ImportError('no wheel for this system')\n")
    packaged.settings('[wake]\nmodels = ["alexa"]\n')
    finding = packaged.finding(FIRST_STAGE)
    assert_finding(finding, WARNING, "no wheel for this system")
    assert "Pipit works as well" in finding.fix
