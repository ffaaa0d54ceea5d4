"""What a child sees of our environment: a list of what it may, for nobody can list what it may not."""

import ast
from pathlib import Path

import pytest

from hardware.child_environment import child_environment

ROOT = Path(__file__).parents[2]
SECRETS = ("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "MY_TOKEN", "AWS_SECRET_ACCESS_KEY")


def test_what_any_program_needs_is_passed_on_and_nothing_else() -> None:
    needed = {"PATH": "/bin", "HOME": "/root", "LANG": "de_DE.UTF-8", "LC_TIME": "C", "TZ": "UTC", "TMPDIR": "/scratch"}
    assert child_environment({**needed, **dict.fromkeys(SECRETS, "hush"), "LCD": "1"}) == needed


@pytest.mark.parametrize("secret", SECRETS)
def test_what_one_program_wants_is_named_or_has_a_beginning(secret: str) -> None:
    environ = {"PIP_INDEX_URL": "a", "PIPE": "b", "https_proxy": "c", "https_proxy_2": "d", secret: "hush"}
    assert child_environment(environ, "PIP_", "https_proxy") == {"PIP_INDEX_URL": "a", "https_proxy": "c"}


STARTERS = {"run", "Popen", "call", "check_call", "check_output", "create_subprocess_exec", "create_subprocess_shell"}


def started(path: Path) -> list[ast.Call]:
    """The calls in a source file that start a program."""
    if "subprocess" not in (source := path.read_text()):  # as all of them say: to read the others takes seconds
        return []
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        call
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in STARTERS
        and ast.unparse(call.func.value) in {"subprocess", "asyncio", "asyncio.subprocess"}
        and ast.unparse(call.func) != "asyncio.run"
    ]


def test_every_program_that_pipit_starts_is_given_an_environment_of_its_own() -> None:
    """Without one it would inherit ours, with the key."""
    found = {
        path.relative_to(ROOT).as_posix(): {keyword.arg for call in calls for keyword in call.keywords}
        for folder in ("daemon", "hardware")
        for path in (ROOT / folder).rglob("*.py")
        if (calls := started(path))
    }
    assert {
        "daemon/fetch/sources.py",
        "daemon/machine/site.py",
        "daemon/speech/programs.py",
        "hardware/camera/mjpeg.py",
    } <= set(found)
    assert [path for path, keywords in found.items() if "env" not in keywords] == []
