"""The list of checks, and docs/doctor.md beside it."""

from __future__ import annotations

import re
from pathlib import Path

from daemon.doctor.hands_on.hands import HANDS_ON
from daemon.doctor.order import CHECKS

PAGE = (Path(__file__).parents[3] / "docs/doctor.md").read_text()


def test_names_are_kebab_case_and_each_is_there_once() -> None:
    names = [check.name for check in (*CHECKS, *HANDS_ON)]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


def test_the_page_has_a_section_for_each_in_their_order() -> None:
    assert re.findall(r"^### (.*)$", PAGE, re.MULTILINE) == [check.name for check in (*CHECKS, *HANDS_ON)]


def test_each_section_begins_with_what_the_check_asks() -> None:
    sections = dict(re.findall(r"^### (.*)\n(.*(?:\n.+)*)", PAGE, re.MULTILINE))
    asked = {check.name: check.asks.lower() for check in (*CHECKS, *HANDS_ON)}
    said = {name: " ".join(text.split()).lower() for name, text in sections.items()}
    assert [name for name, question in asked.items() if not said[name].startswith(question)] == []


def test_the_page_lists_what_is_mended() -> None:
    table = PAGE.split("## What --fix does")[1].split("## The checks")[0]
    assert sorted(re.findall(r"\[([a-z-]+)\]\(#", table)) == sorted(check.name for check in CHECKS if check.mend)
