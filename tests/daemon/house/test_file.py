"""pipit.toml and its drop-ins: every problem at once, each with its file, line, key and fix."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.errors import SettingsError
from daemon.house.file import MOST_SHOWN, Report, check, load_settings
from daemon.house.settings import Settings
from daemon.settings.source import LARGEST_BYTES, MOST_DROP_INS
from daemon.web.certificate import ensure_certificate
from hardware.header.pins import PinUse, free_pins

Write = Callable[..., Path]
TABLES = (
    "household",
    "microphone",
    "speaker",
    "wake",
    "listening",
    "live",
    "history",
    "usage",
    "button",
    "mute",
    "indicator",
    "gpio",
    "broker",
    "camera",
    "price",
    "device",
)
FREE = ", ".join(map(str, free_pins([PinUse(17, "the lamp")])))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes pipit.toml, and drop-ins by name, and returns the path of the first."""

    def write(text: str | bytes, **drop_ins: str) -> Path:
        path = tmp_path / "pipit.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        for name, drop_in in drop_ins.items():
            (tmp_path / "conf.d").mkdir(exist_ok=True)
            (tmp_path / "conf.d" / f"{name}.toml").write_text(drop_in, encoding="utf-8")
        return path

    return write


def problems_of(path: Path) -> list[str]:
    """The problems, without the folder they all are in."""
    with pytest.raises(SettingsError) as raised:
        load_settings(path)
    return str(raised.value).replace(f"{path.parent}{os.sep}", "").splitlines()


def test_what_the_family_refuses_is_told_together_with_wrong_values(write: Write) -> None:
    """One round of corrections is enough, whatever kinds of mistake there are."""
    text = '[live]\nvoice = "Kora"\nresponse = "text"\n[live.dialog]\naffective = true\nproactive_audio = 3\n'
    problems = problems_of(write(text + "[wake]\ngate = 1\n"))
    assert [problem.split(": ")[1] for problem in problems] == [
        "live.voice",
        "live.response",
        "live.dialog.affective",
        "live.dialog.proactive_audio",
        "wake.gate",
    ]


def test_what_the_family_cannot_see_is_told_together_with_wrong_values(write: Write) -> None:
    text = '[live]\nmodel = "gemini-3.1-flash-live-preview"\n[camera]\nsource = "picamera"\nwatch = true\nwidth = 1\n'
    problems = problems_of(write(text))
    assert [problem.split(": ")[1] for problem in problems] == ["camera.watch", "camera.width"]


def test_a_wrong_model_is_of_no_family(write: Write) -> None:
    problems = problems_of(write('[live]\nmodel = ""\nresponse = "text"\n'))
    assert [problem.split(": ")[1] for problem in problems] == ["live.model"]


def test_defaults(write: Write) -> None:
    assert load_settings(write("")) == Settings()


def test_every_problem_is_named_with_file_line_key_and_fix_in_the_order_of_the_lines(write: Write) -> None:
    path = write("""\
# my box
[microphone]
device = 3
period_ms = 5

[[device]]
name = "lamp"
kind = "led"
pin = 17

[wake]
threshhold = 0.7

[led]
x = 1

[[device]]
name = "LAMP"
kind = "relais"
pin = 17
""")
    assert [tuple(problem.split(" Fix: ")) for problem in problems_of(path)] == [
        ("pipit.toml:3: microphone.device: must be text in quotes, not 3.", "choose a name that `arecord -L` prints"),
        (
            "pipit.toml:4: microphone.period_ms: must be at least 10, not 5.",
            "use 20, or 40 if the journal reports xruns",
        ),
        ("pipit.toml:12: wake.threshhold: unknown key.", 'did you mean "threshold"?'),
        ("pipit.toml:14: led: unknown key.", f"remove it; the keys here are {', '.join(TABLES)}"),
        (
            'pipit.toml:18: device[2].name: another device is called "LAMP" already; see line 7.',
            "give each a name of its own",
        ),
        (
            'pipit.toml:19: device[2].kind: must be one of led, relay, pwm, servo, not "relais".',
            'did you mean "relay"?',
        ),
        (
            'pipit.toml:20: device[2].pin: pin 17 is used twice: by device "lamp" and by device "LAMP"; see line 9.',
            f"wire it to a free pin, one of {FREE}, and name that one (BCM numbering)",
        ),
    ]


def test_a_missing_key_is_reported_at_its_table(write: Write) -> None:
    assert problems_of(write('\n[[device]]\nname = "x"\nkind = "led"\n'))[0].startswith(
        "pipit.toml:2: device[1].pin: is mi"
    )


