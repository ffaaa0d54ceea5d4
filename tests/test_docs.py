"""What the pages and docstrings point at exists, and the repository speaks of the product alone."""

import ast
import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
SOURCES: Final = [
    *(path for folder in ("daemon", "hardware", "tests") for path in sorted((ROOT / folder).rglob("*.py"))),
    *sorted((ROOT / "installer").glob("*.sh")),
    *(ROOT / name for name in ("install.sh", "pyproject.toml", "pipit.example.toml", "systemd/pipit.service")),
]

LINK: Final = re.compile(r"\]\((?!\w+:)([^)\s#]*)(?:#([^)\s]+))?\)")
NAMED: Final = re.compile(r"`((?:daemon|docs|hardware|installer|requirements|systemd|tests)/[\w./-]*)")
PAGE_IN_CODE: Final = re.compile(r"\bdocs/[\w./-]*\w")
COMMAND: Final = re.compile(r"\btests/[\w/-]+(?:\.py)?")

TOLD_ELSEWHERE: Final = ("daemon/doctor/", "daemon/machine/", "daemon/offline/", "hardware/sound/alsa_messages.py")
"""What they log at debug level is for whoever works on Pipit."""

NOT_OF_THE_PRODUCT: Final = re.compile(r"(?<![\w.])[/]work\b|\bshared[/]")
"""Places that only some machine of the developers has."""


def anchors(page: Path) -> set[str]:
    """The names that the headings of a page get, without those inside fenced code."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def dead_links(page: Path, text: str) -> list[str]:
    """The relative links of `text`, in the place of `page`, whose file or heading does not exist."""
    dead = []
    for target, anchor in LINK.findall(text):
        file = (page.parent / target) if target else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            dead.append(f"{target}#{anchor}" if anchor else target)
    return dead


def test_a_page_points_only_at_what_exists() -> None:
    for page in PAGES:
        text = page.read_text()
        named = {*NAMED.findall(text), *COMMAND.findall(text)}
        assert dead_links(page, text) == [], page
        assert [path for path in sorted(named) if not (ROOT / path).exists()] == [], page


def test_a_dead_link_is_found() -> None:
    text = "[a](docs/nowhere.md) [b](README.md#nothing) [c](README.md#install-it-on-a-pi) [d](https://example.com/x)"
    assert dead_links(ROOT / "README.md", text) == ["docs/nowhere.md", "README.md#nothing"]


def test_the_pages_that_the_code_names_exist() -> None:
    named = {page for path in SOURCES for page in PAGE_IN_CODE.findall(path.read_text())}
    assert "docs/benchmarks.md" in named
    assert [page for page in sorted(named - {"docs/nowhere.md"}) if not (ROOT / page).exists()] == []


def debug_lines() -> set[str]:
    """What the service logs at debug level, with … for what is filled in."""
    paths = [path for path in SOURCES if path.suffix == ".py" and ROOT / "tests" not in path.parents]
    sources = [path.read_text() for path in paths if not path.relative_to(ROOT).as_posix().startswith(TOLD_ELSEWHERE)]
    trees = [ast.parse(source) for source in sources if "debug" in source]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    texts = [ast.literal_eval(call.args[0]) for call in calls if getattr(call.func, "attr", "") == "debug"]
    return {re.sub(r"%[-+0-9.]*[a-z]", "…", text).replace("….", "…") for text in texts}


def test_every_line_at_debug_level_is_explained_and_no_other() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text().partition("## What the lines mean")[2]
    assert set(re.findall(r"^\| `([^`]+)` \|", page, flags=re.MULTILINE)) == debug_lines()


def test_every_decision_has_its_number_once_and_the_parts_of_the_template() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(len(pages)))
    parts = ["## Question", "## Decision", "## Why", "## Consequences"]
    assert [page.name for page in pages if re.findall(r"^## .*$", page.read_text(), re.MULTILINE) != parts] == []
    assert [page.name for page in pages[1:] if not page.read_text().startswith(f"# {page.name[:4]}: ")] == []


def test_no_file_names_a_place_outside_the_repository() -> None:
    """Package servers are looked for by test_packaging.py."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone: git cannot say which files are ours")
    listed = subprocess.check_output(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, text=True
    )
    files = [ROOT / name for name in listed.split("\0") if name]
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files
        if path.is_file()
        if NOT_OF_THE_PRODUCT.search(text := path.read_text(errors="replace"))
        for number, line in enumerate(text.splitlines(), 1)
        if NOT_OF_THE_PRODUCT.search(line)
    ]
    assert found == []
