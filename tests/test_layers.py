"""Who may import whom, read from the source: imports at the top of a file, inside functions, and by name."""

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import daemon
import hardware

ROOT = Path(__file__).parents[1]
FILES = sorted(path for folder in ("daemon", "hardware") for path in (ROOT / folder).rglob("*.py"))

LIBRARIES = {
    "alsaaudio": ["hardware/alsa.py"],
    "gpiozero": ["hardware/gpio.py", "hardware/gpio_"],
    "PIL": ["hardware/picture.py"],
    "lgpio": ["hardware/gpiochip.py"],
    "google": ["daemon/live/"],
    "systemd": ["daemon/supervision.py"],
    "openwakeword": ["daemon/wake/"],
    "onnxruntime": ["daemon/wake/", "daemon/offline/"],
    "onnx": ["daemon/wake/"],
    "soxr": ["daemon/sound/resample.py"],
    "soundfile": ["daemon/sound/wav"],
    "websockets": ["daemon/offline/", "daemon/live/"],  # live: the SDK lets its exceptions through
    "cryptography": ["daemon/web/certificate.py"],
    "h11": ["daemon/web/"],
    "pydantic": [
        "daemon/settings",
        "daemon/credential.py",
        "daemon/tools/",
        "daemon/offline/",
        "daemon/doctor/support_settings.py",
    ],
    "pydantic_core": ["daemon/settings", "daemon/tools/arguments.py"],
    "tree_sitter": ["daemon/settings_positions.py"],
    "tree_sitter_toml": ["daemon/settings_positions.py"],
    "numpy": ["daemon/", "hardware/"],
}
"""Each library and where it may be imported: a file, a folder, or files of a beginning."""

WORDS_OF_THE_JOURNAL = ["daemon.errors", "daemon.events", "daemon.conversation"]

OF_FILES = ["daemon.files", "daemon.trust"]

LAYERS = {
    "hardware/": ["hardware"],
    "daemon/events.py": [],
    "daemon/commands.py": ["daemon.events"],
    "daemon/conversation.py": ["daemon.events", "daemon.commands", "daemon.rules"],
    "daemon/errors.py": ["hardware.errors", "daemon.events"],
    "daemon/files.py": [],
    "daemon/names.py": [],
    "daemon/trust.py": ["daemon.errors", "daemon.events", "daemon.files"],
    "daemon/settings": [
        "daemon.settings",
        "daemon.errors",
        "daemon.files",
        "daemon.names",
        "daemon.trust",
        "daemon.live.profiles",
        "daemon.live.tokens",
        "daemon.machine",
        "daemon.memory.prices",
        "hardware.boards",
        "hardware.holder",
        "hardware.pins",
        "hardware.refusal",
    ],
    "daemon/sound/": ["daemon.sound", "daemon.errors", "daemon.events", "daemon.commands", "hardware.base"],
    "daemon/tools/": ["daemon.tools", "daemon.errors", "daemon.events", "daemon.names", "hardware.base"],
    "daemon/live/": ["daemon.live", "daemon.errors", "daemon.events", "daemon.sound", *OF_FILES],
    "daemon/web/": ["daemon.web", "daemon.errors", *OF_FILES],
    "daemon/broker/": [
        "daemon.broker",
        "daemon.web",
        "daemon.live",
        "daemon.settings",
        "daemon.errors",
        "daemon.events",
        *OF_FILES,
    ],
    "daemon/wake/": ["daemon.wake", "daemon.errors", "daemon.events", "daemon.sound", "daemon.fetch", *OF_FILES],
    "daemon/offline/": [
        "daemon.offline",
        "daemon.errors",
        "daemon.events",
        "daemon.sound",
        "daemon.fetch",
        "daemon.names",
        "daemon.web",
        *OF_FILES,
    ],
    "daemon/supervision.py": ["daemon.errors", "daemon.events"],
    "daemon/doctor/bench_process.py": ["daemon", "hardware"],  # it measures the appliance as a whole
    "daemon/machine/": ["daemon.machine"],
    "daemon/doctor/support": [
        "daemon.doctor",
        "daemon.machine",
        "daemon.settings",
        "daemon.wake",
        "hardware.boards",
        *WORDS_OF_THE_JOURNAL,
    ],
    "daemon/doctor/": [
        "daemon.doctor",
        "daemon.machine",
        "daemon.settings",
        "daemon.errors",
        *OF_FILES,
        "daemon.sound",
        "daemon.live",
        "daemon.broker",
        "daemon.wake",
        "daemon.offline",
        "daemon.fetch",
        "daemon.tools",
        "daemon.assembly",
        "daemon.cameras",
        "daemon.wiring",
        "daemon.commands",
        "daemon.signals",
        "daemon.health",
        "hardware",
    ],
}
"""Which of our own modules a file of that beginning may import; files that are not listed are free."""

BANNED = {
    "daemon/events.py": {"asyncio", "logging", "os", "random", "socket", "threading", "time"},
    "daemon/commands.py": {"asyncio", "logging", "os", "random", "socket", "threading", "time"},
    "daemon/conversation.py": {"asyncio", "logging", "os", "random", "socket", "threading", "time"},
    "daemon/sound/": {"asyncio", "datetime", "time"},  # they count samples
}
"""Modules of the standard library that would end a file's being a function of its input."""

MAY_IMPORT_APP = ["daemon/__main__.py", "daemon/cli.py"]
MAY_IMPORT_DOCTOR = ["daemon/doctor/", "daemon/cli.py"]


