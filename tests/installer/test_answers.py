"""Answers: from a file, which is checked before anything; and at a terminal, where each is asked for once."""

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from tests.installer.machine import CHECKOUT, Machine, last_line

PRELUDE = r"""
set -euo pipefail
CHECKOUT=$1 INVOCATION=() ROOT=
source "$CHECKOUT/installer/report.sh"
source "$CHECKOUT/installer/system.sh"
source "$CHECKOUT/installer/answers.sh"
set_traps
"""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.make_root()
    return machine


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("consent = yes\ncolour = red\n", r":2: there is no question 'colour' — fix: see docs/installing.md .*"),
        ("spi = perhaps\n", r":1: spi cannot be 'perhaps' — fix: write yes or no"),
        ("consent = no\n", r":1: consent cannot be 'no' — fix: write yes"),
        ("language = deutsch bitte\n", r":1: language cannot be 'deutsch bitte' — fix: write a BCP 47 tag .*"),
        ('microphone = "x"|rm\n', r":1: microphone cannot be '\"x\"\|rm' — fix: write the name of a PCM .*"),
        ("# all well\n\nyes please\n", r":3: 'yes please' is not an answer — fix: write it as 'key = value'"),
        ("spi = yes\nspi = no\n", r":2: spi is answered in line 1 already — fix: remove one of them"),
        ("board =\n", r":1: 'board =' is not an answer — fix: write it as 'key = value'"),
    ],
)
def test_a_wrong_answer_is_named_by_its_line_and_nothing_is_done(machine: Machine, text: str, told: str) -> None:
    answers = machine.folder / "answers"
    answers.write_text(text)
    run = machine.install("install", "--answers", str(answers))
    assert run.returncode == 2
    assert re.fullmatch(rf"install.sh: {answers}{told}", last_line(run))
    assert run.stdout == ""


def test_an_unknown_board_is_named(machine: Machine) -> None:
    answers = machine.answers(board="seashell")
    run = machine.install("install", "--unattended", "--answers", answers)
    assert run.returncode == 2
    told = rf"install.sh: {answers}:3: unknown board 'seashell' — fix: use one of: none .*voicehat.*"
    assert re.fullmatch(told, last_line(run))


def test_a_missing_file_of_answers_is_named(machine: Machine) -> None:
    run = machine.install("install", "--answers", "/nowhere/answers")
    assert last_line(run).startswith("install.sh: cannot read the answers in /nowhere/answers — fix: ")


@pytest.mark.parametrize(("content", "told"), [(None, "cannot be read"), ("", "is empty"), ("a b", "has a space")])
def test_a_key_file_without_a_key_stops_it_before_anything(machine: Machine, content: str | None, told: str) -> None:
    if content is None:
        (machine.folder / "key").unlink()
    else:
        (machine.folder / "key").write_text(content)
    run = machine.install("install", "--unattended", "--answers", machine.answers())
    assert run.returncode == 1
    assert told in last_line(run)
    assert str(machine.folder / "key") in last_line(run)


def in_answers(script: str, *arguments: str, keys: str | None = None) -> str:
    """What a line of shell prints after the part was read, with a terminal if something is typed."""
    command = ["bash", "-c", PRELUDE + script, "answers", str(CHECKOUT), *arguments]
    if keys is None:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True)
        return done.stdout
    ours, theirs = pty.openpty()
    try:
        os.write(ours, keys.encode())
        done = subprocess.run(command, stdin=theirs, capture_output=True, text=True, timeout=60, check=False)
    finally:
        os.close(ours)
        os.close(theirs)
    return done.stdout


