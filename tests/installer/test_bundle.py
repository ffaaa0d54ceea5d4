"""`./install.sh bundle`: one file with all that an install needs; and installs from it, which fetch nothing.

The programs stand in; `tests/arm64/run --bundle` makes and installs a real one, without a network.
"""

import hashlib
import shutil
import tarfile
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Final

import pytest

from tests.installer.machine import PYTHON, Machine, last_line

if TYPE_CHECKING:
    import subprocess

WHEEL_MAKER: Final = r"""
if [[ $2 == 'import sys; print("%d.%d"'* ]]; then echo "$version"; exit; fi
if [[ "$1 $2 $3" == "-m pip wheel" ]]; then
    # Stands in for `pip wheel`: an empty wheel for each requirement, and for a folder that of Pipit.
    echo "wheel PYPI=${PYPI:-} $*" >>"$RECORD"
    while (($#)); do
        case $1 in --wheel-dir) folder=$2 ;; --requirement) file=$2 ;; esac
        last=$1
        shift
    done
    [[ -z $FAKE_FAILURES || $file != *"$FAKE_FAILURES"* ]] || exit 1
    mkdir -p "$folder"
    [[ -n $file ]] || { echo pipit >"$folder/pipit-0.1.0-py3-none-any.whl"; exit; }
    sed -n 's/^\([a-z0-9_-]*\)==\([^ ]*\).*/\1 \2/p' "$file" | while read -r name release; do
        echo "$name" >"$folder/${name//-/_}-$release-py3-none-any.whl"
    done
    exit
fi
case "$1 $2" in"""

APT: Final = r"""#!/bin/bash
# Stands in for apt-get: downloads two packages into the folder it is told.
echo "apt-get $*" >>"$RECORD"
for option; do
    case $option in
        Dir::Cache::archives=*) archives=${option#*=} ;;
        --download-only) echo one >"$archives/one_1%3a2_amd64.deb"; echo two >"$archives/two_3_all.deb" ;;
    esac
done
"""

DPKG_DEB: Final = r"""#!/bin/bash
name=${2##*/}; printf 'Package: %s\nDescription: a package\n of two lines\n' "${name%%_*}"
"""


def bundling_machine(folder: Path) -> Machine:
    """A machine whose stand-ins can also make a bundle, into its folder `out`."""
    machine = Machine(folder)
    machine.make_root(boots=False)
    assert PYTHON.startswith("#!/bin/sh\n")
    assert 'case "$1 $2" in' in PYTHON
    maker = PYTHON.replace("#!/bin/sh", "#!/bin/bash", 1).replace('case "$1 $2" in', WHEEL_MAKER, 1)
    for name in ("python3", "python3.13", "python3.11"):
        machine.stand_in(name, maker.replace(r"'#!/bin/sh\n", r"'#!/bin/bash\n"))
    machine.stand_in("apt-get", APT)
    machine.stand_in("dpkg-deb", DPKG_DEB)
    machine.stand_in("dpkg", "#!/bin/bash\n[[ $1 != --print-architecture ]] || echo ${FAKE_ARCHITECTURE:-arm64}\n")
    (machine.folder / "out").mkdir()
    return machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return bundling_machine(tmp_path)


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine that has made a bundle, after runs that failed."""
    machine = bundling_machine(tmp_path_factory.mktemp("maker"))
    for failing in ("run.txt", "pins.txt"):
        run = make(machine, FAKE_FAILURES=failing)
        assert run.returncode == 1
        assert f"could not collect the wheels of requirements/{failing}" in last_line(run)
        assert not list((machine.folder / "out").glob("*.tar.gz")), "a run that fails leaves none"
    run = make(machine)
    assert run.returncode == 0, run.stderr
    assert "CC BY-NC-SA 4.0, not for commercial use" in run.stdout
    return machine


@pytest.fixture
def bundle(maker: Machine, machine: Machine) -> Path:
    """The bundle of `maker`, unpacked on `machine`, where it takes the place of the checkout."""
    with tarfile.open(next((maker.folder / "out").iterdir())) as archive:
        archive.extractall(machine.folder, filter="data")
    shutil.rmtree(machine.checkout)
    machine.checkout = next(machine.folder.glob("pipit-*"))
    return machine.checkout


def make(machine: Machine, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Make a bundle into the folder `out`."""
    return machine.install("bundle", "--output", str(machine.folder / "out"), **environment)


def sums(bundle: Path) -> dict[str, str]:
    lines = (bundle / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def seal(bundle: Path) -> None:
    """Write SHA256SUMS anew, as after a change that was meant."""
    names = [path for path in sorted(bundle.rglob("*")) if path.is_file() and path.name != "SHA256SUMS"]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(bundle)}\n" for path in names]
    (bundle / "SHA256SUMS").write_text("".join(lines))


def test_it_is_one_file_named_after_what_it_serves(maker: Machine) -> None:
    assert [path.name for path in (maker.folder / "out").iterdir()] == ["pipit-0.1.0-bookworm-cp311-arm64.tar.gz"]


