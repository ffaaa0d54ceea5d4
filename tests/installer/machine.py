"""A machine that is a folder, for the whole of install.sh: a checkout, a root file system, and programs that stand in.

The stand-ins are small programs at the front of PATH. The real ones are proved by every run of `./install.sh test`,
and by `./install.sh test-vm`.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Final, Self

CHECKOUT: Final = Path(__file__).parents[2]

PRODUCT: Final = ("installer", "requirements", "systemd", "daemon/fetch")
"""What the installer looks into; of the rest it knows no more than that there are files."""

FILES: Final = (
    *("daemon/__init__.py", "daemon/wake/install.py", "daemon/brain/recognition/install.py", "docs/pipit.schema.json"),
    *("daemon/machine/facts.conf", "hardware/__init__.py", "hardware/errors.py"),
    *("install.sh", "pyproject.toml", "pipit.example.toml", "README.md", "LICENSE", "CHANGELOG.md"),
)

CHECKS: Final = ("daemon/machine", "daemon/wake", "hardware/boards")
"""What the checks before an installation are made of, with the next: for a machine on which they really run."""

CHECK_FILES: Final = (
    *("hardware/header/pins.py", "hardware/base.py", "hardware/child_environment.py"),
    *("hardware/sound/holder.py", "hardware/sound/refusal.py", "hardware/sound/usb_place.py"),
)


@cache
def facts_of_boards() -> str:
    """What the installer's first question of Python is answered with: it takes a tenth of a second, and is the same."""
    asked = [sys.executable, "-I", "-B", "-S", "-c", "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "]
    asked[-1] += "runpy.run_module('hardware.boards', run_name='__main__', alter_sys=True)"
    return subprocess.run([*asked, str(CHECKOUT), "--facts"], capture_output=True, text=True, check=True).stdout


def files_of_product(*, checks: bool) -> dict[str, Path]:
    """All that a machine's checkout is made of, by name."""
    folders, names = (PRODUCT + CHECKS, FILES + CHECK_FILES) if checks else (PRODUCT, FILES)
    found = [path for name in folders for path in (CHECKOUT / name).rglob("*") if "__pycache__" not in path.parts]
    files = [path for path in found if path.is_file()] + [CHECKOUT / name for name in names]
    return {str(path.relative_to(CHECKOUT)): path for path in files}


@dataclass
class Originals:
    """Files that the machines in one folder have in common, by links: to make each anew costs ten times as much.

    So none of them may be written to where it stands; `write_file` puts another in its place.
    """

    folder: Path
    files: dict[str, int]
    """Name, and when it was made."""

    @classmethod
    def of_product(cls, folder: Path, *, checks: bool) -> Self:
        files = files_of_product(checks=checks)
        for name, path in files.items():
            write_file(folder / name, path.read_bytes(), path.stat().st_mode & 0o777)
        return cls(folder, {name: (folder / name).stat().st_mtime_ns for name in files})

    @classmethod
    def of_programs(cls, folder: Path, texts: Mapping[str, str]) -> Self:
        for name, text in texts.items():
            write_file(folder / name, text.encode(), 0o755)
        return cls(folder, {name: (folder / name).stat().st_mtime_ns for name in texts})

    def link_into(self, folder: Path) -> None:
        for parent in {parent for name in self.files for parent in Path(name).parents}:
            (folder / parent).mkdir(parents=True, exist_ok=True)
        for name, made in self.files.items():
            original = self.folder / name
            assert original.stat().st_mtime_ns == made, f"a test has written into {name}, which all machines share"
            (folder / name).hardlink_to(original)


@cache
def product(beside: Path, *, checks: bool) -> Originals:
    return Originals.of_product(Path(mkdtemp(dir=beside, prefix="product-")), checks=checks)


@cache
def programs(beside: Path) -> Originals:
    return Originals.of_programs(Path(mkdtemp(dir=beside, prefix="programs-")), STAND_INS)


