"""That each language says all that English does: the same sentences, the same placeholders, every form of a number."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from typing import Any, Final

import pytest

from daemon.conversation.causes import Cause, Notice
from daemon.sentences.forms import Forms, plural_category
from daemon.sentences.shelf import FOLDER, written_languages
from tests.layers import ROOT, source_files

LANGUAGES: Final = written_languages()


def content(tag: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{tag}.toml").read_text())


ENGLISH: Final = content("en")


def is_forms(value: Any) -> bool:
    return isinstance(value, dict) and "other" in value


def texts(table: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Every text that is not one of several forms, with its path."""
    for key, value in table.items():
        here = f"{path}.{key}".lstrip(".")
        if isinstance(value, str):
            yield here, value
        elif not is_forms(value):
            yield from texts(value, here)


def forms(table: dict[str, Any], path: str = "") -> Iterator[tuple[str, Forms]]:
    """All the forms, with their path."""
    for key, value in table.items():
        here = f"{path}.{key}".lstrip(".")
        if is_forms(value):
            yield here, value
        elif isinstance(value, dict):
            yield from forms(value, here)


def placeholders(text: str) -> set[str]:
    """The names in braces; plain ones, for a sentence is no program."""
    found = list(string.Formatter().parse(text))
    assert not any(form or conversion for _, _, form, conversion in found), text
    return {name for _, name, _, _ in found if name is not None}


def test_english_has_a_sentence_for_every_cause_and_notice() -> None:
    assert set(ENGLISH["causes"]) == {cause.value for cause in Cause}
    assert set(ENGLISH["notices"]) == {notice.value for notice in Notice}


def asked_for(source: str) -> Iterator[str]:
    """The sentences that `source` asks a book for, by literal names, be it one of two."""
    if "book(" not in source:  # as ruff formats a call; to read the others takes seconds
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).endswith("book"):
            names = [node.args[0].body, node.args[0].orelse] if isinstance(node.args[0], ast.IfExp) else node.args[:1]
            yield from (name.value for name in names if isinstance(name, ast.Constant))


def test_each_sentence_is_asked_for_by_some_code_and_no_other() -> None:
    used = {name for file in source_files() for name in asked_for((ROOT / file).read_text())}
    assert set(ENGLISH["sentences"]) == used


@pytest.mark.parametrize("tag", LANGUAGES)
def test_no_language_lacks_a_sentence_or_a_placeholder_or_has_one_too_many(tag: str) -> None:
    theirs, ours = ({path: placeholders(text) for path, text in texts(content(language))} for language in (tag, "en"))
    assert theirs == ours
    assert {path for path, _ in forms(content(tag))} == {path for path, _ in forms(ENGLISH)}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_no_form_has_a_placeholder_that_its_table_does_not_fill(tag: str) -> None:
    for path, found in forms(content(tag)):
        allowed = {"n", "hour", "minute"} if path == "clock.hours_and_minutes" else {"n"}
        assert set().union(*map(placeholders, found.values())) <= allowed, path


@pytest.mark.parametrize("tag", LANGUAGES)
def test_no_time_loses_its_minutes(tag: str) -> None:
    assert all("minute" in placeholders(text) for text in content(tag)["clock"]["hours_and_minutes"].values())


@pytest.mark.parametrize("tag", LANGUAGES)
def test_what_is_counted_has_every_plural_form_of_the_language_and_no_other(tag: str) -> None:
    known = {plural_category(number, tag) for number in range(201)} | {"other"}
    for path, found in forms(content(tag)):
        own = {key for key in found if not key.isdigit()}
        assert own == ({"other"} if path.startswith(("clock", "day")) else known), path


@pytest.mark.parametrize("tag", LANGUAGES)
def test_sentences_are_short_different_and_easy_to_say(tag: str) -> None:
    """No markup, no sign that only a reader understands, nothing invisible."""
    spoken = dict(texts(content(tag)))
    assert len(set(spoken.values())) == len(spoken)
    for path, text in spoken.items():
        assert text.isprintable(), path
        assert text == " ".join(text.split()), path
        assert not set(text) & set('<>&%/()[]*_"“”„«»–—…'), path
        assert len(text) <= 90, path


def test_the_page_of_languages_has_a_row_for_each() -> None:
    page = (FOLDER.parents[1] / "docs/languages.md").read_text()
    assert re.findall(r"^\| [A-Z][\w ]+ \| `([\w-]+)` \|", page, re.MULTILINE) == LANGUAGES