def test_it_holds_what_an_install_reads_and_checksums_of_all(bundle: Path) -> None:
    files = {str(path.relative_to(bundle)) for path in bundle.rglob("*") if path.is_file()}
    assert set(sums(bundle)) == files - {"SHA256SUMS"}
    for name, digest in sums(bundle).items():
        assert hashlib.sha256((bundle / name).read_bytes()).hexdigest() == digest, name
    assert {"install.sh", "NOTICE", "LICENSE", "daemon/__init__.py", "systemd/pipit.service"} <= files
    assert {"models/daemon.wake.install.onnx", "wheels/pipit-0.1.0-py3-none-any.whl"} <= files
    assert not any(name.startswith(("tests/", ".venv")) or "__pycache__" in name for name in files)


def test_its_requirements_name_the_wheels_it_holds(bundle: Path) -> None:
    for name in ("build", "run", "wake", "models", "pins"):
        lines = (bundle / "requirements" / f"{name}.txt").read_text().splitlines()
        assert lines
        for line in lines:
            package, release, digest = line.replace(" --hash=sha256:", "==").split("==")
            wheel = bundle / "wheels" / f"{package}-{release}-py3-none-any.whl"
            assert hashlib.sha256(wheel.read_bytes()).hexdigest() == digest, line


def test_the_driver_of_pins_is_built_with_its_library_inside(maker: Machine) -> None:
    (built,) = [line for line in maker.record.splitlines() if line.startswith("wheel") and "pins.txt" in line]
    assert "PYPI=1" in built
    assert "--require-hashes" in built


def test_its_system_packages_have_an_index_that_apt_can_read(bundle: Path) -> None:
    index = (bundle / "debs" / "Packages").read_text()
    entries = [entry.splitlines() for entry in index.strip().split("\n\n")]
    assert [entry[0] for entry in entries] == ["Package: one", "Package: two"]
    for entry in entries:
        fields = dict(line.split(": ", 1) for line in entry if ": " in line)
        deb = bundle / "debs" / fields["Filename"]
        assert "%" not in fields["Filename"]
        assert hashlib.sha256(deb.read_bytes()).hexdigest() == fields["SHA256"]
        assert deb.stat().st_size == int(fields["Size"])


def test_the_machines_own_packages_are_not_touched(maker: Machine) -> None:
    assert "--download-only" in maker.record
    for line in maker.record.splitlines():
        if line.startswith("apt-get"):
            assert f"Dir::State::lists={gettempdir()}/" in line
            assert f"Dir::State::status={gettempdir()}/" in line
            assert " update" in line or "--download-only" in line


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--nonsense",), "unknown option '--nonsense' — fix: ./install.sh help"),
        (("--output",), "--output names no folder — fix: --output DIR"),
        (("--output=/nowhere/at/all",), "cannot write to /nowhere/at/all — fix: name a folder that exists"),
    ],
)
def test_what_it_cannot_do_is_said_at_once(machine: Machine, arguments: tuple[str, ...], message: str) -> None:
    run = machine.install("bundle", *arguments)
    assert run.returncode != 0
    assert last_line(run).startswith(f"install.sh: {message}")
    assert machine.record == ""


def test_an_install_from_it_takes_all_its_models_and_nothing_from_elsewhere(machine: Machine, bundle: Path) -> None:
    (bundle / "models" / "another.onnx").write_text("another")
    seal(bundle)
    machine.installed()
    assert machine.read("var/lib/pipit/models/another.onnx") == "another"
    pip = [line for line in machine.record.splitlines() if line.startswith("pip ")]
    assert len(pip) >= 6
    assert all(f"--no-index --find-links {bundle}/wheels" in line for line in pip)


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_a_damaged_file_is_named_before_anything_changes(machine: Machine, bundle: Path, damage: str) -> None:
    file = bundle / "wheels" / "pipit-0.1.0-py3-none-any.whl"
    if damage == "changed":
        file.write_text("PIPIT")
    else:
        file.unlink()
    before = machine.tree()
    run = machine.install("install", "--unattended", "--answers", machine.answers())
    assert run.returncode == 1
    assert last_line(run) == (
        "install.sh: the bundle is damaged: wheels/pipit-0.1.0-py3-none-any.whl is not the file it should be"
        " — fix: copy its file here again and unpack it"
    )
    assert machine.tree() == before
    assert "pip" not in machine.record


def test_a_bundle_without_checksums_is_not_complete(machine: Machine, bundle: Path) -> None:
    (bundle / "SHA256SUMS").unlink()
    run = machine.install("install", "--unattended", "--answers", machine.answers())
    assert run.returncode == 1
    assert "the bundle is not complete: SHA256SUMS is missing — fix: unpack its file again" in last_line(run)


def test_a_bundle_for_another_machine_is_refused(machine: Machine, bundle: Path) -> None:
    assert (bundle / "BUNDLE").read_text() == "bookworm arm64 3.11\n"
    machine.write("etc/os-release", "VERSION_CODENAME=trixie\n")
    run = machine.install("install", "--unattended", "--answers", machine.answers(), FAKE_ARCHITECTURE="amd64")
    assert run.returncode == 1
    assert last_line(run) == (
        "install.sh: this bundle is for arm64 bookworm, this machine is amd64 trixie"
        " — fix: make one on such a machine: ./install.sh bundle"
    )


def test_a_bundle_makes_no_bundles(machine: Machine, bundle: Path) -> None:
    run = make(machine)
    assert machine.checkout == bundle
    assert run.returncode == 1
    assert "this folder is a bundle itself — fix: make one from a checkout" in last_line(run)
