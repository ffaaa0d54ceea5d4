"""What could stop an installation: each check on a machine that is well, one that is not, one that does not tell."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from daemon.machine.apt import CHECKOUT, Plan
from daemon.machine.boot import BOOT_CONFIG, managed_lines
from daemon.machine.check import Check, examine_one
from daemon.machine.clock import CLOCK
from daemon.machine.facts import PROGRAM_MB, RELEASED, STATE_MB, SYNCHRONIZED
from daemon.machine.power import FIRMWARE
from daemon.machine.preflight import CHECKS, lines, main
from daemon.machine.storage import DISK, STATE, Space, examine_space, room_for_installing
from hardware.errors import PipitError
from tests.daemon.doctor.cards import hold
from tests.daemon.doctor.machine import BAD, GOOD, PI, Machine
from tests.daemon.machine.planned import plan, told

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.machine.finding import Finding, Verdict

BLOCK = "# >>> pipit (managed) >>>\ndtparam=spi=on\n# <<< pipit (managed) <<<\n"


def test_a_machine_that_is_well(well: Machine) -> None:
    found = [line.split("\t") for line in lines(plan(well))]
    assert [line[:2] for line in found] == [["ok", name] for name, _ in CHECKS]
    assert all(len(line) == 4 for line in found)


def test_nothing_is_written(well: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = well.folder / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    before = {path: path.stat().st_mtime_ns for path in well.root.rglob("*")}
    assert len(list(lines(plan(well)))) == len(CHECKS)
    assert before == {path: path.stat().st_mtime_ns for path in well.root.rglob("*")}
    assert not list(temporary.iterdir())


class TestDisk:
    @pytest.mark.parametrize(
        ("free_mb", "verdict", "words"),
        [
            (1800, GOOD, "1800 MB free in {root}/"),
            (1799, BAD, "only 1799 MB are free in {root}/, and it takes 1800 MB"),
            (600, BAD, "only 600 MB are free in {root}/, and it takes 1800 MB"),
        ],
    )
    def test_one_file_system(self, well: Machine, free_mb: int, verdict: Verdict, words: str) -> None:
        finding = room_for_installing(plan(well), lambda _: Space(free_mb, None))
        assert (finding.verdict, finding.sentence) == (verdict, words.format(root=well.root))
        assert ("apt-get clean" in finding.fix) == (verdict is BAD)

    @pytest.mark.parametrize(
        ("program_mb", "state_mb", "verdict", "words"),
        [
            (PROGRAM_MB, STATE_MB, GOOD, "300 MB free in {root}/var/lib"),
            (PROGRAM_MB - 1, STATE_MB, BAD, "only 1499 MB are free in {root}/opt, and it takes 1500 MB"),
            (PROGRAM_MB, STATE_MB - 1, BAD, "only 299 MB are free in {root}/var/lib, and it takes 300 MB"),
        ],
    )
    @pytest.mark.parametrize("has_opt", [True, False])
    def test_the_state_on_one_of_its_own_and_folders_that_are_not_there_yet(
        self, machine: Machine, program_mb: int, state_mb: int, verdict: Verdict, words: str, has_opt: bool
    ) -> None:
        machine.file("/var/lib/.there")
        if has_opt:
            machine.file("/opt/.there")

        def look(path: Path) -> Space:
            return Space(state_mb, None, 2) if path.name == "lib" else Space(program_mb, None, 1)

        finding = room_for_installing(plan(machine), look)
        assert (finding.verdict, finding.sentence) == (verdict, words.format(root=machine.root))

    def test_a_state_that_is_there_counts_where_it_is(self, well: Machine) -> None:
        well.file(f"{STATE}/.there")
        finding = room_for_installing(plan(well), lambda path: Space(9000, None, 1 + (path.name == "pipit")))
        assert finding.sentence == f"9000 MB free in {well.root}{STATE}"

    def test_no_room_for_another_file(self, well: Machine) -> None:
        finding = room_for_installing(plan(well), lambda _: Space(9000, 0))
        assert (finding.verdict, finding.sentence) == (BAD, f"{well.root}/ has room for no more files")

    def test_nobody_can_say(self, well: Machine) -> None:
        def look(path: Path) -> Space:
            raise OSError(5, "Input/output error", str(path))

        check: Check[Plan] = Check("disk", "", lambda site: room_for_installing(site, look))
        assert examine_one(check, plan(well)).sentence == "the free space is not known"

    @pytest.mark.parametrize("free_mb", range(0, PROGRAM_MB + STATE_MB + 200, 150))
    def test_where_it_refuses_the_doctor_does_not_say_that_all_is_well(self, well: Machine, free_mb: int) -> None:
        def look(_: Path) -> Space:
            return Space(free_mb, None)

        refuses = room_for_installing(plan(well), look).verdict is BAD
        assert refuses == (examine_space(well.site(), look).verdict is not GOOD)

    def test_of_this_machine(self, well: Machine) -> None:
        assert f" MB free in {well.root}/" in told(well, "disk") or "only" in told(well, "disk")
        assert DISK.beforehand is room_for_installing


@pytest.mark.parametrize(
    ("kilobytes", "words"),
    [
        (3884400, "ok 3793 MB"),
        (512000, "ok 500 MB"),
        (
            425000,
            "note 415 MB are enough for Pipit and little else: use the Lite image, without a desktop",
        ),  # a Zero 2 W
        (358399, "refused only 349 MB of memory, and Pipit needs 350 MB: use a Pi with more, a Zero 2 W at least"),
    ],
)
def test_memory(machine: Machine, kilobytes: int, words: str) -> None:
    machine.file("/proc/meminfo", f"MemTotal: {kilobytes} kB\n")
    assert told(machine, "memory") == words


@pytest.mark.parametrize("text", [None, "", "MemFree: 3 kB\n"])
def test_memory_that_is_not_told(machine: Machine, text: str | None) -> None:
    if text is not None:
        machine.file("/proc/meminfo", text)
    assert told(machine, "memory").startswith("note it is not known how much")


class TestClock:
    def test_set_by_the_network(self, well: Machine) -> None:
        assert told(well, "clock") == "ok 2026-11-22, set by the network"

    def test_not_set_yet(self, well: Machine) -> None:
        (well.root / SYNCHRONIZED[1:]).unlink()
        assert told(well, "clock") == "note 2026-11-22; not set by the network yet"

    def test_another_time_service_than_systemds_own(self, well: Machine) -> None:
        (well.root / SYNCHRONIZED[1:]).unlink()
        well.program("timedatectl", "NTPSynchronized=yes\n")
        assert told(well, "clock") == "ok 2026-11-22, set by the network"

    def test_an_image_is_not_told_of_this_machines_clock(self, well: Machine) -> None:
        (well.root / SYNCHRONIZED[1:]).unlink()
        (well.root / "run/systemd/system/.there").unlink()
        (well.root / "run/systemd/system").rmdir()
        well.program("timedatectl", "NTPSynchronized=yes\n")
        assert told(well, "clock") == "note 2026-11-22; not set by the network yet"
        assert not well.calls("timedatectl")

    @pytest.mark.parametrize(
        ("now", "words"),
        [
            (
                datetime(2020, 1, 1, tzinfo=UTC),
                "refused the clock says 2020-01-01, but this Pipit is of 2026-11-01:",
            ),
            (datetime(2101, 1, 1, tzinfo=UTC), "refused the clock says 2101-01-01, which cannot be:"),
            (RELEASED, "ok 2026-11-01"),
        ],
    )
    def test_a_time_that_cannot_be(self, well: Machine, now: datetime, words: str) -> None:
        well.now = now
        assert told(well, "clock").startswith(words)
        assert (examine_one(CLOCK, well.site()).verdict is BAD) == words.startswith("refused"), "one truth"


class TestPower:
    @pytest.mark.parametrize(
        ("flags", "words"),
        [
            ("0x0", "ok steady"),
            ("0x50005", "note the voltage is too low now"),
            ("0x50000", "note the voltage was too low since the start"),
            ("0x80008", "note the processor is slowed down, mostly by heat"),
            ("0xe0000", "note the processor was slowed down since the start, mostly by heat"),
        ],
    )
    def test_by_the_firmware(self, machine: Machine, flags: str, words: str) -> None:
        machine.file(FIRMWARE)
        machine.program("vcgencmd", f"throttled={flags}")
        line = told(machine, "power")
        assert line.startswith(words)
        assert (": " in line) == line.startswith("note"), "what is told has a fix"
        assert machine.calls("vcgencmd") == ["get_throttled"]

    def test_of_two_that_tell_the_worse_counts(self, machine: Machine) -> None:
        machine.file("/sys/class/hwmon/hwmon1/name", "rpi_volt\n")
        machine.file("/sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n")
        machine.file(FIRMWARE)
        machine.program("vcgencmd", "throttled=0x80000")
        assert told(machine, "power").startswith("note the voltage is too low now")

    def test_not_measured(self, machine: Machine) -> None:
        machine.file(FIRMWARE)
        machine.program("vcgencmd", "VCHI initialization failed", status=255)
        assert told(machine, "power") == "ok not measured on this machine"

    def test_an_image_is_not_told_of_this_machines_supply(self, machine: Machine) -> None:
        machine.program("vcgencmd", "throttled=0x50005")
        assert told(machine, "power") == "ok not measured on this machine"

    @pytest.mark.parametrize(("alarm", "words"), [("1", "note the voltage is too low now"), ("0", "ok steady")])
    @pytest.mark.parametrize("flags", [None, "0x0"])
    def test_by_the_kernels_sensor_also_beside_the_firmware(
        self, machine: Machine, alarm: str, words: str, flags: str | None
    ) -> None:
        machine.file("/sys/class/hwmon/hwmon0/name", "cpu_thermal\n")
        machine.file("/sys/class/hwmon/hwmon1/name", "rpi_volt\n")
        machine.file("/sys/class/hwmon/hwmon1/in0_lcrit_alarm", f"{alarm}\n")
        if flags:
            machine.file(FIRMWARE)
            machine.program("vcgencmd", f"throttled={flags}")
        assert told(machine, "power").startswith(words)


class TestConfigTxt:
    def test_no_raspberry_pi(self, machine: Machine) -> None:
        assert told(machine, "config.txt") == "ok there is none: no Raspberry Pi, and nothing to set for it"

    def test_the_boot_partition_is_not_mounted(self, machine: Machine) -> None:
        machine.file("/proc/device-tree/model", PI)
        assert told(machine, "config.txt") == (
            f"note it is not in {machine.root}/boot/firmware: a board on the header needs it, so mount the boot"
            " partition there"
        )

    def test_it_is_there(self, machine: Machine) -> None:
        file = machine.file("/boot/firmware/config.txt", "arm_64bit=1\n" + BLOCK)
        assert told(machine, "config.txt") == f"ok {file}"

    def test_that_of_bullseye_and_the_one_that_only_says_that_it_has_moved(self, machine: Machine) -> None:
        file = machine.file("/boot/config.txt", "arm_64bit=1\n")
        assert told(machine, "config.txt") == f"ok {file}"
        file.write_text("DO NOT EDIT THIS FILE\n\nThe file you are looking for has moved\n")
        assert told(machine, "config.txt").startswith("ok there is none")

    def test_a_link_is_none_for_it_would_be_replaced_by_a_file(self, machine: Machine) -> None:
        elsewhere = machine.file("/boot/elsewhere.txt", "arm_64bit=1\n")
        (machine.root / "boot/config.txt").symlink_to(elsewhere)
        assert told(machine, "config.txt").startswith("ok there is none")

    def test_damaged_marks_which_the_doctor_tells_too(self, machine: Machine) -> None:
        file = machine.file("/boot/firmware/config.txt", "# >>> pipit (managed) >>>\n")
        sentence = f"Pipit's marks in {file} are damaged: line 1 begins a block that does not end"
        assert told(machine, "config.txt").startswith(
            f"refused {sentence}: remove the lines '# >>> pipit (managed) >>>'"
        )
        found = examine_one(BOOT_CONFIG, machine.site())
        assert (found.verdict, found.sentence) == (BAD, sentence)

    def test_it_cannot_be_written(self, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
        file = machine.file("/boot/firmware/config.txt", "arm_64bit=1\n")
        monkeypatch.setattr(os, "access", lambda path, _: path != file)
        assert told(machine, "config.txt") == f"note {file} cannot be written, which a sound board may need"
        machine.uid = 1000  # without root that says nothing
        assert told(machine, "config.txt") == f"ok {file}"


B, E = "# >>> pipit (managed) >>>", "# <<< pipit (managed) <<<"


DAMAGED = [[B], [E], [E, B], [B, B, E], [B, E, E], [B, E, B], [E, B, E], [B, E, B, E]]
WHOLE = [[], ["x"], [B, "x", E], [B, E], ["x", B + " \t\r", "y", E + "\r", "z"], [" " + B, E + "x"], ["x" + B, "y"]]


def place_by_bash(file: Path) -> str:
    """What `boot_place` of installer/boot.sh says, which writes the marks."""
    script = 'source daemon/machine/facts.conf; source installer/report.sh; source installer/boot.sh; boot_place "$1"; '
    script += 'if [[ -n $BOOT_DAMAGE ]]; then echo "damaged $BOOT_DAMAGE"; else echo "$BOOT_FIRST $BOOT_LAST"; fi'
    asked = ["bash", "-euc", script, "bash", str(file)]
    done = subprocess.run(asked, cwd=CHECKOUT, capture_output=True, text=True, timeout=30, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("texts", DAMAGED)
def test_damage_is_seen_as_the_installer_sees_it(tmp_path: Path, texts: list[str]) -> None:
    file = tmp_path / "config.txt"
    file.write_text("\n".join(texts))
    with pytest.raises(PipitError) as raised:
        managed_lines(file)
    assert place_by_bash(file) == f"damaged {raised.value.message.partition(' are damaged: ')[2]}"


@pytest.mark.parametrize("texts", WHOLE)
@pytest.mark.parametrize("ends", ["\n", ""])
def test_the_marks_are_read_as_the_installer_reads_them(tmp_path: Path, texts: list[str], ends: str) -> None:
    file = tmp_path / "config.txt"
    file.write_text("\n".join(texts) + (ends if texts else ""))
    first, last = map(int, place_by_bash(file).split())
    assert managed_lines(file) == ([line.strip() for line in texts[first : last - 1]] if first else None)


def test_a_check_that_breaks_refuses_and_hides_none_of_the_others(well: Machine) -> None:
    def breaks(_: Plan) -> Finding:
        raise ZeroDivisionError("none")

    checks: list[tuple[str, Check[Plan]]] = [("a", Check("a", "", breaks)), *CHECKS[1:2]]
    first, second = lines(plan(well), checks)
    assert first.startswith("refused\ta\tthe check itself failed (ZeroDivisionError: none)")
    assert second.startswith("ok\tmemory")


def test_only_a_root_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == main(["/", "x"]) == 2
    assert capsys.readouterr().err.startswith("usage: ")


RUN = "import runpy, sys; sys.path.insert(0, sys.argv.pop(1))\n"
RUN += "try: runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)\n"
RUN += "except SystemExit as end: assert end.code == 0, end.code\n"
RUN += "print({name for name in sys.modules if name.partition('.')[0] not in sys.stdlib_module_names}, file=sys.stderr)"


def as_install_sh_runs_it(machine: Machine, *options: str, **environ: str) -> tuple[int, str, str]:
    """Its status, its output, and the modules it has imported that are not Python's own."""
    asked = [sys.executable, "-I", "-B", "-S", *options, "-c", RUN]
    asked += [str(CHECKOUT), "daemon.machine.preflight", str(machine.root)]
    variables = {"PATH": f"{machine.folder / 'bin'}", **environ}
    done = subprocess.run(asked, env=variables, capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout.decode("latin-1"), done.stderr.decode()


def test_it_needs_nothing_but_the_standard_library(well: Machine) -> None:
    status, output, imported = as_install_sh_runs_it(well)
    assert status == 0
    modules = {name for name in ast.literal_eval(imported) if not name.startswith(("daemon.machine", "hardware"))}
    assert modules == {"__main__", "daemon"}
    assert [line.split("\t")[1] for line in output.splitlines()] == [name for name, _ in CHECKS]


def test_names_that_the_locale_has_not(well: Machine) -> None:
    hold(well, 0, "c", "märchen", "/user.slice")
    status, output, _ = as_install_sh_runs_it(well, "-X", "utf8=0", LC_ALL="C")
    assert status == 0
    assert r"m\xe4rchen (card0)" in output
