from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.machine.facts import PROGRAM_MB, STATE_MB
from daemon.machine.storage import DISK, DISK_WRITABLE, JOURNAL, STATE, Space, examine_space
from tests.daemon.doctor.machine import BAD, GOOD, SKIPPED, WARNING, assert_finding

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.machine.finding import Verdict
    from tests.daemon.doctor.machine import Machine

CARD = "/dev/mmcblk0p2 / ext4 {} 0 0\nproc /proc proc rw 0 0\n"


class TestSpace:
    @pytest.mark.parametrize(
        ("free_mb", "files", "verdict", "words"),
        [
            (9_000, 500_000, GOOD, "9,000 MB free"),
            (9_000, None, GOOD, "9,000 MB free"),
            (300, 500_000, WARNING, "too little for an upgrade"),
            (12, 500_000, BAD, "is full: 12 MB"),
            (9_000, 0, BAD, "no more files"),
        ],
    )
    def test_of_the_fullest(
        self, machine: Machine, free_mb: int, files: int | None, verdict: Verdict, words: str
    ) -> None:
        machine.file(f"{STATE}/.there")

        def look(path: Path) -> Space:
            return Space(free_mb, files) if path.name == "pipit" else Space(free_mb + 5_000, 900_000)

        finding = examine_space(machine.site(), look)
        assert_finding(finding, verdict, STATE, words)

    @pytest.mark.parametrize(("free_mb", "verdict"), [(PROGRAM_MB + STATE_MB, GOOD), (600, WARNING), (1799, WARNING)])
    def test_what_the_installer_would_refuse_is_no_good_disk(
        self, machine: Machine, free_mb: int, verdict: Verdict
    ) -> None:
        machine.file(f"{STATE}/.there")
        finding = examine_space(machine.site(), lambda _: Space(free_mb, None))
        assert_finding(finding, verdict, "too little for an upgrade, which takes 1800 MB" if verdict is WARNING else "")

    @pytest.mark.parametrize(
        ("program_mb", "state_mb", "words"),
        [
            (PROGRAM_MB, STATE_MB, ""),
            (PROGRAM_MB - 1, STATE_MB, "/opt has 1499 MB free, too little for an upgrade, which takes 1500 MB"),
            (PROGRAM_MB, STATE_MB - 1, f"{STATE} has 299 MB free, too little for an upgrade, which takes 300 MB"),
        ],
    )
    def test_a_state_on_a_file_system_of_its_own_needs_less(
        self, machine: Machine, program_mb: int, state_mb: int, words: str
    ) -> None:
        machine.file(f"{STATE}/.there")
        machine.file("/opt/.there")

        def look(path: Path) -> Space:
            return Space(state_mb, None, 2) if path.name == "pipit" else Space(program_mb, None, 1)

        assert_finding(examine_space(machine.site(), look), WARNING if words else GOOD, words)

    def test_of_this_machine(self, machine: Machine) -> None:
        machine.root.mkdir()
        assert int(machine.finding(DISK).facts["free_mb"]) > 0


class TestWriting:
    def test_a_disk_that_can_be_written(self, machine: Machine) -> None:
        machine.file("/proc/mounts", CARD.format("rw,noatime"))
        assert_finding(machine.finding(DISK_WRITABLE), GOOD, "can be written")

    def test_a_card_that_the_kernel_has_given_up(self, machine: Machine) -> None:
        machine.file("/proc/mounts", CARD.format("ro,noatime"))
        machine.file("/etc/fstab", "PARTUUID=1234-02  /  ext4  defaults,noatime  0  1\n")
        machine.file(f"{STATE}/.there")
        finding = machine.finding(DISK_WRITABLE)
        assert_finding(finding, BAD, "made read-only", "SD card")
        assert "new card" in finding.fix

    def test_a_root_that_is_meant_to_be_read_only_with_a_state_that_is_not(self, machine: Machine) -> None:
        machine.file("/proc/mounts", CARD.format("ro") + f"tmpfs {STATE} tmpfs rw 0 0\n")
        machine.file("/etc/fstab", "PARTUUID=1234-02  /  ext4  ro  0  1\n")
        machine.file(f"{STATE}/.there")
        assert_finding(machine.finding(DISK_WRITABLE), GOOD, f"{STATE} can be written")

    def test_a_state_that_is_read_only_on_purpose(self, machine: Machine) -> None:
        machine.file("/proc/mounts", CARD.format("ro"))
        machine.file("/etc/fstab", "PARTUUID=1234-02  /  ext4  ro  0  1\n")
        machine.file(f"{STATE}/.there")
        finding = machine.finding(DISK_WRITABLE)
        assert_finding(finding, BAD, f"{STATE} cannot be written")
        assert "mount" in finding.fix

    def test_an_overlay_forgets(self, machine: Machine) -> None:
        mounts = CARD.format("ro") + "overlay / overlay rw,lowerdir=/lower 0 0\n"
        machine.file("/proc/mounts", mounts)
        machine.file(f"{STATE}/.there")
        assert_finding(machine.finding(DISK_WRITABLE), GOOD, "forgets at a restart")

    def test_a_kernel_that_does_not_say(self, machine: Machine) -> None:
        assert_finding(machine.finding(DISK_WRITABLE), SKIPPED)


class TestTheJournal:
    VOLATILE = "/usr/lib/systemd/journald.conf.d/40-rpi-volatile-storage.conf"

    def test_it_is_in_memory_on_raspberry_pi_os(self, machine: Machine) -> None:
        machine.file("/etc/systemd/journald.conf", "[Journal]\n#Storage=auto\n")
        machine.file(self.VOLATILE, "[Journal]\nStorage=volatile\n")
        machine.file("/var/log/journal/.there")
        finding = machine.finding(JOURNAL)
        assert_finding(finding, GOOD, "kept in memory")
        assert "Storage=persistent" in finding.fix
        assert finding.facts == {"storage": "volatile"}

    def test_a_later_drop_in_wins(self, machine: Machine) -> None:
        machine.file(self.VOLATILE, "[Journal]\nStorage=volatile\n")
        machine.file("/etc/systemd/journald.conf.d/99-keep.conf", "[Journal]\nStorage = persistent\n")
        assert_finding(machine.finding(JOURNAL), GOOD, "kept over a restart")

    def test_one_of_the_same_name_replaces_it(self, machine: Machine) -> None:
        machine.file(self.VOLATILE, "[Journal]\nStorage=volatile\n")
        machine.file(self.VOLATILE.replace("/usr/lib", "/etc"), "")
        machine.file("/var/log/journal/.there")
        assert_finding(machine.finding(JOURNAL), GOOD, "kept over a restart")

    def test_without_a_folder_it_is_in_memory(self, machine: Machine) -> None:
        machine.file("/etc/systemd/journald.conf", "[Journal]\n")
        assert_finding(machine.finding(JOURNAL), GOOD, "kept in memory")

    def test_no_systemd(self, machine: Machine) -> None:
        assert_finding(machine.finding(JOURNAL), SKIPPED, "no systemd")