def test_the_error_ends_with_the_status_of_a_configuration_error(write: Write) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(write("x = 1\ny = 2"))
    assert raised.value.exit_status == 78
    assert raised.value.fix == "correct the 2 lines; `pipit check` reads the file again"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[wake]\nmodels = ["x\n', "2: column 13: not valid TOML: illegal character '\\n'. Fix: close the quotes"),
        (
            "[wake]\nthreshold = 0,5\n",
            "2: column 14: not valid TOML: expected newline or end of document after a statement. Fix: one key a line",
        ),
        ("[speaker]\nvolume = loud", "2: column 10: not valid TOML: invalid value. Fix: put text in"),
        ("[wake]\n[wake]\n", "2: column 6: not valid TOML: cannot declare ('wake',) twice. Fix: keep one of"),
        ("a = 1\na = 2\n", "2: column 6: not valid TOML: cannot overwrite a value. Fix: keep one of the two lines"),
        (
            "volume 3",
            "1: column 8: not valid TOML: expected '=' after a key in a key/value pair. Fix: write key = value",
        ),
        ("? = 3", "1: column 1: not valid TOML: invalid statement. Fix: write key = value"),
        (b"[speaker]\nname = '\xff'", "2: is not UTF-8 text. Fix: save it as UTF-8"),
        (b"\xff\xfe[\x00", "1: is not UTF-8 text"),
        (
            "[wake]\nx = {\n  a = 1 }",
            "2: column 6: not valid TOML: an inline table { … } must stand on one line. Fix: write",
        ),
        ("x = {a = 1,\n b = 2}", "1: column 12: not valid TOML: an inline table { … } must stand on one line"),
        ("x = {a = 1, # c\r\n b = 2}", "1: column 13: not valid TOML: an inline table { … } must stand on one line"),
        ("x = {a = [1,\n2]\n}", "2: column 3: not valid TOML: an inline table { … } must stand on one line"),
        ("x = {a = 1, }", "1: column 13: not valid TOML: an inline table { … } ends with a comma. Fix: remove the"),
        ("x = {a = 1; b = 2}", "1: column 11: not valid TOML: unclosed inline table. Fix: check quotes and brackets"),
        ('x = "\\e"', "1: column 8: not valid TOML: \\e is an escape of TOML 1.1, and 1.0 is read here. Fix: write \\"),
        ("x = 1\n" + "a." * 120 + "a = 1", "2: has a key of 100 parts or more. Fix: shorten it"),
        ("[" + "a." * 40 + "a]", " is nested too deep to be read"),
        ("a = 0x" + "f" * 5000, "1: a: unknown key"),
        ("[wake]\nthreshold = 0x" + "f" * 5000, "2: wake.threshold: must be "),
        ("a = [", " at the end of the file: not valid TOML: invalid value"),
        ("a = 1" + "0" * 5000, " holds a number with thousands of digits"),
        ("a = " + "[" * 100_000, " is nested too deep to be read"),
    ],
)
def test_text_that_is_no_toml(write: Write, text: str | bytes, problem: str) -> None:
    (line,) = problems_of(write(text))
    assert line.startswith(f"pipit.toml:{problem}"), line
    assert ". Fix: " in line


def test_a_file_that_does_not_exist(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "pipit.toml") == [
        "pipit.toml: does not exist. Fix: run install.sh, or name another file with --settings"
    ]


def test_a_folder(tmp_path: Path) -> None:
    assert "is a folder. Fix: name the file in it with --settings" in problems_of(tmp_path)[0]


def test_a_file_that_may_not_be_read(write: Write) -> None:
    path = write("")
    path.chmod(0)
    status, output, errors = checked_without_powers(path)
    assert (status, output) == (78, "")
    assert "may not be read by this user. Fix: run with sudo" in errors


@pytest.mark.parametrize("command", ["check", "run", "safe", "history show", "usage", "doctor", "ask --text x"])
def test_a_file_in_a_folder_that_is_closed_is_one_sentence(command: str, write: Write, tmp_path: Path) -> None:
    """Whichever command reads it; the doctor says it among other things."""
    closed = tmp_path / "closed"
    closed.mkdir()
    ensure_certificate(closed)
    path = write(f'[live]\nca_file = "{closed}/ca.pem"\n')
    closed.chmod(0)
    _, output, errors = checked_without_powers(path, *command.split())
    assert "Traceback" not in errors
    assert "fault of Pipit" not in output
    if command not in {"history show", "doctor"}:
        assert (
            errors.strip()
            .splitlines()[-1]
            .endswith(
                f'pipit.toml:2: live.ca_file: "{closed}/ca.pem" lies in a folder that this user may not enter.'
                " Fix: move it, or run with sudo"
            )
        )


WITHOUT_POWERS = """
import ctypes, struct, sys
ctypes.CDLL(None).capset(struct.pack("=Ii", 0x20080522, 0), bytes(24))
from daemon.command_line.pipit import run_command
sys.exit(run_command(sys.argv[1:]))
"""
"""Tests may run as root, who may read everything: by capabilities (capset(2)), which a process can put away."""


