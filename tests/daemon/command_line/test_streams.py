"""Commands whose standard streams are closed, full or of another encoding, each in a process of its own."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.command_line.streams import lost
from tests.daemon.processes import run_module

COMMAND = f"{sys.executable} -m daemon"
READ_BY_NOBODY = "import os; reader, writer = os.pipe(); os.close(reader); os.dup2(writer, 1); os.close(writer)"


def ended(shell: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", "-c", shell]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environ})


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", ["boards", "--help", "check --help", "--version"])
def test_an_output_that_cannot_be_written_is_a_sentence(words: str, unbuffered: str) -> None:
    end = ended(f"{COMMAND} {words} > /dev/full", PYTHONUNBUFFERED=unbuffered)
    assert end.returncode == os.EX_IOERR
    assert end.stderr.startswith("pipit: the output cannot be written: No space left on device. Fix: ")
    assert end.stderr.count("\n") == 1


@pytest.mark.parametrize("words", ["boards", "--help"])
def test_a_reader_that_has_seen_enough_is_no_fault(words: str) -> None:
    end = run_module("daemon", words, before=READ_BY_NOBODY)
    assert (end.returncode, end.stderr) == (0, "")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_is_one_of_nothing(closed: str) -> None:
    code = (
        "from daemon.command_line.streams import prepare; prepare(); import os, sys;"
        "sys.stdout.isatty(); sys.stderr.isatty();"
        "assert os.open('/dev/null', os.O_RDONLY) > 2; print('out'); sys.exit(sys.stdin.buffer.read() != b'')"
    )
    assert ended(f'{sys.executable} -c "{code}" {closed}').returncode == 0


def test_a_question_from_a_closed_input_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "pipit.toml").write_text("")
    (tmp_path / "key").touch(mode=0o600)
    (tmp_path / "key").write_text("AIza" + "x" * 35)
    files = ("--settings", f"{tmp_path}/pipit.toml", "--key-file", f"{tmp_path}/key")
    end = run_module("daemon", "ask", *files, "-", before="import os, sys; os.close(0); sys.stdin = None")
    assert end.stderr == "pipit: standard input is empty. Fix: record it again\n"


def test_letters_that_the_terminal_has_not_are_escaped() -> None:
    code = "from daemon.command_line.streams import prepare; prepare(); print('sch\\u00f6n')"
    assert ended(f'{sys.executable} -c "{code}"', PYTHONIOENCODING="ascii").stdout == "sch\\xf6n\n"


def test_only_what_is_no_file_is_the_output() -> None:
    assert lost(OSError(errno.ENOSPC, "full"))
    assert not lost(OSError(errno.ENOSPC, "full", "/var/file"))
    assert not lost(OSError(errno.EACCES, "denied"))