def write_file(path: Path, content: bytes, mode: int) -> None:
    """With its mode from the start; one that is there already is made anew, for it may be open as a program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)


PYTHON: Final = r"""#!/bin/sh
# A module of ours that needs only the standard library really runs; what two of them say is known.
if [ "$1 $2" = "-I -B" ]; then
    case "$* " in
        *" --facts ") [ ! -e "$FACTS" ] || exec cat "$FACTS" ;;
        *" daemon.machine.preflight "*) [ ! -e "$FOUND" ] || exec cat "$FOUND" ;;
    esac
    exec "$REAL_PYTHON" "$@"
fi
# Stands in for Python: `-m venv` makes a folder with a way back to this, `-m pip` records what it was asked.
version=${FAKE_VERSION:-3.11}
case "$1 $2" in
    "-c "*"find_spec"*) echo "$version 64 complete ${FAKE_PATH:-$0}" ;;
    "-c "*"import_module"*)
        echo "import $3" >>"$RECORD"
        case " $FAKE_KILLED " in *" $3 "*) kill -ILL $$ ;; esac
        case " $FAKE_FAILURES " in *" $3 "*)
            echo "AttributeError: module '$3' has no attribute '$4'" >&2
            exit 1 ;;
        esac ;;
    "-P -c") exec "${FAKE_PATH%/*}/pipit" check --settings "$4" ;;
    "-V "* | "-VV "*) echo "Python $version.2" ;;
    "-m venv")
        for place; do :; done
        rm -rf "$place"
        mkdir -p "$place/bin"
        printf '#!/bin/sh\nexport FAKE_PATH="$0" FAKE_VERSION=%s\n. %s\n' "$version" "${0##*/}" >"$place/bin/python"
        chmod +x "$place/bin/python" ;;
    "-m pip")
        echo "pip $*" >>"$RECORD"
        if [ -n "$FAKE_PIP_ERROR" ]; then echo "$FAKE_PIP_ERROR" >&2; exit 1; fi
        cp "$FAKE_PIPIT" "${FAKE_PATH%/*}/pipit" ;;
    "-X no_debug_ranges")
        case " $FAKE_FAILURES " in *" lean "*) exit 3 ;; esac
        echo "lean" >>"$RECORD" ;;
    "-m daemon."*)
        echo "models $2" >>"$RECORD"
        mkdir -p "$3" && echo "$2" >"$3/$2.onnx" && touch -d @1000000000 "$3/$2.onnx" ;;
    *) echo "module $*" >>"$RECORD"; case " $FAKE_FAILURES " in *" $2 "*) exit 3 ;; esac ;;
esac
"""

PIPIT: Final = r"""#!/bin/bash
# Stands in for Pipit: settings are wrong if they say so.
case $1 in
    check) ! grep -q "^wrong" "$3" || { echo "pipit: $3:1: wrong is not a setting. Fix: remove it" >&2; exit 78; } ;;
    doctor) echo "doctor" >>"$RECORD" ;;
    *) echo "ran: $*" ;;
esac
"""

SYSTEMCTL: Final = r"""#!/bin/sh
# Stands in for systemctl: a unit is enabled by a link, and active if a file says so.
echo "systemctl $*" >>"$RECORD"
case $1 in --root=*) shift ;; esac
link=$ROOT_FOLDER/etc/systemd/system/multi-user.target.wants/pipit.service state=$ROOT_FOLDER.state
for unit; do :; done
case $1 in
    is-enabled) [ -L "$link" ] ;;
    enable) ln -sfn ../pipit.service "$link" ;;
    disable) rm -f "$link" ;;
    is-active) cat "$state/$unit" 2>/dev/null || echo inactive; grep -qx active "$state/$unit" 2>/dev/null ;;
    restart)
        mkdir -p "$state"
        case ${FAKE_BROKEN_RELEASE:+$(readlink "$ROOT_FOLDER/opt/pipit/current")} in *"${FAKE_BROKEN_RELEASE:-none}"*)
            echo failed >"$state/$unit"
            echo "Job for $unit failed." >&2
            exit 1 ;;
        esac
        echo active >"$state/$unit" ;;
    stop) rm -f "$state/$unit" ;;
