"""The support bundle as a whole: nothing that anybody said, named or typed is in it, wherever it was planted."""

from __future__ import annotations

import gzip
import io
import json
import stat
import string
import tarfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from daemon.doctor.examining.patient import Patient
from daemon.doctor.examining.report import Result
from daemon.doctor.support.bundle import BundleNotWritten, Words, bundle_members, default_name, write_support_bundle
from daemon.house.settings import Settings
from daemon.machine.finding import Finding, Verdict
from daemon.machine.site import Completed
from tests.repetition import THOROUGH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SAID = ("turn", "on", "the", "lamp", "in", "Annas", "bedroom", "what", "is", "my", "pin", "code", "call", "at", "seven")
KEY = "AIzaSyD-0123456789abcdefghijklmnopqrstu"


@pytest.fixture(scope="module")
def words() -> Words:
    return Words()


@dataclass(frozen=True)
class Told(Patient):
    """A machine whose programs say this."""

    says: dict[str, str] = field(default_factory=dict)

    def run(self, command: Sequence[str], timeout_s: float = 5.0) -> Completed:  # noqa: ARG002
        name = Path(command[0]).name
        return Completed(0, self.says[name]) if name in self.says else Completed(127, "")


def journal(*messages: tuple[str, object]) -> str:
    """Lines of journalctl: process and message."""
    entries = [
        {"MESSAGE": message, "_PID": pid, "_BOOT_ID": "a", "__MONOTONIC_TIMESTAMP": "1"} for pid, message in messages
    ]
    return "\n".join(map(json.dumps, entries))


def a_machine(root: Path, plant: str) -> Told:
    """A machine on which `plant` was said, typed or named everywhere."""
    files = {
        "/etc/os-release": f"ID={plant}\nVERSION_ID={plant}\nVERSION_CODENAME={plant}\nPRETTY_NAME={plant}\n",
        "/proc/device-tree/model": f"{plant}\0",
        "/proc/sys/kernel/osrelease": plant,
        "/proc/meminfo": f"MemTotal: {plant} kB\nMemTotal:         1000 kB\n",
        "/proc/asound/cards": f" 0 [{plant:<15}]: USB-Audio - {plant}\n 1 [Device         ]: {plant} - {plant}\n",
        "/proc/asound/card0/usbid": plant,
        "/proc/asound/card0/pcm0c/sub0/hw_params": f"access: {plant}\nformat: {plant}\n{plant}: 1\nrate: {plant}\n",
        "/proc/asound/card0/pcm0c/sub0/status": f"state: {plant}\nowner_pid: {plant}\n",
        "/boot/firmware/config.txt": f"# {plant}\n[{plant}]\ndtoverlay={plant}\ndtparam={plant}\n{plant}\n"
        f"dtoverlay=max98357a,{plant}\n# >>> pipit {plant} >>>\n",
        "/var/log/pipit-install.log": f"==== {plant}: x\n$ {plant}\n$ rm {plant}\n{plant}\n$ env -C {plant} python x\n",
        f"/sys/bus/gpio/devices/gpiochip{plant.replace('/', '_')}/x": plant,
    }
    for name, text in files.items():
        path = root / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Told(
        root=root,
        settings=planted_settings(plant),
        environ={"GEMINI_API_KEY": plant, "HOME": plant},
        now=lambda: datetime(2026, 11, 22, tzinfo=UTC),
        says={
            "systemctl": f"ActiveState={plant}\nStatusText={plant}\n{plant}=1\nNRestarts={plant}\nResult=watchdog",
            "journalctl": planted_journal(plant),
            "python": json.dumps({"number": plant, "label": plant}),
            "python3": json.dumps({"number": 0, "label": plant}),
        },
    )


