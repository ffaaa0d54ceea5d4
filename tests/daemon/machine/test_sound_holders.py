"""Who holds a sound card, or might."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.daemon.doctor.cards import hold, run
from tests.daemon.machine.planned import told

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine


class TestSound:
    def test_nobody_holds_a_card(self, well: Machine) -> None:
        assert told(well, "sound") == "ok nobody holds a sound card"

    def test_a_card_that_pipit_itself_holds(self, well: Machine) -> None:
        hold(well, 0, "c", "python3", "/system.slice/pipit.service", 812)
        hold(well, 0, "p", "pipit", "/user.slice", 900)
        assert told(well, "sound") == "ok nobody holds a sound card"

    def test_a_card_that_another_program_holds_named_once(self, well: Machine) -> None:
        hold(well, 0, "c", "arecord", "/user.slice", 812)
        hold(well, 0, "p", "arecord", "/user.slice", 812)
        well.file("/proc/asound/card1/pcm0c/sub0/status", "state: RUNNING\nowner_pid   : 4711\n")
        assert told(well, "sound") == (
            "note held by arecord (card0), process 4711 (card1): end that, or Pipit cannot hear and speak"
        )

    @pytest.mark.parametrize("server", ["pipewire", "pulseaudio"])
    def test_sound_servers_are_explained(self, well: Machine, server: str) -> None:
        run(well, server, process=640)
        assert told(well, "sound").startswith(f"note {server} runs: it may take the card")
        hold(well, 0, "p", server, "/user.slice", 640)
        assert told(well, "sound").startswith(f"note held by {server} (card0): a desktop's sound server")

    def test_no_card_yet(self, machine: Machine) -> None:
        assert told(machine, "sound").startswith("note no sound card yet")
        machine.file("/proc/asound/cards", "--- no soundcards ---\n")
        assert told(machine, "sound").startswith("note no sound card yet")

    def test_a_name_that_cannot_be_seen_stays_on_its_line(self, well: Machine) -> None:
        hold(well, 0, "c", "a\tb\nrefused\tx\ty", "/user.slice")
        assert told(well, "sound").startswith(r"note held by a\tb\nrefused\tx\ty (card0): end that")
