"""`install.sh install` on a machine that is a folder: what it makes, that it says so before, and what it refuses."""

import os
import re
from pathlib import Path

import pytest

from daemon.house.file import check
from daemon.machine.preflight import CHECKS
from tests.installer.machine import CHECKOUT, STOCK_CONFIG, Machine, last_line

SETTINGS = "etc/pipit/pipit.toml"
UNIT = "etc/systemd/system/pipit.service"
REBOOT_MARK = "run/pipit-reboot-needed"
MY_SETTINGS = "[household]\nname = 'mine'\n"
UNATTENDED = ("install", "--unattended", "--yes")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.make_root()
    return machine


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """With a board, its lines in config.txt, and answers that differ from every default; not to be changed."""
    machine = Machine(tmp_path_factory.mktemp("installed"), checks=True)
    machine.make_root()
    answers = {"board": "voicehat", "spi": "yes", "wifi_power_save": "off", "language": "de-AT"}
    run = machine.installed(speaker="plughw:CARD=Amp,DEV=1", **answers)
    assert run.returncode == 10, "the machine must be restarted: config.txt has changed"
    machine.said = run.stdout
    return machine


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Without a running systemd and without a key, but with settings; its first run was stopped by a full disk."""
    machine = Machine(tmp_path_factory.mktemp("image"))
    machine.make_root(boots=False)
    machine.write(SETTINGS, MY_SETTINGS)
    stopped = machine.install(*UNATTENDED, FAKE_PIP_ERROR="No space left on device")
    assert re.search(r": no space left on the disk: .* — fix: .* \(log: .*/pipit-install.log\)$", last_line(stopped))
    run = machine.install(*UNATTENDED)
    assert run.returncode == 0, run.stdout + run.stderr
    machine.said = run.stdout
    return machine


@pytest.fixture(scope="module")
def unfit(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """One on which each installation stops before there is a service; the next goes on where it stopped."""
    machine = Machine(tmp_path_factory.mktemp("unfit"))
    machine.make_root()
    return machine


def steps(output: str) -> set[str]:
    """What a run did or would do."""
    found = re.findall(r"^  (?:would )?([a-z]+ .*?)(?: … \d+ s)?$", output, re.M)
    return {
        step for step in found if not re.match(r"ok |note  |try|check|models|systemd|system packages|the API", step)
    }


# What it makes


def test_the_service_is_enabled_and_started(installed: Machine) -> None:
    release = (installed.root / "opt/pipit/current").readlink()
    assert (installed.root / "opt/pipit" / release / "complete").exists()
    assert (installed.root / "usr/local/bin/pipit").readlink() == Path("/opt/pipit/current/venv/bin/pipit")
    assert (installed.root / "etc/systemd/system/multi-user.target.wants/pipit.service").is_symlink()
    assert "start the service, which waits for its sound card" in installed.said


def test_what_it_found_before_is_said(installed: Machine) -> None:
    names = re.findall(r"^  (?:ok|note)  +([a-z.]+)", installed.said, re.M)
    assert [check for check, _ in CHECKS] == [name for name in names if name in dict(CHECKS)], installed.said


def test_the_settings_hold_the_answers_and_are_right(installed: Machine) -> None:
    assert installed.read(SETTINGS).startswith("#:schema file:///opt/pipit/current/pipit.schema.json\n")
    report = check(installed.root / SETTINGS)
    assert report.settings is not None, report
    assert report.settings.household.language == "de-AT"
    assert report.settings.microphone.device == "plughw:CARD=sndrpigooglevoi", "the board's own, where none is given"
    assert report.settings.speaker.device == "plughw:CARD=Amp,DEV=1"


def test_the_key_is_stored_for_root_alone_and_is_in_no_log(installed: Machine) -> None:
    key = installed.root / "etc/pipit/gemini-api-key"
    assert (key.read_text(), key.stat().st_mode & 0o777) == ("a-secret-key\n", 0o600)
    assert "a-secret-key" not in installed.log
    assert "a-secret-key" not in installed.said


def test_others_can_read_what_is_no_secret(installed: Machine) -> None:
    for name in (SETTINGS, UNIT, "etc/sysusers.d/pipit.conf", "etc/udev/rules.d/60-pipit.rules"):
        assert (installed.root / name).stat().st_mode & 0o777 == 0o644, name


def test_what_was_answered_reaches_its_place(installed: Machine) -> None:
    assert "dtoverlay=googlevoicehat-soundcard\ndtparam=spi=on\n" in installed.read("boot/firmware/config.txt")
    assert "DeviceAllow=char-spi" in installed.read("etc/systemd/system/pipit.service.d/20-spi.conf")
    assert "wifi.powersave=2" in installed.read("etc/NetworkManager/conf.d/90-pipit-wifi.conf")
    kept = installed.read("etc/pipit/install.answers").splitlines()[1:]
    assert kept == ["board = voicehat", "spi = yes", "wifi_power_save = off"]


def test_openwakeword_comes_without_its_dependencies_and_everything_by_hash(installed: Machine) -> None:
    requests = re.findall(r"--require-hashes (.*)--requirement .*/(\w+)\.txt", installed.log)
    expected = [("", "build"), ("", "run"), ("--no-deps ", "wake"), ("", "models"), ("", "pins")]
    assert requests == expected


def test_a_second_run_changes_nothing_and_says_so(installed: Machine) -> None:
    def state() -> dict[str, tuple[str, int]]:
        return {name: (text, (installed.root / name).lstat().st_mtime_ns) for name, text in installed.tree().items()}

    before, log = state(), installed.log
    run = installed.install(*UNATTENDED)
    assert run.returncode == 10, "nobody has restarted the machine"
    assert "Nothing to change" in run.stdout
    assert state() == before
    assert installed.log == log
    assert not re.search(r"^pip |^models|restart|daemon-reload| enable ", installed.record, re.M), installed.record


def test_after_the_restart_of_the_machine_it_is_satisfied(installed: Machine) -> None:
    (installed.root / REBOOT_MARK).unlink()
    try:
        run = installed.install(*UNATTENDED)
    finally:
        (installed.root / REBOOT_MARK).touch()
    assert (run.returncode, "Nothing to change" in run.stdout) == (0, True)


def test_a_dry_run_says_what_is_done_then_and_does_nothing(installed: Machine, tmp_path: Path) -> None:
    machine = Machine(tmp_path, checks=True)
    machine.make_root()
    before = machine.tree()
    answers = {"board": "voicehat", "spi": "yes", "wifi_power_save": "off"}
    run = machine.install("install", "--unattended", "--answers", machine.answers(**answers), "--dry-run")
    assert run.returncode == 0, run.stderr
    assert run.stdout.rstrip().endswith("Nothing was changed.")
    assert machine.tree() == before
    assert not re.search(r"^pip |^models|restart", machine.record, re.M), machine.record
    done = {step.replace(str(installed.root), str(machine.root)) for step in steps(installed.said)}
    # That config.txt will have changed is known only then, and with it that the start is not waited for.
    assert done - {"start the service, which waits for its sound card"} <= steps(run.stdout)
    assert len(done) > 25


def test_in_an_image_nothing_is_started(image: Machine) -> None:
    assert (image.root / "etc/systemd/system/multi-user.target.wants/pipit.service").is_symlink()
    assert "systemd does not run here" in image.said
    assert not re.search(r"restart|daemon-reload", image.record)


def test_settings_that_are_there_are_never_touched(image: Machine) -> None:
    assert image.read(SETTINGS) == MY_SETTINGS


def test_without_a_key_it_says_how_to_add_one(image: Machine) -> None:
    assert "sudo ./install.sh key" in image.said
    assert not list((image.root / "etc/pipit").glob("gemini*"))


def test_a_unit_that_was_edited_is_kept_beside_the_new_one(image: Machine) -> None:
    edited = image.read(UNIT).replace("WatchdogSec=30s", "WatchdogSec=99s")
    image.write(UNIT, edited)
    run = image.install(*UNATTENDED)
    assert run.returncode == 0, run.stderr
    [copy] = (image.root / UNIT).parent.glob("pipit.service.yours-*")
    assert copy.read_text() == edited
    assert f"keep your {image.root}/{UNIT} as {copy}; a drop-in would stay in force" in run.stdout
    assert "WatchdogSec=30s" in image.read(UNIT)


# What it refuses


def test_it_takes_consent_to_change_anything(machine: Machine) -> None:
    before = machine.tree()
    run = machine.install("install", "--unattended")
    assert run.returncode == 1
    assert last_line(run).startswith("install.sh: nothing was changed: it takes your consent — fix: ")
    assert "make the user pipit" in run.stdout, "what it would do is said first"
    assert machine.tree() == before


def test_a_file_of_somebody_else_is_in_the_way(machine: Machine) -> None:
    rule = "etc/udev/rules.d/60-pipit.rules"
    places = ["opt/pipit", "usr/local/bin/pipit", UNIT, rule, "etc/pipit", "var/lib/pipit"]
    for place in places:
        machine.write(place, "mine\n")
    before = machine.tree()
    run = machine.install(*UNATTENDED)
    assert run.returncode == 1
    told = re.findall(
        rf"^  refused  files       {machine.root}/(\S+) (?:is|was) .*: move it away .*$", run.stdout, re.M
    )
    assert told == places
    first = rf"install.sh: {machine.root}/{places[0]} is .* \(and 5 more, see above\) — fix: move it away .*"
    assert re.fullmatch(first, last_line(run))
    assert machine.tree() == before


def test_one_that_is_in_the_way_is_enough(machine: Machine) -> None:
    machine.write("var/lib/pipit", "mine\n")
    before = machine.tree()
    run = machine.install(*UNATTENDED)
    assert run.returncode == 1
    told = rf"install.sh: {machine.root}/var/lib/pipit is not a folder — fix: move it away .*"
    assert re.fullmatch(told, last_line(run))
    assert machine.tree() == before


def test_somebody_called_pipit_is_not_taken_for_the_service(machine: Machine) -> None:
    machine.write("etc/passwd", "pipit:x:1000:1000:Pip It:/home/pipit:/bin/bash\n")
    run = machine.install(*UNATTENDED)
    assert last_line(run).startswith("install.sh: there is a user pipit who is not the service's — fix: ")


def test_lines_in_config_txt_that_contradict_the_board_stop_it_before_anything(machine: Machine) -> None:
    machine.write("boot/firmware/config.txt", STOCK_CONFIG + "dtoverlay=hifiberry-dac\n")
    before = machine.tree()
    run = machine.install("install", "--unattended", "--answers", machine.answers(board="voicehat"))
    assert run.returncode == 1
    assert "hifiberry-dac" in last_line(run)
    assert machine.tree() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="this runs as root")
def test_the_service_is_for_root_alone(machine: Machine) -> None:
    run = machine.install("install", ROOT="")
    assert run.returncode == 1
    assert last_line(run).endswith("fix: sudo ./install.sh install")


# What has machine code in it


def test_a_native_package_that_does_not_run_is_named_with_its_signal(unfit: Machine) -> None:
    run = unfit.install(*UNATTENDED, FAKE_KILLED="onnxruntime")
    assert run.returncode == 1
    assert "the package of onnxruntime does not run on this machine: its import ended by SIGILL" in last_line(run)
    assert run.stderr.count("\n") == 1
    assert not (unfit.root / "opt/pipit/current").is_symlink()


def test_the_empty_lgpio_is_noticed(unfit: Machine) -> None:
    run = unfit.install(*UNATTENDED, FAKE_FAILURES="lgpio")
    assert last_line(run).startswith("install.sh: could not import lgpio ")
    assert "has no attribute 'gpiochip_open'" in run.stderr
    assert "LG_WD=" in unfit.log


def test_wrong_settings_stop_it_before_the_service_is_switched(unfit: Machine) -> None:
    unfit.write(SETTINGS, "wrong = 1\n")
    run = unfit.install(*UNATTENDED)
    assert run.returncode == 1
    told = rf"install.sh: could not check .*{SETTINGS}: .*wrong is not a setting — fix: remove it \(log: .+\)"
    assert re.fullmatch(told, last_line(run))
    assert not (unfit.root / "opt/pipit/current").is_symlink()


def test_it_goes_on_where_libraries_cannot_be_compiled_without_docstrings(machine: Machine) -> None:
    run = machine.install(*UNATTENDED, FAKE_FAILURES="lean")
    assert run.returncode == 0, run.stderr
    assert "The libraries stay as they are" in run.stdout
    assert (machine.root / "opt/pipit/current").is_symlink()


def test_the_guide_names_every_answer() -> None:
    guide = (CHECKOUT / "docs" / "installing.md").read_text()
    keys = re.findall(r"^        ([a-z0-9_ |]+)\) say", (CHECKOUT / "installer" / "answers.sh").read_text(), re.M)
    assert len(keys) > 5
    for key in " | ".join(keys).split(" | "):
        assert f"`{key}`" in guide, key


# What the settings name


def foreseen(machine: Machine, settings: str) -> set[str]:
    """What an installation with these settings would do."""
    machine.write(SETTINGS, settings)
    run = machine.install("install", "--unattended", "--dry-run")
    assert run.returncode == 0, run.stdout + run.stderr
    return steps(run.stdout)


def test_a_camera_lights_and_keys_get_their_rights_and_packages(machine: Machine) -> None:
    camera, lights = '[camera]\nsource = "picamera"\n', '[indicator]\nkind = "usb"\n'
    done = foreseen(machine, camera + lights + '[keys]\ndevice = "Jabra"\nmute = "KEY_MUTE"\n')
    assert len([step for step in done if "video" in step or "camera" in step]) >= 3
    told = "\n".join(done)
    for part in ("requirements/camera.txt", "20-video.conf", "20-usb.conf", "20-input.conf"):
        assert part in told


def test_another_camera_and_other_lights_have_others(machine: Machine) -> None:
    told = "\n".join(foreseen(machine, '[camera]\nsource = "v4l2"\n[indicator]\nkind = "apa102"\n'))
    assert "20-video.conf" in told
    assert "20-spi.conf" in told
    assert "20-usb.conf" not in told


def test_without_them_nothing_is_done_for_them(machine: Machine) -> None:
    told = "\n".join(foreseen(machine, '[camera]\nsource = "none"\n[indicator]\nkind = "led"\n'))
    for part in ("video", "camera", "spi", "usb.conf", "input.conf"):
        assert part not in told