def planted_settings(plant: str) -> Settings:
    """As people write them; names that the settings would refuse are planted behind their back."""
    device = Settings.model_validate({"device": [{"name": "lamp", "kind": "led", "pin": 17}]}).devices[0]
    plain = Settings()
    return plain.model_copy(
        update={
            "household": plain.household.model_copy(update={"name": plant, "room": plant, "language": plant}),
            "microphone": plain.microphone.model_copy(update={"device": f"plughw:CARD={plant}"}),
            "speaker": plain.speaker.model_copy(update={"device": plant}),
            "wake": plain.wake.model_copy(
                update={"models": (plant, f"/{plant}.onnx"), "models_dir": Path(f"/{plant}")}
            ),
            "live": plain.live.model_copy(
                update={
                    "model": plant,
                    "language": plant,
                    "system_instruction": plant,
                    "endpoint": f"https://{plant}",
                    "ca_file": f"/{plant}",
                    "credential": plain.live.credential.model_copy(update={"file": f"/{plant}"}),
                }
            ),
            "devices": (device.model_copy(update={"name": plant}), device),
        }
    )


def planted_journal(plant: str) -> str:
    """In every kind of line that there is, and in some that there are not."""
    said = [
        plant,
        f"daemon.tools.calls: set_device: {plant}",
        f"daemon.tools.calls: {plant}: ok",
        f"daemon.brain.local: understood {plant!r} as {plant} {{}}",
        f"daemon.live.session: session lost: {plant} ({plant})",
        f"daemon.{plant}: session open: {plant}",
        f"hardware.sound.card: microphone {plant!r} is gone: {plant}",
        f"pipit: {plant}",
        f"pipit: there is no microphone {plant!r}. Fix: plug it in, or set device under [{plant}]",
        f"{plant}Error: {plant}",
        f"ValueError: {plant}",
        f'  File "/{plant}/daemon/hearing/ears.py", line 90, in {plant}',
        f'  File "/{plant}/daemon/hearing/ears.py", line 90, in run',
        f"    {plant}",
        f"Started {plant}.",
        f"pipit.service: Failed with result '{plant}'.",
        f"pipit.service: Killing process 1 ({plant}) with signal SIGKILL.",
    ]
    return journal(*[("812", line) for line in said], *[("1", line) for line in said], ("812", [*plant.encode()]))


def planted_results(plant: str) -> list[Result]:
    return [
        Result(plant, Finding(Verdict.BAD, plant, plant, {plant: 1, "devices": plant})),
        Result("settings", Finding(Verdict.GOOD, f"{plant} can be used, with {plant}", f"see {plant}", {"devices": 3})),
        Result("dns", Finding(Verdict.BAD, f"the name {plant} is not found", f"{plant}: `resolvectl status`")),
    ]


def everything(site: Patient, results: Sequence[Result], words: Words) -> bytes:
    """The archive, uncompressed, names and headers and all."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "bundle.tar.gz")
        write_support_bundle(site, path, results, words)
        packed = path.read_bytes()
    return packed[:20] + gzip.decompress(packed)


ROOT = Path(__file__).parents[4]

SECRETS = st.one_of(
    st.from_regex(r"AIza[A-Za-z0-9_-]{35}", fullmatch=True),
    st.text(string.ascii_letters + string.digits, min_size=8, max_size=14).filter(lambda text: not text.isdecimal()),
    st.lists(st.sampled_from(SAID), min_size=5, max_size=8).map(" ".join),
    st.text(string.ascii_lowercase + "äöüéçß", min_size=9, max_size=15),
    st.from_regex(r"192\.168\.[0-9]{2}\.[0-9]{2}", fullmatch=True),
)


@pytest.fixture(scope="module")
def is_in_every_bundle(words: Words, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bool]:
    """Whether a secret happens to be a word of Pipit's own, or of every bundle: it tells nobody anything."""
    snow = "\N{SNOWMAN}"
    innocent = everything(a_machine(tmp_path_factory.mktemp("innocent"), snow), planted_results(snow), words)
    own = b"".join(path.read_bytes() for folder in ("daemon", "hardware") for path in (ROOT / folder).rglob("*.py"))
    return lambda plant: plant.encode() in innocent or plant.encode() in own