esac
"""

SYSUSERS: Final = r"""#!/bin/bash
# Stands in for systemd-sysusers: makes what the files given ask for, below --root.
root=${1#--root=} && shift
passwd=$root/etc/passwd group=$root/etc/group
has() { [[ $'\n'$(<"$2") == *$'\n'"$1:"* ]]; }
for file; do
    while read -r kind name other _; do
        case $kind in
            g) has "$name" "$group" || echo "$name:x:99$((${#name})):" >>"$group" ;;
            u)
                has "$name" "$group" || echo "$name:x:980:" >>"$group"
                has "$name" "$passwd" || echo "$name:x:980:980::/var/lib/pipit:/usr/sbin/nologin" >>"$passwd" ;;
            m)
                text=""
                while read -r line; do
                    if [[ $line == "$other:"* && ,${line##*:}, != *",$name,"* ]]; then
                        [[ $line == *: ]] || line+=,
                        line+=$name
                    fi
                    text+=$line$'\n'
                done <"$group"
                printf %s "$text" >"$group" ;;
        esac
    done <"$root/etc/sysusers.d/$file"
done
"""

USERDEL: Final = r"""#!/bin/bash
# Stands in for userdel: the user goes out of all groups, and the group of the same name goes too.
sed -i "/^$3:/d" "$2/etc/passwd" "$2/etc/group"
sed -i -E "s/([:,])$3(,|\$)/\\1/; s/,\$//" "$2/etc/group"
"""

GROUPDEL: Final = """#!/bin/bash
sed -i "/^$3:/d" "$2/etc/group"
"""

INSTALLED_DPKG: Final = r"""#!/bin/bash
shift 2; for package; do echo "$package installed"; done
"""

CHECKER: Final = r"""#!/bin/bash
# Stands in for what checks scripts.
echo "${0##*/} $*" >>"$RECORD"
[[ " $FAKE_FAILURES " != *" ${0##*/} "* ]]
"""

SHFMT: Final = CHECKER.replace(
    "echo", 'if [[ $1 == --find ]]; then printf "%s\\n" install.sh installer/a.sh; exit; fi\necho', 1
)

NO_SYNC: Final = {"BASH_FUNC_sync%%": "() { :; }"}
"""For the environment of a bash: `sync` as a function. A real one waits for the disk, and none is called more often."""

QUIET: Final = "#!/bin/true\n"
"""Whatever it is asked; no shell is started for it."""

STAND_INS: Final = {
    "python3": PYTHON,
    "python3.13": PYTHON,
    "systemctl": SYSTEMCTL,
    "systemd-sysusers": SYSUSERS,
    "userdel": USERDEL,
    "groupdel": GROUPDEL,
    "dpkg-query": INSTALLED_DPKG,
    "apt-get": '#!/bin/bash\necho "apt-get $*" >>"$RECORD"\n',
    "sudo": '#!/bin/bash\nwhile [[ $1 == -* ]]; do shift; done\nexec "$@"\n',
    "getent": QUIET,
    "timedatectl": QUIET,
    "udevadm": QUIET,
    "nmcli": QUIET,
    "journalctl": QUIET,
    "shfmt": SHFMT,
    "shellcheck": CHECKER,
    "bats": CHECKER,
    "sync": QUIET,  # for programs; the installer itself has it as a function
}

STOCK_CONFIG: Final = "# For more options see the documentation\ndtparam=audio=on\n\n[all]\n"

ROOT_FILES: Final = {
    "etc/os-release": 'ID=debian\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    "etc/passwd": "root:x:0:0:root:/root:/bin/bash\n",
    "etc/group": "root:x:0:\naudio:x:29:\n",
    "proc/meminfo": "MemTotal:        3884252 kB\n",
    "proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.5",
    "proc/asound/cards": "--- no soundcards ---\n",
    "boot/firmware/config.txt": STOCK_CONFIG,
    "var/lib/misc/empty": "",
    "usr/local/bin/other": "",
    "usr/sbin/NetworkManager": "",
    "sys/class/net/wlan0/phy80211": "",
    "etc/systemd/system/multi-user.target.wants/other.service": "",
}


FOUND: Final = "ok\tmemory\t3793 MB\t\nnote\tclock\tnot set by the network yet\t\n"
"""What the checks before an installation say: the real ones ask apt and the network, at a third of a run's cost.

`tests.installer.test_install` has one installation with them.
"""


@dataclass
class Machine:
    """A copy of the installer on a machine made of stand-ins; all that they are asked is in `record`."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    said: str = ""
    checks: bool = False
    """Whether the checks before an installation really run here; else what they say is known."""

    def __post_init__(self) -> None:
        self.checkout = self.folder / "checkout"
        product(self.folder.parent, checks=self.checks).link_into(self.checkout)
        self.programs = self.folder / "programs"
        programs(self.folder.parent).link_into(self.programs)
        self.pipit = self.folder / "pipit"
        self.pipit.write_text(PIPIT)
        self.pipit.chmod(0o755)
        (self.folder / "facts").write_text(facts_of_boards())
        if not self.checks:
            (self.folder / "found").write_text(FOUND)
        self.root = self.folder / "root"

    def make_root(self, *, boots: bool = True) -> None:
        """Give it a root file system of its own, with or without a running service manager."""
        for name, text in ROOT_FILES.items():
            self.write(name, text)
        (self.root / "usr/sbin/NetworkManager").chmod(0o755)
        if boots:
            (self.root / "run/systemd/system").mkdir(parents=True)
        self.write("../key", "a-secret-key\n")
        self.environment |= {"ROOT": str(self.root), "ROOT_FOLDER": str(self.root)}

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def read(self, name: str) -> str:
        return (self.root / name).read_text()

    def change(self, name: str, text: str) -> None:
        """Make a file of the checkout one with this text."""
        path = self.checkout / name
        write_file(path, text.encode(), path.stat().st_mode & 0o777)

    def stand_in(self, name: str, text: str) -> None:
        """Put a program of this name before the machine's own."""
        write_file(self.programs / name, text.encode(), 0o755)

    @property
    def record(self) -> str:
        path = self.folder / "record"
        return path.read_text() if path.exists() else ""

    @property
    def log(self) -> str:
        return self.read("var/log/pipit-install.log")

    def answers(self, **answers: str) -> str:
        """The path of a file with these answers, and with what an installation needs."""
        path = self.folder / "answers"
        given = {"consent": "yes", "api_key_file": str(self.folder / "key"), **answers}
        path.write_text("".join(f"{key} = {value}\n" for key, value in given.items()))
        return str(path)

    def variables(self, **environment: str) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name != "ROOT" and not name.startswith(("PIPIT_", "SUDO_", "FAKE_"))
        }
        return {
            **inherited,
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "RECORD": str(self.folder / "record"),
            "FACTS": str(self.folder / "facts"),
            "FOUND": str(self.folder / "found"),
            "REAL_PYTHON": sys.executable,
            "FAKE_PIPIT": str(self.pipit),
            **NO_SYNC,
            **self.environment,
            **environment,
        }

    def install(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run install.sh; `record` is of this run alone."""
        (self.folder / "record").unlink(missing_ok=True)
        return subprocess.run(
            [str(self.checkout / "install.sh"), *arguments],
            env=self.variables(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def installed(self, *arguments: str, **answers: str) -> "subprocess.CompletedProcess[str]":
        """Install without a question; a failure is the test's."""
        run = self.install("install", "--unattended", "--answers", self.answers(**answers), *arguments)
        assert run.returncode in {0, 10}, run.stdout + run.stderr
        return run

    def tree(self) -> dict[str, str]:
        """Every file of the root file system with what is in it, links and folders too; not the log."""
        seen: dict[str, str] = {}
        for path in sorted(self.root.rglob("*")):
            name = str(path.relative_to(self.root))
            if path.is_symlink():
                seen[name] = f"link to {path.readlink()}"
            elif path.is_dir():
                seen[name] = "folder"
            elif path.name != "pipit-install.log":
                seen[name] = f"{path.stat().st_mode:o} {path.read_text()}"
        return seen


def last_line(run: "subprocess.CompletedProcess[str]") -> str:
    return run.stderr.rstrip().splitlines()[-1]