def checked_without_powers(path: Path, *command: str) -> tuple[int, str, str]:
    """What a command says of settings to a user to whom modes apply."""
    arguments = [*(command or ("check",)), "--settings", str(path)]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_POWERS, *arguments], check=False, timeout=120, capture_output=True, text=True
    )
    return done.returncode, done.stdout, done.stderr


def test_a_path_that_goes_through_a_file(write: Write) -> None:
    assert "goes through something that is no folder" in problems_of(write("") / "pipit.toml")[0]


def test_windows_editors_are_forgiven(write: Write) -> None:
    assert load_settings(write(b"\xef\xbb\xbf[speaker]\r\nvolume = 0.5\r\n")).speaker.volume == 0.5


def test_drop_ins_win_in_the_order_of_their_names(write: Write) -> None:
    path = write(
        "[speaker]\nvolume = 0.1\nrate_hz = 48000\n[wake]\nmodels = ['alexa', 'hey_jarvis']",
        **{f"{number}": f"[speaker]\nvolume = 0.{number}" for number in (3, 8, 1, 7, 2)},
        a="[speaker]\nvolume = 0.9\n[wake]\nmodels = ['hey_mycroft']",
        B="[speaker]\nvolume = 0.4",
    )
    loaded = load_settings(path)
    assert loaded.speaker.volume == 0.9
    assert loaded.speaker.rate_hz == 48000
    assert loaded.wake.models == ("hey_mycroft",)


def test_only_visible_toml_files_are_drop_ins(write: Write) -> None:
    path = write("", a="")
    (path.parent / "conf.d" / "b.toml.bak").write_text("?")
    (path.parent / "conf.d" / ".c.toml").write_text("?")
    assert check(path).files == (path, path.parent / "conf.d" / "a.toml")


def test_problems_name_the_file_they_come_from(write: Write) -> None:
    path = write(
        "[button]\npin = 17\n[speaker]\nvolume = 3\n[[device]]\nname = 'gone'\nkind = 'led'\npin = 4",
        a="[speaker]\nvolume = 2\nloudness = 1",
        b="\n[[device]]\nname = 'lamp'\nkind = 'led'\npin = 17\n\n[[device]]\nname = 'fan'\nkind = 'relay'\n",
        c="wake = 3",
        d="?",
    )
    problems = [problem.partition(" Fix")[0] for problem in problems_of(path)]
    assert problems == [
        "conf.d/a.toml:2: speaker.volume: must be at most 1, not 2.",
        "conf.d/a.toml:3: speaker.loudness: unknown key.",
        'conf.d/b.toml:5: device[1].pin: pin 17 is used twice: by the button and by device "lamp"; see pipit.toml:2.',
        "conf.d/b.toml:7: device[2].pin: is missing.",
        "conf.d/c.toml:1: wake: must be a table, not 3.",
        "conf.d/d.toml:1: column 1: not valid TOML: invalid statement.",
    ]


def test_a_later_file_repairs_an_earlier_one(write: Write) -> None:
    assert load_settings(write("[speaker]\nvolume = 3", a="[speaker]\nvolume = 0.4")).speaker.volume == 0.4


def test_a_report_that_all_is_well(write: Write) -> None:
    path = write('[[device]]\nname = "x"\nkind = "led"\npin = 17')
    report = check(path)
    assert report.ok
    assert str(report) == f"{path}: ok, 1 device"


def test_a_report_with_a_warning(write: Write) -> None:
    report = check(write('[live]\nmodel = "gemini-9"'))
    assert report.ok
    assert [(warning.line, warning.key) for warning in report.warnings] == [(2, "live.model")]
    assert str(report).startswith("warning: ")


def test_right_settings_do_not_cost_the_memory_of_a_parser(write: Write) -> None:
    program = (
        "import sys, pathlib; from daemon.house.file import load_settings;"
        "load_settings(pathlib.Path(sys.argv[1])); sys.exit('tree_sitter' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(write(""))], check=False, timeout=60)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (os.mkfifo, "is a named pipe, not a file"),
        (Path.mkdir, "is a folder"),
        (lambda path: path.symlink_to("nowhere"), "is a link to what does not exist"),
        (lambda path: path.symlink_to(path), "is a link that leads back to itself"),
        (lambda path: path.write_bytes(b"#" * (LARGEST_BYTES + 1)), "is larger than 2 MB"),
        (lambda path: path.symlink_to("/dev/zero"), "is a device, not a file"),
    ],
)
@pytest.mark.parametrize("name", ["conf.d/a.toml", "pipit.toml"])
def test_what_is_no_file_is_neither_waited_for_nor_read(
    write: Write, name: str, make: Callable[[Path], object], problem: str
) -> None:
    path = write("", b="")
    (path.parent / name).unlink(missing_ok=True)
    make(path.parent / name)
    (line,) = problems_of(path)
    assert line.startswith(f"{name}: {problem}. Fix: ")


