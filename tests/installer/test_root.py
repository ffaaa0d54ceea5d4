"""ROOT is an image: whatever links it holds, nothing is written or removed outside it."""

from pathlib import Path

import pytest

from tests.installer.machine import Machine, last_line
from tests.installer.parts import CHECKOUT, Parts, parts

__all__ = ["parts"]

LINK_OUT = """source "$CHECKOUT/installer/root.sh"
if link_out "$ROOT" "$PATH_BELOW"; then echo "$LINK_OUT"; else echo inside; fi"""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.make_root()
    return machine


def outside(machine: Machine, name: str = "outside") -> Path:
    """A folder beside the image, with a file in it."""
    folder = machine.folder / name
    folder.mkdir()
    (folder / "precious").write_text("of the machine that makes the image\n")
    return folder


PLACES = [
    *(
        "etc/pipit",
        "opt/pipit",
        "opt",
        "var/lib/pipit",
        "var/lib",
        "etc/systemd",
        "etc/systemd/system",
        "boot/firmware",
    ),
    *(
        "boot",
        "etc/sysusers.d",
        "etc/udev/rules.d",
        "etc/NetworkManager/conf.d",
        "usr/local/bin",
        "var/log",
        "run",
        "etc",
    ),
    *("etc/systemd/system/pipit.service.d", "etc/systemd/system/multi-user.target.wants", "usr"),
]
FILES = [
    *("etc/pipit/pipit.toml", "etc/pipit/pipit.toml.new", "etc/pipit/install.answers.new", "etc/pipit/made-by-install"),
    *("etc/pipit/gemini-api-key", "etc/pipit/gemini-api-key.new", "etc/pipit/gemini-api-key.cred.new", "etc/passwd"),
    *("var/log/pipit-install.log", "run/pipit-reboot-needed", "boot/firmware/config.txt.pipit-new", "etc/shadow"),
    *("etc/systemd/system/pipit.service", "etc/systemd/system/pipit.service.new", "opt/pipit/started.new"),
    *("opt/pipit/releases", "opt/pipit/current.new", "var/lib/pipit/models", "usr/local/bin/pipit.new"),
    *("var/lib/pipit/models/.complete.new", "etc/udev/rules.d/60-pipit.rules.new", "opt/pipit/releases/x/venv/lib"),
]


def put_link(root: Path, name: str, target: str) -> None:
    link = root / name
    if link.is_dir():
        link.rename(link.with_name(f"{link.name}.aside"))
    link.unlink(missing_ok=True)
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(target)


EACH = r"""
for part in python models answers boot board preflight camera release questions starting service root; do
    source "$CHECKOUT/installer/$part.sh"
done
for name in $NAMES; do
    [[ ! -e $ROOT/$name ]] || mv "$ROOT/$name" "$ROOT/$name.aside"
    mkdir -p "$(dirname "$ROOT/$name")"
    ln -s /nowhere/else "$ROOT/$name"
    (trap - ERR && keep_inside_root && echo "$name: went on") 2>&1 || true
    rm "$ROOT/$name"
    [[ ! -e $ROOT/$name.aside ]] || mv "$ROOT/$name.aside" "$ROOT/$name"
done
"""
"""One shell for all, for the sake of the time."""


def test_a_link_that_leads_out_is_named_wherever_something_is_written(parts: Parts) -> None:
    names = [*PLACES, *FILES]
    told = parts.ran(EACH, NAMES=" ".join(names)).splitlines()
    out = f"which from here leads out of the image {parts.root} — fix: "
    assert [line.partition(out)[0] for line in told] == [
        f"install.sh: {parts.root / name} is a link to /nowhere/else, " for name in names
    ]
    assert all(line.partition(out)[2] for line in told)


