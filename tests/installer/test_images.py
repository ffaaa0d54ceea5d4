"""Pipit in an image or on a fresh card: the example for cloud-init, and the stage for pi-gen."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.installer.machine import CHECKOUT, Machine

CLOUD_INIT: Final = CHECKOUT / "installer" / "cloud-init.yaml"
PI_GEN: Final = CHECKOUT / "installer" / "pi-gen.sh"

SECRET: Final = "AIza-a-real-key"

ON_CHROOT: Final = r"""
# Stands in for pi-gen's function: what it is given is kept, and it ends as told.
on_chroot() {
    cat >"$ROOTFS_DIR/../chroot-script"
    cp "$ROOTFS_DIR/root/pipit-answers" "$ROOTFS_DIR/../answers-then"
    return "$FAKE_STATUS"
}
export -f on_chroot
"""


@pytest.fixture
def user_data() -> dict[str, Any]:
    text = CLOUD_INIT.read_text()
    assert text.startswith("#cloud-config\n")
    data = yaml.safe_load(text)
    assert isinstance(data, dict)
    return data


def written(user_data: dict[str, Any], name: str) -> dict[str, Any]:
    (file,) = [file for file in user_data["write_files"] if file["path"].endswith(name)]
    assert isinstance(file, dict)
    return file


def test_the_key_is_readable_by_root_alone_and_gone_with_the_next_boot(user_data: dict[str, Any]) -> None:
    file = written(user_data, "gemini-api-key")
    assert file["permissions"] == "0600"  # text: a number would be read as decimal
    assert file["owner"] == "root:root"
    assert file["path"].startswith("/run/")


def test_its_answers_are_those_that_install_asks_for(user_data: dict[str, Any], tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.make_root()
    key = written(user_data, "gemini-api-key")
    answers = written(user_data, "answers")["content"]
    assert f"api_key_file = {key['path']}\n" in answers
    file = machine.write("../answers", answers.replace(key["path"], str(machine.folder / "key")))
    run = machine.install("install", "--unattended", "--dry-run", "--answers", str(file))
    assert run.returncode == 0, run.stderr
    assert "Nothing was changed." in run.stdout


def test_the_install_is_the_last_command_and_a_reboot_follows_if_it_asks_for_one(user_data: dict[str, Any]) -> None:
    commands = user_data["runcmd"]
    assert commands[0] == "set -e"
    answers = written(user_data, "answers")["path"]
    assert re.search(rf"/install\.sh install --unattended --answers {answers} \|\| test \$\? -eq 10$", commands[-1])
    assert user_data["power_state"]["condition"] == "test -e /run/pipit-reboot-needed"
    assert "REBOOT_MARK=$ROOT/run/pipit-reboot-needed" in (CHECKOUT / "installer" / "service.sh").read_text()


def test_the_key_does_not_stay_on_the_boot_partition(user_data: dict[str, Any], tmp_path: Path) -> None:
    copy = tmp_path / "user-data"
    copy.write_text(CLOUD_INIT.read_text().replace(written(user_data, "gemini-api-key")["content"], SECRET))
    assert SECRET in copy.read_text()
    (command,) = [command for command in user_data["runcmd"] if "/boot/firmware/user-data" in command]
    subprocess.run(
        ["sh", "-c", command.replace("/boot/firmware/user-data", str(copy))],
        check=True,
        timeout=60,
        capture_output=True,
    )
    assert SECRET not in copy.read_text()
    again = yaml.safe_load(copy.read_text())
    assert [file["path"] for file in again["write_files"]] == [file["path"] for file in user_data["write_files"]]


@dataclass
class Stage:
    """A stage of pi-gen with this script in it, and the root of the image."""

    folder: Path

    def __post_init__(self) -> None:
        self.files = self.folder / "stage" / "files"
        self.root = self.folder / "rootfs"
        checkout = self.files / "pipit"
        for path in (checkout / ".git", self.root / "root", self.root / "etc" / "pipit"):
            path.mkdir(parents=True)
        (checkout / "install.sh").write_text("#!/bin/bash\n")
        (checkout / "install.sh").chmod(0o755)
        (self.folder / "stage" / "00-run.sh").write_text(PI_GEN.read_text())

    def run(self, status: int = 0, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run it as pi-gen does; `status`: how the commands in the image end."""
        script = self.folder / "stage" / "00-run.sh"
        return subprocess.run(
            ["bash", "-c", f'{ON_CHROOT}\nbash -e "{script}"'],
            env={"PATH": "/usr/bin:/bin", "ROOTFS_DIR": str(self.root), "FAKE_STATUS": str(status), **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_the_stage_installs_in_the_image_from_a_copy_that_stays_there(stage: Stage) -> None:
    run = stage.run()
    assert (run.returncode, run.stderr) == (0, "")
    place = stage.root / "usr/local/src/pipit"
    assert (place / "install.sh").exists()
    assert not (place / ".git").exists()
    script = (stage.folder / "chroot-script").read_text()
    assert script.startswith("/usr/local/src/pipit/install.sh install --unattended --answers /root/pipit-answers ")
    assert "test $? -eq 10" in script
    assert not (stage.root / "root/pipit-answers").exists()


def test_the_image_has_no_key(stage: Stage) -> None:
    (stage.files / "answers").write_text("consent = yes\napi_key_file = /key\nboard = googlevoicehat\nspi = yes\n")
    for name in ("gemini-api-key", "gemini-api-key.cred"):
        (stage.root / "etc/pipit" / name).write_text(SECRET)
    assert stage.run().returncode == 0
    assert (stage.folder / "answers-then").read_text() == "consent = yes\nboard = googlevoicehat\nspi = yes\n"
    assert not list((stage.root / "etc/pipit").iterdir())


def test_without_answers_no_board_is_taken_from_the_computer_that_makes_the_image(stage: Stage) -> None:
    assert stage.run().returncode == 0
    assert (stage.folder / "answers-then").read_text() == "consent = yes\nboard = none\n"


def test_an_install_that_fails_fails_the_stage(stage: Stage) -> None:
    assert stage.run(status=1).returncode != 0


def test_the_stage_says_what_it_lacks(stage: Stage) -> None:
    assert "ROOTFS_DIR names no folder — fix: let pi-gen run this script" in stage.run(ROOTFS_DIR="/nowhere").stderr
    (stage.files / "pipit" / "install.sh").unlink()
    run = stage.run()
    assert run.returncode == 1
    assert "has no install.sh — fix: unpack a bundle there" in run.stderr


@pytest.mark.parametrize("place", ["usr/local/src/pipit", "usr/local", "root/pipit-answers", "etc/pipit", "etc"])
def test_the_stage_follows_no_link_out_of_the_image(stage: Stage, place: str) -> None:
    outside = stage.folder / "outside"
    (outside / "pipit").mkdir(parents=True)
    (outside / "gemini-api-key").write_text(SECRET)
    link = stage.root / place
    if link.is_dir():
        link.rename(stage.folder / "aside")
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside)
    run = stage.run()
    assert run.returncode == 1
    assert run.stderr.startswith(f"pi-gen.sh: there is a link on the way to {stage.root}/")
    assert sorted(path.name for path in outside.rglob("*")) == ["gemini-api-key", "pipit"]
