"""Every path that the settings name is looked at with the eyes of who will read it."""

import os
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from daemon.house.checks import faults_between
from daemon.house.file import check
from daemon.house.settings import Settings
from daemon.settings.place import places_of
from daemon.settings.problems import Fault
from daemon.settings.reader import HIDDEN, Reader
from daemon.settings.tables import model_of
from daemon.web.certificate import ensure_certificate

HOMES, TEMPORARY = HIDDEN
SERVICE = Reader("pipit", 61_234, of_service=True)
NO_SUCH_USER = Reader("pipit", None, of_service=True)
SOMEBODY = Reader("this user", os.geteuid())
KEYS: list[tuple[str, Callable[[str], dict[str, Any]]]] = [
    ("live.ca_file", lambda path: {"live": {"ca_file": path}}),
    ("live.credential.file", lambda path: {"live": {"credential": {"file": path}}}),
    ("live.credential.broker_ca_file", lambda path: {"live": {"credential": {"broker_ca_file": path}}}),
    ("live.credential.secret_file", lambda path: {"live": {"credential": {"secret_file": path}}}),
    ("broker.certificate", lambda path: {"broker": {"certificate": path}}),
    ("home_server.certificate", lambda path: {"home_server": {"certificate": path}}),
    ("home_server.openai.key_file", lambda path: {"home_server": {"openai": {"key_file": path}}}),
    ("home_server.openai.ca_file", lambda path: {"home_server": {"openai": {"ca_file": path}}}),
    ("wake.models_dir", lambda path: {"wake": {"models_dir": path}}),
    ("wake.models", lambda path: {"wake": {"models": ["hey_jarvis", f"{path}.onnx"]}}),
    ("camera.path", lambda path: {"camera": {"source": "file", "path": path}}),
    ("camera.path", lambda path: {"camera": {"source": "folder", "path": path}}),
]
IDS = [key for key, _ in KEYS]
DOCUMENTS = [document for _, document in KEYS]


def faults(document: dict[str, Any], reader: Reader) -> list[Fault]:
    return faults_between(document, reader)