@pytest.mark.parametrize(
    ("links", "path", "told"),
    [
        ({}, "/etc/pipit/pipit.toml", None),
        ({"etc/pipit": "../data/pipit"}, "/etc/pipit/pipit.toml", None),
        ({"etc/pipit": "/data/pipit"}, "/etc/pipit/pipit.toml", "etc/pipit"),
        ({"etc/pipit": "../../outside"}, "/etc/pipit/pipit.toml", "etc/pipit"),
        ({"etc/pipit": "../../root/data"}, "/etc/pipit/x", "etc/pipit"),  # out and in again by this machine's names
        ({"etc/pipit": "a", "etc/a": "b", "etc/b": "../x/../../y"}, "/etc/pipit/x", "etc/b"),
        ({"etc": "config", "config/pipit": "../.."}, "/etc/pipit", "config/pipit"),
        ({"etc": "config", "config/pipit": ".."}, "/etc/pipit/x", None),
        ({"etc/pipit": "pipit"}, "/etc/pipit/x", "etc/pipit"),  # a circle
        ({"etc/pipit": "odd\n"}, "/etc/pipit/x", None),
        ({"etc/pipit": "odd\n", "etc/odd\n": "/nowhere"}, "/etc/pipit/x", "etc/odd\n"),
        ({"etc/pipit": "."}, "/etc/pipit//./x", None),
        ({}, "/../x", ""),
    ],
)
def test_a_path_is_followed_as_the_kernel_would(
    parts: Parts, links: dict[str, str], path: str, told: str | None
) -> None:
    for link, target in links.items():
        put_link(parts.root, link, target)
    said = parts.ran(LINK_OUT, PATH_BELOW=path)
    assert said == ("inside\n" if told is None else f"{parts.root / told}\n" if told else "\n")


@pytest.mark.parametrize("command", ["install", "key", "uninstall", "purge", "upgrade", "rollback"])
def test_every_command_refuses_before_it_changes_anything(machine: Machine, command: str) -> None:
    folder = outside(machine)
    put_link(machine.root, "etc/pipit", str(folder))
    before = machine.tree()
    options = ["--answers", machine.answers(board="voicehat")] if command == "install" else []
    run = machine.install(command, "--unattended", *options, PIPIT_KEY_FILE=str(machine.folder / "key"))
    assert run.returncode == 1
    assert "etc/pipit is a link to" in last_line(run)
    assert machine.tree() == before
    assert [path.name for path in folder.iterdir()] == ["precious"]


def test_a_relative_link_that_stays_inside_is_followed_and_an_installation_holds_no_other(machine: Machine) -> None:
    (machine.root / "data").mkdir()
    put_link(machine.root, "etc/pipit", "../data")
    machine.installed()
    assert (machine.root / "data/pipit.toml").is_file()
    assert (machine.root / "etc/pipit").is_symlink()
    assert machine.install("uninstall").returncode == 0


def test_a_folder_of_ours_that_is_a_link_is_looked_through_too(parts: Parts) -> None:
    for place, data in (("opt/pipit", "opt"), ("var/lib/pipit", "state"), ("etc/pipit", "settings")):
        (parts.root / "data" / data).mkdir(parents=True, exist_ok=True)
        put_link(parts.root, place, f"{'../' * place.count('/')}data/{data}")
        put_link(parts.root, f"data/{data}/odd", "/nowhere/else")
        told = parts.ran(EACH, NAMES="harmless")
        assert f"data/{data}/odd is a link to /nowhere/else" in told
        (parts.root / "data" / data / "odd").unlink()


def test_the_note_of_what_was_made_removes_nothing_outside(parts: Parts) -> None:
    folder = parts.folder / "outside"
    (folder / "empty").mkdir(parents=True)
    put_link(parts.root, "etc/away", str(folder))
    (parts.root / "etc/ours").mkdir()
    notes = ("/../outside/empty", "/etc/away/empty", "/etc/../../outside/empty", "/etc/ours")
    parts.write("etc/pipit/made-by-install", "".join(f"folder {note}\n" for note in notes))
    parts.ran('for part in root removal; do source "$CHECKOUT/installer/$part.sh"; done; withdraw_made_folders')
    assert (folder / "empty").is_dir()
    assert not (parts.root / "etc/ours").exists()


def test_on_this_machine_links_are_the_owners_business(parts: Parts) -> None:
    run = parts.ran('ROOT=""; source "$CHECKOUT/installer/root.sh"; keep_inside_root; echo went on')
    assert run == "went on\n"
    assert CHECKOUT.is_dir()