def test_comments_spaces_and_line_ends_of_other_systems_do_not_matter(tmp_path: Path) -> None:
    answers = tmp_path / "answers"
    answers.write_text(
        "# said by\r\n  spi=yes  \r\nmicrophone =  plughw:CARD=My Mic,DEV=1   # the black one\r\nlanguage = pt-BR"
    )
    script = 'read_answers "$2"; for key in spi microphone language i2c; do printf "%s|" "${ANSWERS[$key]-}"; done'
    assert in_answers(script, str(answers)) == "yes|plughw:CARD=My Mic,DEV=1|pt-BR||"


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfspi = yes\r\n",
        b"\xef\xbb\xbf# said by\nspi = yes",
        b"\xef\xbb\xbf\r\n\tspi\t=\tyes \t\r\n",
        b"spi = yes\r\n\r\n",
    ],
)
def test_what_an_editor_adds_that_cannot_be_seen_is_no_fault(tmp_path: Path, content: bytes) -> None:
    answers = tmp_path / "answers"
    answers.write_bytes(content)
    assert in_answers('read_answers "$2"; say "${ANSWERS[spi]}"', str(answers)) == "yes\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("spi = yes\u00a0\n".encode(), r"answers:1: spi cannot be '$'yes\302\240'' — fix: write yes or no"),
        ("spi\u00a0= yes\n".encode(), r"answers:1: '$'spi\302\240= yes'' is not an answer — fix: write it as"),
        (
            "# a\n\ufeffspi = yes\n".encode(),
            r"answers:2: '$'\357\273\277spi = yes'' is not an answer — fix: write it as",
        ),
        ("sp\u200bi = yes\n".encode(), r"answers:1: '$'sp\342\200\213i = yes'' is not an answer — fix: write it as"),
        (b"spi = yes\rwifi = keep\r", r"answers:1: spi cannot be '$'yes\rwifi = keep'' — fix: write yes or no"),
        (b"spi = \x1b[31myes\n", r"answers:1: spi cannot be '$'\E[31myes'' — fix: write yes or no"),
        (
            "spi = yes\n".encode("utf-16"),
            "answers is not plain text: it has zero bytes in it, as UTF-16 has — fix: save",
        ),
        (b"spi = yes\n\0", "answers is not plain text: it has zero bytes in it, as UTF-16 has — fix: save"),
    ],
)
def test_what_cannot_be_seen_is_shown_where_it_is_a_fault(machine: Machine, content: bytes, told: str) -> None:
    answers = machine.folder / "answers"
    answers.write_bytes(content)
    run = machine.install("install", "--answers", str(answers))
    assert run.returncode == 2
    assert last_line(run).startswith(f"install.sh: {machine.folder}/{told}")
    assert run.stderr.count("\n") == 1


ASK = 'for turn in 1 2; do ask spi "Use SPI?" no; printf "%s|" "$ANSWER"; done'


def test_a_question_is_asked_once_and_enter_is_the_default() -> None:
    assert in_answers(ASK, keys="yes\n") == "yes|yes|"
    assert in_answers(ASK, keys="\n") == "no|no|"


def test_a_slip_of_the_hand_is_asked_again() -> None:
    assert in_answers(ASK, keys="yse\nyes\n") == "Please answer with yes or no.\nyes|yes|"


@pytest.mark.parametrize("setting", ["", "UNATTENDED=yes;", "DRY_RUN=yes;"])
def test_without_somebody_to_ask_it_takes_the_default_and_never_waits(setting: str) -> None:
    keys = "yes\n" if setting else None
    assert in_answers(setting + ASK, keys=keys) == "no|no|"


def test_an_installation_at_the_terminal_asks_everything_once_and_takes_no_for_an_answer(machine: Machine) -> None:
    before = machine.tree()
    ours, theirs = pty.openpty()
    try:
        os.write(ours, b"voicehat\nyes\n\n\n\nde\noff\na-typed-key\nn\n")
        run = subprocess.run(
            [str(machine.checkout / "install.sh"), "install"],
            env=machine.variables(),
            stdin=theirs,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert run.returncode == 1
    assert run.stderr.endswith("install.sh: nothing was changed, as you wished — fix: run it again when you like\n")
    asked = (
        "Sound board",
        "use SPI",
        "use I2C",
        "Microphone",
        "Speaker",
        "Language",
        "Wi-Fi",
        "Gemini API key",
        "Go on?",
    )
    assert [run.stderr.count(question) for question in asked] == [1] * len(asked)
    assert "dtoverlay=googlevoicehat-soundcard" in run.stdout
    assert "store the API key" in run.stdout
    assert "a-typed-key" not in run.stdout + run.stderr
    assert machine.tree() == before


def test_only_a_yes_at_the_terminal_is_consent() -> None:
    consent = "require_consent; echo agreed"
    assert in_answers(consent, keys="y\n") == "agreed\n"
    assert in_answers(consent, keys="\n") == ""
