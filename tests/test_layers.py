"""That every file imports only what its layer may, that every layer has files, and that packages form no circle.

And that a name tells which file is meant.
"""

from collections import Counter
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest

import daemon
import hardware
from tests.layers import ROOT, circles, exceptions, rule_of, source_files, violations

SAME_PART = {
    *("__init__", "__main__", "command", "checks", "making", "settings", "tools"),
    "errors",  # the family of the daemon's own, and its root with that of hardware
    "install",  # one program of the same form for each kind of model
    "profiles",  # the families of models as the client and as the offline server know them; a test compares the two
}
"""Stems that several folders have for the same part of each."""


def test_every_file_has_a_rule_and_keeps_it_every_rule_has_a_file_and_there_are_no_circles():
    assert exceptions() == set()


def test_no_two_files_have_one_name_for_different_things():
    counts = Counter(Path(file).stem for file in source_files())
    assert {stem for stem, count in counts.items() if count > 1} - SAME_PART == set()
    assert {stem for stem in SAME_PART if counts[stem] < 2} == set(), "it is no exception any more"


@pytest.mark.parametrize(
    ("imports", "found"),
    [
        ({"a": {"b"}, "b": {"c"}}, []),
        ({"a": {"b"}, "b": {"a"}}, [{"a", "b"}]),
        ({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": {"d"}}, [{"a", "b", "c"}, {"d", "e"}]),
    ],
)
def test_a_circle_is_found(imports, found):
    assert circles(imports) == found


def test_the_longest_rule_counts():
    assert rule_of("daemon.offline.wire.schema") == "daemon.offline.wire"
    assert rule_of("daemon.offline.server") == "daemon.offline"
    assert rule_of("daemon.nowhere") is None


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("hardware/header/factory.py", "import daemon.errors"),
        ("hardware/header/factory.py", "def late():\n    from daemon import errors"),
        ("hardware/header/factory.py", "import alsaaudio"),
        ("hardware/sound/alsa.py", "import_module('gpiozero')"),
        ("hardware/sound/alsa.py", "importlib.import_module('daemon.errors')"),
        ("daemon/house/running.py", "import google.genai"),
        ("daemon/abilities/devices/tools.py", "from google import genai"),
        ("daemon/sound/playout.py", "import asyncio"),
        ("daemon/sound/playout.py", "def now():\n    import time"),
        ("daemon/sound/wav.py", "import soxr"),
        ("daemon/sound/wav.py", "from daemon.trust import is_trusted"),
        ("daemon/conversation/rules.py", "import logging"),
        ("daemon/conversation/rules.py", "if TYPE_CHECKING:\n    from daemon.trust import is_trusted"),
        ("daemon/command_line/pipit.py", "import requests"),
        ("daemon/house/running.py", "from daemon.doctor.report import as_text"),
        ("daemon/doctor/checks/mixer_levels.py", "import alsaaudio"),
        ("daemon/doctor/checks/mixer_levels.py", "from daemon.web.http11 import Request"),
    ],
)
def test_a_wrong_import_is_found(file, source):
    assert len(violations(file, source)) == 1


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("hardware/header/factory.py", "import gpiozero, asyncio\nfrom hardware.errors import PinRefused"),
        (
            "daemon/live/session.py",
            "def connect():\n    from google import genai\nfrom daemon.errors import PipitError",
        ),
        ("daemon/command_line/pipit.py", "from daemon.doctor.command import doctor"),
        ("daemon/house/running.py", "from daemon.trust import is_trusted\nfrom hardware.base import Speaker"),
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
    claims = (f"{name}/", f"{name}.py")

    def claimed(distribution: Distribution) -> bool:
        declared = (distribution.read_text("top_level.txt") or "").split()
        return name in declared or any(
            line.startswith(claims) for line in (distribution.read_text("RECORD") or "").splitlines()
        )

    return {distribution.metadata["Name"] for distribution in distributions() if claimed(distribution)} - {"pipit"}


@pytest.mark.parametrize(
    ("file", "text"),
    [("top_level.txt", "daemon\n"), ("RECORD", "daemon/__init__.py,,\n"), ("RECORD", "daemon.py,sha256=x,9\n")],
)
def test_a_stranger_is_found(file, text, tmp_path, monkeypatch):
    information = tmp_path / "python_daemon-3.1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: python-daemon\nVersion: 3.1\n")
    (information / file).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    assert strangers("daemon") == {"python-daemon"}