def imported(source: str) -> Iterator[str]:
    """Every module a file imports, wherever in it, by statement or by `import_module("name")`.

    Of `from a import b`, both `a` and `a.b` are given if `a` is a package of ours, for either may be meant.
    """
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                assert level == 0, "imports are absolute"
                packages = [f"{module}.{name.name}" for name in names if is_ours(f"{module}.{name.name}")]
                yield from packages or [str(module)]
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name


def is_ours(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def within(module: str, allowed: list[str]) -> bool:
    """Whether `module` is one of `allowed`, in one of them, or a file whose name begins like one and "_"."""
    return any(module == name or module.startswith((f"{name}.", f"{name}_")) for name in allowed)


def violations(file: str, source: str) -> list[str]:
    """What is wrong with the imports of `file`, a path in the repository."""
    return [complaint for module in imported(source) if (complaint := complain(file, module))]


def complain(file: str, module: str) -> str | None:
    top = module.partition(".")[0]
    if any(file.startswith(start) and top in banned for start, banned in BANNED.items()):
        return f"{file} must stay free of {top}"
    if top in {"daemon", "hardware"}:
        if within(module, ["daemon.app"]) and file not in MAY_IMPORT_APP and file != "daemon/app.py":
            return f"{file} imports {module}, which only {', '.join(MAY_IMPORT_APP)} may"
        if within(module, ["daemon.doctor"]) and not file.startswith(tuple(MAY_IMPORT_DOCTOR)):
            return f"{file} imports {module}, which only {', '.join(MAY_IMPORT_DOCTOR)} may"
        layers = [allowed for start, allowed in LAYERS.items() if file.startswith(start)]
        if layers and module not in {"daemon", "hardware"} and not within(module, layers[0]):
            return f"{file} imports {module}; it may import {layers[0]}"
        return None
    if top in sys.stdlib_module_names:
        return None
    if top not in LIBRARIES:
        return f"{file} imports {top}, which has no place in LIBRARIES"
    if not file.startswith(tuple(LIBRARIES[top])):
        return f"{file} imports {top}, which only {LIBRARIES[top]} may"
    return None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_imports_only_what_its_layer_may(path):
    assert violations(path.relative_to(ROOT).as_posix(), path.read_text()) == []


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("hardware/gpio.py", "import daemon.events"),
        ("hardware/gpio.py", "def late():\n    from daemon import events"),
        ("hardware/gpio.py", "import alsaaudio"),
        ("hardware/alsa.py", "import_module('gpiozero')"),
        ("hardware/alsa.py", "importlib.import_module('daemon.app')"),
        ("daemon/app.py", "import google.genai"),
        ("daemon/tools/devices.py", "from google import genai"),
        ("daemon/tools/devices.py", "from daemon.live import session"),
        ("daemon/sound/playout.py", "import asyncio"),
        ("daemon/sound/playout.py", "def now():\n    import time"),
        ("daemon/sound/wav.py", "import soxr"),
        ("daemon/conversation.py", "import logging"),
        ("daemon/conversation.py", "from daemon.settings import Settings"),
        ("daemon/settings_file.py", "from daemon.sound.pcm import Samples"),
        ("daemon/settings_file.py", "from hardware.gpio import pin_factory"),
        ("daemon/timers.py", "from daemon.app import run"),
        ("daemon/live/session.py", "if TYPE_CHECKING:\n    from daemon.tools.tool import Tool"),
        ("daemon/cli.py", "import requests"),
        ("daemon/doctor/doctor.py", "from daemon.app import run"),
        ("daemon/doctor/doctor.py", "from daemon.appliance import Parts"),
        ("daemon/doctor/checks/mixer.py", "import alsaaudio"),
        ("daemon/app.py", "from daemon.doctor.report import as_text"),
    ],
)
def test_a_wrong_import_is_found(file, source):
    assert len(violations(file, source)) == 1


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("hardware/gpio.py", "import gpiozero, asyncio\nfrom hardware.errors import PinRefused"),
        ("daemon/live/session.py", "def connect():\n    from google import genai"),
        ("daemon/settings_file.py", "from daemon.settings_checks import check\nfrom hardware.pins import check_pins"),
        ("daemon/conversation.py", "from daemon import commands, events\nfrom enum import Enum"),
        ("daemon/cli.py", "from daemon.app import run\nfrom daemon.doctor.command import doctor"),
        ("daemon/doctor/checks/key.py", "from daemon.live.lookup import look_up\nfrom hardware.pins import RESERVED"),
        ("daemon/app.py", "from daemon.live.session import LiveSession\nfrom hardware.alsa import AlsaMicrophone"),
    ],
)
def test_a_right_import_passes(file, source):
    assert violations(file, source) == []


@pytest.mark.parametrize("package", [daemon, hardware], ids=lambda package: package.__name__)
def test_no_public_package_takes_the_place_of_ours(package):
    """Two packages on the public index are called `daemon` and `hardware`; Pipit's environment is its own."""
    assert strangers(package.__name__) == set(), "uninstall what claims our import name"
    assert Path(str(package.__file__)).is_relative_to(ROOT)


def strangers(name: str) -> set[str]:
    """The installed distributions that claim the import name `name`, except our own."""
    return set(packages_distributions().get(name, [])) - {"pipit"}


def test_a_stranger_is_found(tmp_path, monkeypatch):
    information = tmp_path / "python_daemon-3.1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: python-daemon\nVersion: 3.1\n")
    (information / "top_level.txt").write_text("daemon\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert strangers("daemon") == {"python-daemon"}
