"""Whether what the device says by itself is written, and spoken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.doctor.checks.own_voice import OWN_VOICE
from tests.daemon.doctor.machine import GOOD, WARNING, assert_finding
from tests.daemon.speech.scripts import voice

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine


def speaks(machine: Machine, language: str) -> None:
    machine.settings(f'[household]\nlanguage = "{language}"\n')


@pytest.mark.parametrize(("language", "asked"), [("de-CH", "de-CH"), ("pt", "pt-BR"), ("en", "en-us")])
def test_espeak_speaks_it(machine: Machine, language: str, asked: str) -> None:
    speaks(machine, language)
    machine.program("espeak-ng")
    assert_finding(machine.finding(OWN_VOICE), GOOD, "what Pipit says by itself is in", "by espeak-ng")
    assert machine.calls("espeak-ng") == [f"-q -v {asked} a"]


def test_rhvoice_speaks_it(machine: Machine) -> None:
    speaks(machine, "pl")
    machine.program("RHVoice-test")
    machine.program("espeak-ng")
    voice(machine.root / "usr/share/RHVoice/voices", "magda", "Magda", "Polish")
    finding = machine.finding(OWN_VOICE)
    assert_finding(finding, GOOD, 'in "pl", by RHVoice')
    assert finding.facts == {"language": "pl", "voice": "RHVoice"}


def test_without_settings_it_is_english(machine: Machine) -> None:
    machine.program("espeak-ng")
    assert_finding(machine.finding(OWN_VOICE), GOOD, 'in "en"')


def test_a_language_without_sentences(machine: Machine) -> None:
    speaks(machine, "sv")
    machine.program("espeak-ng")
    finding = machine.finding(OWN_VOICE)
    assert_finding(finding, WARNING, 'no sentences in "sv", so what Pipit says by itself is English')
    assert "pt-BR" in finding.fix


def test_no_program_that_speaks(machine: Machine) -> None:
    finding = machine.finding(OWN_VOICE)
    assert_finding(finding, WARNING, "there is no espeak-ng, so failures are told by tones alone")
    assert finding.fix == "sudo apt install espeak-ng"


def test_a_program_without_the_language(machine: Machine) -> None:
    speaks(machine, "it")
    machine.program("espeak-ng", status=1, errors="The specified espeak-ng voice does not exist.")
    assert_finding(machine.finding(OWN_VOICE), WARNING, 'espeak-ng does not speak "it"')