@given(plant=SECRETS)
@rules(max_examples=30 if THOROUGH else 10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_that_was_planted_anywhere_is_in_it(
    words: Words, is_in_every_bundle: Callable[[str], bool], plant: str
) -> None:
    assume(not is_in_every_bundle(plant))
    with TemporaryDirectory() as root:
        site = a_machine(Path(root), plant)
        content = everything(site, planted_results(plant), words)
    assert plant.encode() not in content
    assert plant.encode("ascii", "backslashreplace") not in content
    assert repr([*plant.encode()]).encode() not in content


@pytest.mark.parametrize("plant", [KEY, "turn on the lamp", "Anna", "hunter2", "lamp", "10.0.0.17", "Küche"])
def test_nor_are_these(words: Words, tmp_path: Path, plant: str) -> None:
    content = everything(a_machine(tmp_path, plant), planted_results(plant), words)
    assert plant.encode() not in content


def test_the_test_would_notice(words: Words, tmp_path: Path) -> None:
    """What passes does: the planted machine is not simply empty."""
    site = a_machine(tmp_path, "secret-of-anna")
    text = {member.name: member.text for member in bundle_members(site, planted_results("secret-of-anna"), words)}
    assert "daemon.tools.calls: set_device: …" in text["journal.txt"]
    assert "raised ValueError" in text["journal.txt"]
    assert "daemon.hearing.ears:90 in run" in text["journal.txt"]
    assert "the name … is not found" in text["findings.json"]
    assert '"devices": 3' in text["findings.json"]
    assert "Result: watchdog" in text["unit.txt"]
    assert "card 1: Device, (left out)" in text["sound.txt"]
    assert "  rm" in text["install.txt"]
    assert "device.pin = 17" in text["settings.txt"]


def members(path: Path) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(path) as archive:
        return {member.name: member for member in archive.getmembers()}


def bundle(tmp_path: Path, words: Words, **options: Any) -> tuple[Path, str]:
    path = tmp_path / "bundle.tar.gz"
    site = Told(root=tmp_path, settings=Settings(), **options)
    return path, write_support_bundle(site, path, [], words)


def test_it_belongs_to_its_owner_alone_and_says_nothing_of_who_made_it(tmp_path: Path, words: Words) -> None:
    path, _ = bundle(tmp_path, words)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for member in members(path).values():
        assert (member.uid, member.gid, member.uname, member.gname, member.mtime) == (0, 0, "", "", 0)
        assert member.mode == 0o600
    header = path.read_bytes()[:10]
    assert header[3] == 0, "no file name"
    assert header[4:8] == bytes(4), "no time"


def test_it_is_all_text_and_is_listed(tmp_path: Path, words: Words) -> None:
    path, told = bundle(tmp_path, words)
    names = members(path)
    assert all(name.startswith("pipit-support/") for name in names)
    for name in names:
        assert name.removeprefix("pipit-support/") in told
    assert "Look at it before you send it" in told
    assert str(path) in told
    with tarfile.open(path) as archive:
        for name in names:
            extracted = archive.extractfile(name)
            assert extracted
            io.TextIOWrapper(extracted, "utf-8").read()


def test_no_file_is_replaced(tmp_path: Path, words: Words) -> None:
    (tmp_path / "bundle.tar.gz").write_text("mine")
    with pytest.raises(BundleNotWritten, match="exists already"):
        bundle(tmp_path, words)
    assert (tmp_path / "bundle.tar.gz").read_text() == "mine"


def test_a_link_is_not_followed(tmp_path: Path, words: Words) -> None:
    (tmp_path / "bundle.tar.gz").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BundleNotWritten):
        bundle(tmp_path, words)
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_not_there(tmp_path: Path, words: Words) -> None:
    with pytest.raises(BundleNotWritten, match="No such file") as refused:
        write_support_bundle(Told(root=tmp_path), tmp_path / "nowhere" / "x", [], words)
    assert "--output" in refused.value.fix


def test_a_full_disk_leaves_nothing_behind(words: Words) -> None:
    with pytest.raises(BundleNotWritten):
        write_support_bundle(Told(), Path("/dev/full/x"), [], words)


def test_without_settings_it_is_made_all_the_same(tmp_path: Path, words: Words) -> None:
    site = Told(root=tmp_path, settings=None)
    text = {member.name: member.text for member in bundle_members(site, [], words)}
    assert "no settings" in text["settings.txt"]


def test_its_name_has_the_time() -> None:
    site = Told(now=lambda: datetime(2026, 11, 22, 9, 5, 1, tzinfo=UTC))
    assert default_name(site) == "pipit-support-20261122-090501.tar.gz"
