"""The boundary of the settings as a whole: whatever bytes are there, check() answers, in lines, and in time."""

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from daemon.house.file import Report, check
from tests.fuzzing import any_of, data, fuzzed, letters, mapped, sampled, several, tupled

EXAMPLE = (Path(__file__).parents[2] / "pipit.example.toml").read_text(encoding="utf-8")


def written_out() -> list[str]:
    """The lines of the example with every key in them, none commented out."""
    lines = [line.removeprefix("#") for line in EXAMPLE.splitlines()]
    return [line for line in lines if line.startswith("[") or " = " in line.partition("#")[0]]


LINES = written_out()
KEYS = sorted({line.partition(" = ")[0] for line in LINES if not line.startswith("[")})
ODD = sampled(
    "0x" + "f" * 300, "1e308", "-1e-300", "inf", "nan", "-0.0", "9" * 40, "true", "[]", "{}", "[[[1]]]",
    "{a = {b = 1}}",
    '"\\u0000"', '"\\u001b[31m"', '"\\u202e"', '"a\\nb"', '"/dev/null"', '"/etc"', '"/etc/\\u0000"', '"~/x"',
    '"https://a..b"', '"https://[::1"', '"https://h:99999"', "1979-05-27", "07:32:00", "'''", '"""', '"', "{", "[", "#",
    '["a", 1]', '["/nowhere.onnx"]', '"' + "x" * 5000 + '"', '"/' + "x" * 300 + '"',
)  # fmt: skip
VALUES = any_of(ODD, sampled(*[line.partition(" = ")[2] for line in LINES if " = " in line]))
HEADING = any_of(letters(8, of="abcdevil.[]\"' "), sampled("live", "device", "wake.x"))
MUTATED = any_of(
    sampled(*LINES),
    mapped(" = ".join, tupled(sampled(*KEYS), VALUES)),
    mapped(" = ".join, tupled(letters(6), VALUES)),
    mapped("[{}]".format, HEADING),
    letters(12),
)
BYTES = any_of(data(200), data(3), mapped(lambda text: text.encode("utf-8", "surrogatepass"), letters(100)))
"""Of many that are drawn alike, hardly any are text."""
DOCUMENT = mapped("\n".join, several(MUTATED, 12))


def assert_sound(report: Report, text: str | bytes) -> None:
    lines = text.count("\n") + 1 if isinstance(text, str) else text.count(b"\n") + 1
    assert (report.settings is None) == bool(report.problems)
    for problem in (*report.problems, *report.warnings):
        assert str(problem).isprintable()
        assert problem.what
        assert problem.fix
        assert 0 <= problem.line <= lines
        assert len(str(problem)) < 2_000


@fuzzed(text=DOCUMENT)
def test_documents_close_to_the_example(text: str, tmp_path: Path) -> None:
    data = text.encode("utf-8", "surrogatepass")
    (tmp_path / "pipit.toml").write_bytes(data)
    assert_sound(check(tmp_path / "pipit.toml"), data)


@fuzzed(written=BYTES)
def test_arbitrary_bytes(written: bytes, tmp_path: Path) -> None:
    (tmp_path / "pipit.toml").write_bytes(written)
    assert_sound(check(tmp_path / "pipit.toml"), written)


@fuzzed(share=10, first=DOCUMENT, second=DOCUMENT)
def test_a_drop_in_over_it(first: str, second: str, tmp_path: Path) -> None:
    (tmp_path / "conf.d").mkdir(exist_ok=True)
    for name, text in (("pipit.toml", first), ("conf.d/a.toml", second)):
        (tmp_path / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    assert_sound(check(tmp_path / "pipit.toml"), f"{first}\n{second}")


GROWING = {
    "devices on few pins": '[[device]]\nname = "lamp {0}"\nkind = "led"\npin = 4\n',
    "devices of one name": '[[device]]\nname = "lamp"\nkind = "led"\npin = 5\n',
    "devices that are wrong": '[[device]]\nname = "lamp {0}"\nkind = "lamp"\npin = {0}\nx{0} = 1\n',
    "devices without anything": "[[device]]\n",
    "tables that nobody knows": "[table{0}]\nx = 1\n",
    "keys that nobody knows": '"key {0}" = 1\n',
    "prices": '[[price]]\nmodel = "m{0}"\n',
    "comments": "# {0}\n",
}


def work(path: Path) -> int:
    """How many lines of Python, and calls of anything, check() takes: as time, and the same on every machine."""
    steps = 0

    def traced(_: FrameType, __: str, ___: Any) -> Any:
        nonlocal steps
        steps += 1
        return traced

    def profiled(_: FrameType, __: str, ___: Any) -> None:
        nonlocal steps
        steps += 1

    before = sys.gettrace(), sys.getprofile()
    sys.settrace(traced)
    sys.setprofile(profiled)
    try:
        check(path)
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return steps


@pytest.mark.parametrize("line", GROWING.values(), ids=GROWING)
def test_twice_as_long_is_twice_the_work(line: str, tmp_path: Path) -> None:
    path = tmp_path / "pipit.toml"
    took = []
    # The first loads what is loaded late. Of the others: to compare each line with each other is 2.1 times as much work
    # even if that is two steps for a pair and a line by itself takes some 3,500.
    for count in (20, 150, 300):
        path.write_text("".join(line.format(number) for number in range(count)))
        took.append(work(path))
    assert took[2] <= 2.1 * took[1], took