def fields_below(model: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        if inner := model_of(field):
            yield from fields_below(inner, f"{prefix}{name}.")
        else:
            yield prefix + name, field


def test_every_key_that_names_a_path_says_what_has_to_be_there() -> None:
    """Keys whose name speaks of a file, a folder or a path, and those that say so though their name does not."""
    every = dict(fields_below(Settings))
    words = ("file", "path", "dir", "certificate")
    named = {key for key in every if key.rpartition(".")[2].endswith(words)}
    said = {key for key, field in every.items() if places_of(field)}
    assert named - said == set()
    assert said == set(IDS), "and each is tried below"


PLACES = [f"{folder}/ann/x" for folder in (*HOMES, *TEMPORARY)]


@pytest.mark.parametrize("place", [*PLACES, f"/etc/..{PLACES[0]}"])
def test_what_the_unit_hides_is_refused_there_or_not(place: str) -> None:
    for (key, document), reader in product(KEYS, (SERVICE, NO_SUCH_USER)):
        (fault,) = faults(document(place), reader)
        assert (".".join(map(str, fault.path[: key.count(".") + 1])), fault.warns) == (key, False)
        assert "lies where the service cannot look" in fault.what
        assert fault.fix.startswith(("copy it to /etc/pipit/", "move it to /var/lib/pipit"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=IDS)
def test_elsewhere_that_is_a_warning(document: Any) -> None:
    """The settings are somebody's own; they may be meant for the service."""
    (fault, *more) = faults(document("/home/ann/x"), SOMEBODY)
    assert (fault.warns, more) == (True, [])


def test_who_keeps_both_in_one_place_tries_something_out() -> None:
    reader = Reader("this user", os.geteuid(), settings_hidden_by=HOMES)
    (fault,) = faults({"live": {"ca_file": "/home/ann/ca.pem"}}, reader)
    assert "there is no file" in fault.what


def test_no_name_is_a_traceback() -> None:
    for (key, document), name in product(KEYS, ("x" * 300, "x/" * 3000 + "x", "a\0b", "\ud800")):
        (fault, *more) = faults(document(f"/srv/{name}"), SERVICE)
        assert more == [], key
        assert "name" in fault.what, key
        assert len(fault.what) < 400, key


@pytest.mark.parametrize("document", DOCUMENTS, ids=IDS)
def test_what_is_neither_file_nor_folder(document: Any, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe.onnx")
    (fault,) = faults(document(str(tmp_path / "pipe")), Reader("this user", 0, settings_hidden_by=TEMPORARY))
    assert ("is a named pipe, not a file" in fault.what) != ("is no folder" in fault.what)
    assert not fault.warns


LENIENT = Reader("this user", 0, settings_hidden_by=TEMPORARY)


def test_a_key_that_is_not_there_yet_is_worth_a_warning(tmp_path: Path) -> None:
    """The device starts, and says aloud that it has none."""
    for name in ("file", "secret_file"):
        (fault,) = faults({"live": {"credential": {name: f"{tmp_path}/none"}}}, LENIENT)
        assert (fault.warns, str(tmp_path) in fault.what) == (True, False)


SECRETS = [document for key, document in KEYS if key.endswith(("credential.file", "secret_file", "key_file"))]


@pytest.mark.parametrize("document", SECRETS)
@pytest.mark.parametrize(
    ("text", "mode", "what"),
    [
        (b"key\n", 0o600, ""),
        (b"key\n", 0o644, "is open to others (mode 0644)"),
        (b"key\n", 0o640, "is open to others (mode 0640)"),
        (b"k\0ey", 0o600, "holds characters that no key has"),
        (b"two words", 0o600, "holds characters that no key has"),
        ("k\u00e9y".encode(), 0o600, "holds characters that no key has"),
    ],
)
def test_a_key_that_would_not_be_taken_is_worth_a_warning(
    document: Any, text: bytes, mode: int, what: str, tmp_path: Path
) -> None:
    path = tmp_path / "key"
    path.write_bytes(text)
    path.chmod(mode)
    found = faults(document(str(path)), LENIENT)
    assert [fault.warns for fault in found] == ([True] if what else [])
    assert what in "".join(fault.what for fault in found)
    assert "two" not in "".join(fault.what for fault in found)


def test_what_the_home_server_reads_is_looked_at_with_the_eyes_of_its_user(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("key")
    path.chmod(0o600)
    service = Reader("pipit", 61_234, of_service=True, settings_hidden_by=TEMPORARY)
    (fault,) = faults({"live": {"credential": {"file": str(path)}}}, service)
    assert "the service's user, pipit" in fault.what
    told = "".join(fault.what for fault in faults({"home_server": {"openai": {"key_file": str(path)}}}, service))
    assert "pipit," not in told


def test_models_may_come_later(tmp_path: Path) -> None:
    assert faults({"wake": {"models_dir": f"{tmp_path}/none"}}, LENIENT) == []


def test_an_authority_and_a_certificate_are_looked_into(tmp_path: Path) -> None:
    files = ensure_certificate(tmp_path)
    (tmp_path / "garbage").write_text("garbage")
    for table, key, good in (("live", "ca_file", files.ca_file), ("broker", "certificate", files.server_file)):
        assert faults({table: {key: str(good)}}, LENIENT) == []
        (fault,) = faults({table: {key: f"{tmp_path}/garbage"}}, LENIENT)
        assert "holds no certificate in PEM" in fault.what


def test_what_is_there_but_not_for_the_service(tmp_path: Path) -> None:
    """As root one sees it; the service would not. Told with the folder that is in the way."""
    place = tmp_path / "x"
    place.write_text("x")
    place.chmod(0o600)
    reader = Reader("pipit", 61_234, settings_hidden_by=TEMPORARY)
    (fault,) = faults({"camera": {"source": "file", "path": str(place)}}, reader)
    assert "may not be read by pipit" in fault.what
    (fault,) = faults({"live": {"credential": {"file": str(place)}}}, reader)
    assert (fault.warns, "may not be read by pipit" in fault.what) == (True, True)


def test_what_only_root_may_look_at_is_no_fault_yet() -> None:
    document = {"live": {"ca_file": "/proc/1/root/x"}} if os.geteuid() else {}
    assert [fault for fault in faults(document, NO_SUCH_USER) if not fault.warns] == []


def test_the_settings_themselves_may_be_closed_to_the_service(tmp_path: Path) -> None:
    path = tmp_path / "pipit.toml"
    path.touch(mode=0o600)
    report = check(path, Reader("pipit", 61_234, of_service=True))
    (problem,) = report.problems
    assert "lies where the service cannot look" in problem.what
    assert problem.fix == "let it be a file of its own, not a link"
    assert report.settings is None