def test_a_file_in_the_place_of_the_folder_of_drop_ins(write: Write) -> None:
    path = write("")
    (path.parent / "conf.d").touch()
    assert [line.partition(". Fix")[0] for line in problems_of(path)] == ["conf.d: is no folder"]


def test_more_drop_ins_than_anyone_has(write: Write) -> None:
    path = write("", **{f"n{number}": "" for number in range(MOST_DROP_INS + 1)})
    assert [line.partition(". Fix")[0] for line in problems_of(path)] == [
        "conf.d: holds 201 files of settings, and may hold 200"
    ]


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    for name in ("a\0b", "\ud800", "x" * 300):
        (line,) = problems_of(tmp_path / name)
        assert line.isprintable()
        assert "name" in line


@pytest.mark.parametrize(
    "text",
    [
        '[microphone]\ndevice = "a\\nb"',
        '"a\\u001b[31m" = 1',
        '[wake]\nthreshold = "\\u001b[31m"',
        '[live]\nca_file = "/no\\u202ewhere"',
        '[[device]]\nname = "a\\u0000"\nkind = "led"\npin = 4\n[[device]]\nname = "a\\u0000"\nkind = "led"\npin = 4',
        "[wake.a\u202eb]",
        "a = \x07",
        '[wake]\nmodels = ["hey\\u0085"]',
        '["a\\nb"]\n["a\\nb"]',
    ],
)
def test_a_problem_is_one_line_that_shows_what_is_there(write: Write, text: str) -> None:
    report = check(write(text))
    assert report.problems
    for line in str(report).split("\n"):
        assert line.isprintable()
        assert ". Fix: " in line


def test_the_name_of_a_file_is_shown_as_well(tmp_path: Path) -> None:
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "pipit.toml").touch()
    (tmp_path / "conf.d" / "a\nb\x1b.toml").touch()
    assert str(check(tmp_path / "pipit.toml")).endswith("a\\nb\\x1b.toml: ok, 0 devices")


KEY = "AIzaSyA-0123456789abcdefghijklmnopqrstu"


@pytest.mark.parametrize(
    "text",
    [
        f'[live]\nmodel = "{KEY}"',
        f'[live]\nmodel = "{KEY}"\nvoice = 3',
        f'[wake]\nmodels = ["a/{KEY}"]',
        f'[live]\nca_file = "/{KEY}"',
        f'[[device]]\nname = "{KEY}"\nkind = "led"\npin = 0',
        f"[{KEY}]\n[{KEY}]",
        f'[broker]\nhost = "{KEY}."',
        f'[live.credential]\nfile = "/home/{KEY}"\nsecret_file = "/{KEY}"',
    ],
)
def test_a_key_in_the_wrong_place_is_not_shown(write: Write, text: str) -> None:
    report = check(write(text))
    assert report.problems or report.warnings
    assert KEY not in str(report)


def test_of_very_many_problems_the_first_are_told_and_how_many_more(write: Write) -> None:
    path = write("".join(f"x{number} = 1\n" for number in range(MOST_SHOWN + 30)))
    lines = problems_of(path)
    assert len(lines) == MOST_SHOWN + 1
    assert lines[0].startswith("pipit.toml:1: x0: unknown key")
    assert lines[-1] == "… and 30 more problems, which are told when these are mended"


VALUES = st.recursive(
    st.one_of(
        st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(["led", "Kore", 17, 0.5])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["name", "pin", "x"]), inner)),
    max_leaves=5,
)
KEYS = st.sampled_from(["name", "pin", "kind", "volume", "file", "credential", "models", "channel", "x y", "ä"])
TABLE_NAMES = st.sampled_from(["wake", "live", "button", "device", "microphone", "speaker", "other"])


def toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return '"' + "".join(f"\\U{ord(character):08x}" for character in value) + '"'
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return "{" + ", ".join(f"{toml(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    return repr(value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    document=st.dictionaries(
        TABLE_NAMES, st.one_of(VALUES, st.lists(st.dictionaries(KEYS, VALUES)), st.dictionaries(KEYS, VALUES))
    )
)
def test_whatever_a_file_holds_the_answer_is_settings_or_lines_in_it(document: dict[str, object], write: Write) -> None:
    text = "\n\n".join(f"{table} = {toml(value)}" for table, value in document.items())
    report: Report = check(write(text))
    assert (report.settings is None) == bool(report.problems)
    for problem in report.problems:
        assert str(problem).isprintable()
        assert 1 <= problem.line <= text.count("\n") + 1
        assert problem.key.partition(".")[0].partition("[")[0] == text.splitlines()[problem.line - 1].partition(" =")[0]
