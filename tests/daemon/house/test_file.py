"""pipit.toml and its drop-ins: every problem at once, each with its file, line, key and fix."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.abilities.devices.kinds.every_kind import KINDS
from daemon.errors import SettingsError
from daemon.house.file import MOST_SHOWN, Report, check, load_settings
from daemon.house.settings import Settings
from daemon.web.certificate import ensure_certificate
from hardware.header.pins import PinUse, free_pins
from tests.daemon.settings.files import Write, checked_without_powers, problems_of

TABLES = (
    "household",
    "microphone",
    "speaker",
    "wake",
    "listening",
    "live",
    "offline",
    "history",
    "usage",
    "button",
    "mute",
    "keys",
    "indicator",
    "volume",
    "quiet",
    "timers",
    "gpio",
    "broker",
    "home_server",
    "camera",
    "price",
    "device",
    "group",
    "scene",
    "input",
)
FREE = ", ".join(map(str, free_pins([PinUse(17, "the lamp")])))


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
            f'pipit.toml:19: device[2].kind: must be one of {", ".join(KINDS)}, not "relais".',
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
