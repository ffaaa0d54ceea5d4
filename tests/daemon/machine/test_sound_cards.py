"""Sound cards as the kernel lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.doctor.checks.chosen_cards import MICROPHONE_CARD, SPEAKER_CARD
from daemon.machine.sound_cards import SOUND_CARDS, Card
from tests.daemon.doctor.cards import HDMI, HEADPHONES, USB, WEBCAM, add_cards
from tests.daemon.doctor.machine import BAD, GOOD, PI, SKIPPED, assert_finding

if TYPE_CHECKING:
    from daemon.machine.check import Check
    from tests.daemon.doctor.machine import Machine


class TestTheCards:
    def test_a_card_that_can_both(self, machine: Machine) -> None:
        add_cards(machine, HDMI, USB)
        assert_finding(machine.finding(SOUND_CARDS), GOOD, "vc4hdmi0", "Device (USB PnP Sound Device)")

    @pytest.mark.parametrize(
        ("cards", "words"),
        [
            ((), "there is no sound card"),
            ((HDMI,), "no sound card but HDMI's"),
            ((HDMI, HEADPHONES), "no sound card can record"),
            ((WEBCAM,), "no sound card can play"),
        ],
    )
    def test_what_is_missing(self, machine: Machine, cards: tuple[tuple[str, str, str], ...], words: str) -> None:
        add_cards(machine, *cards)
        finding = machine.finding(SOUND_CARDS)
        assert_finding(finding, BAD, words)
        assert "plug in" in finding.fix

    def test_a_pi_without_any_sound_has_no_card(self, machine: Machine) -> None:
        machine.file("/proc/device-tree/model", PI)
        assert_finding(machine.finding(SOUND_CARDS), BAD, "there is no sound card")

    @pytest.mark.parametrize("check", [SOUND_CARDS, MICROPHONE_CARD, SPEAKER_CARD], ids=lambda check: check.name)
    def test_a_kernel_without_sound(self, machine: Machine, check: Check) -> None:
        assert_finding(machine.finding(check), SKIPPED, "knows no sound cards")


@pytest.mark.parametrize("card_id", ["vc4hdmi1", "b1", "HDMI"])
def test_a_screen_is_known_by_the_id_that_the_installer_passes_over(card_id: str) -> None:
    assert Card(0, card_id, "some name", captures=False, plays=True).pcm("p") == f"sysdefault:CARD={card_id}"
    assert Card(0, "Device", "some name", captures=False, plays=True).pcm("p") == "plughw:CARD=Device"
