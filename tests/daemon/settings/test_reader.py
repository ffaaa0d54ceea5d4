"""Who reads what the settings name, and what of the disk that user sees."""

import configparser
import os
from pathlib import Path

import pytest

from daemon.settings.reader import HIDDEN, Reader, hidden_by, reader_of, way_to

ROOT = Path(__file__).parents[3]
HOMES, TEMPORARY = HIDDEN


@pytest.mark.parametrize("unit", ["pipit.service", "pipit-token-broker.service", "pipit-home-server.service"])
def test_what_is_hidden_is_what_the_units_hide(unit: str) -> None:
    """systemd.exec(5): ProtectHome= hides three folders, PrivateTmp= two."""
    text = (ROOT / "systemd" / unit).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string("\n".join(lines))
    assert (parser["Service"]["ProtectHome"], parser["Service"]["PrivateTmp"]) == ("yes", "yes")
    assert not any(line.startswith(("InaccessiblePaths", "TemporaryFileSystem")) for line in lines)
    assert HIDDEN == (("/home", "/root", "/run/user"), ("/tmp", "/var/tmp"))  # noqa: S108


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("/home/ann/ca.pem", HOMES),
        ("/home", HOMES),
        ("/root/x", HOMES),
        ("/run/user/1000/x", HOMES),
        ("/tmp/x", TEMPORARY),  # noqa: S108
        ("/var/tmp/x", TEMPORARY),  # noqa: S108
        ("/etc/../home/ann/x", HOMES),
        ("/etc//./../root/x", HOMES),
        ("/homes/x", ()),
        ("/run/pipit/x", ()),
        ("/etc/pipit/x", ()),
        ("/var/lib/pipit/models", ()),
    ],
)
def test_hidden_places(path: str, hidden: tuple[str, ...]) -> None:
    assert hidden_by(path) == hidden


def test_a_link_leads_where_it_leads(tmp_path: Path) -> None:
    inside = tmp_path / "etc"
    inside.mkdir()
    (inside / "ca.pem").symlink_to("/root/ca.pem")
    (inside / "folder").symlink_to("/root/folder")
    (inside / "again").symlink_to("folder/../x")
    for name in ("ca.pem", "folder/x", "again"):
        assert "/root" in {place[:5] for place in way_to(str(inside / name))}, name


def test_a_way_in_circles_ends(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert len(way_to(str(tmp_path / "a" / "x"))) < 100


def test_the_settings_of_the_service_are_read_by_it() -> None:
    assert reader_of(Path("/etc/pipit/pipit.toml")).of_service
    assert reader_of(Path("/etc/pipit/other/../pipit.toml")).of_service
    for path in ("/etc/pipit2/pipit.toml", "/etc/pipit/../pipit.toml", "pipit.toml"):
        reader = reader_of(Path(path))
        assert (reader.of_service, reader.uid) == (False, os.geteuid())


MODES = [
    (0o644, 1, False),
    (0o600, 1, True),
    (0o640, 1, True),
    (0o640, 7, False),
    (0o604, 7, True),  # the group counts, and it may not
    (0o000, 0, False),  # root may
    (0o000, None, False),  # nobody knows
]


def open_the_way(folder: Path) -> None:
    """Pytest's own folders, of which there is one more with several processes, are closed to other users."""
    for step in (folder, *folder.parents):
        if step.name.startswith(("test_", "popen-", "pytest-")):
            step.chmod(0o755)


@pytest.mark.parametrize(("mode", "uid", "closed"), MODES)
def test_a_file_that_a_user_may_not_read(mode: int, uid: int | None, closed: bool, tmp_path: Path) -> None:
    """A user of number 7 is in the group of the file; 1 is not; neither owns it."""
    file = tmp_path / "file"
    file.touch()
    file.chmod(mode)
    open_the_way(tmp_path)
    reader = Reader("x", uid, frozenset({file.stat().st_gid}) if uid == 7 else frozenset())
    assert reader.closed(str(file), "read") == (str(file) if closed else "")


def test_a_folder_on_the_way_is_named(tmp_path: Path) -> None:
    open_the_way(tmp_path)
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "open" / "file")
    tmp_path.chmod(0o750)
    stranger = Reader("x", 61_234)
    for name in ("open/file", "link"):
        assert stranger.closed(str(tmp_path / name), "read") == str(tmp_path)
    tmp_path.chmod(0o751)
    assert stranger.closed(str(tmp_path / "link"), "read") == ""
    assert stranger.closed(str(tmp_path), "list") == str(tmp_path)
