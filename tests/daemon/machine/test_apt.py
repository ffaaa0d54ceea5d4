"""Whether a server of apt's answers: asked by apt itself, as the machine has it set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.machine.apt import CURRENT
from tests.daemon.machine.planned import told

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.daemon.doctor.machine import Machine


class TestServers:
    def test_the_server_that_apt_is_set_up_with_is_asked_by_apt(self, well: Machine) -> None:
        assert told(well, "network") == "ok apt's server answers"
        assert well.calls("apt-get") == ["update --print-uris"]
        (call,) = well.calls("apt-helper")
        assert "download-file http://mirror.invalid/InRelease " in call

    def test_it_does_not_answer(self, well: Machine) -> None:
        well.program("apt-helper", status=100)
        assert told(well, "network") == (
            "refused apt's server does not answer: http://mirror.invalid/InRelease: check the network, and apt's"
            " sources and proxy with 'sudo apt-get update'"
        )

    def test_what_is_installed_goes_on_without_it(self, well: Machine) -> None:
        well.program("apt-helper", status=100)
        well.file(f"{CURRENT}/.there")
        assert told(well, "network") == (
            "note apt's server does not answer (http://mirror.invalid/InRelease), so nothing new can be fetched"
        )

    def test_a_server_of_a_third_party_that_is_gone_does_not_count(self, well: Machine) -> None:
        servers = ("gone.invalid/a", "gone.invalid/b", "mirror.invalid/a")
        well.program("apt-get", "".join(f"'http://{server}/InRelease' name 0 \n" for server in servers))
        well.program("apt-helper", more='case "$*" in *gone.invalid*) exit 100 ;; esac')
        assert told(well, "network") == "ok apt's server answers"
        asked = [call.split("download-file ")[1].split()[0] for call in well.calls("apt-helper")]
        assert asked == ["http://gone.invalid/a/InRelease", "http://mirror.invalid/a/InRelease"]

    def test_no_more_than_the_first_servers_are_asked(self, well: Machine) -> None:
        well.program("apt-get", "".join(f"'http://{letter}.invalid/InRelease' name 0 \n" for letter in "abcde"))
        well.program("apt-helper", status=100)
        assert told(well, "network").startswith("refused apt's server does not answer: http://a.invalid/InRelease")
        assert len(well.calls("apt-helper")) == 3

    def test_no_server_to_ask(self, well: Machine) -> None:
        well.program("apt-get", "'file:/media/debian/InRelease' name 0 \n")
        assert told(well, "network") == "note apt knows no server to ask"

    def test_no_apt(self, well: Machine) -> None:
        well.environ["PIPIT_SKIP_APT"] = "yes"
        assert told(well, "network") == "note not looked at: there is no apt to ask"
        del well.environ["PIPIT_SKIP_APT"]
        (well.folder / "bin/dpkg-query").unlink()
        assert told(well, "network") == "note not looked at: there is no apt to ask"
        assert not well.calls("apt-get")

    def test_no_room_for_a_temporary_file(self, well: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(well.folder / "nowhere"))
        assert told(well, "network") == (
            "note not looked at: no temporary file can be written (No such file or directory)"
        )

    def test_a_bundle_that_brings_the_packages_along_needs_none(self, well: Machine, tmp_path: Path) -> None:
        (tmp_path / "BUNDLE").write_text("bookworm arm64 3.11\n")
        assert told(well, "network", tmp_path).startswith("ok not needed")
        assert not well.calls("apt-get")

    def test_apt_goes_by_the_households_proxy_and_sees_no_key(self, well: Machine) -> None:
        well.environ |= {"http_proxy": "http://proxy.invalid:3128", "GEMINI_API_KEY": "AIza-secret"}
        well.program("apt-helper", more='[ "$http_proxy$GEMINI_API_KEY" = http://proxy.invalid:3128 ] || exit 1')
        assert told(well, "network") == "ok apt's server answers"
