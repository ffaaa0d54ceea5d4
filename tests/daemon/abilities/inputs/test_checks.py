"""Scenes that inputs set exist."""

from __future__ import annotations

from typing import Any

from daemon.abilities.inputs.checks import faults_of_actions

SCENE = {"name": "Movie night", "aliases": ["Kinoabend"]}


def faults(wanted: object, **tables: Any) -> list[tuple[Any, str, str]]:
    document = {"input": [{"actions": [{"when": "pressed", "scene": wanted}]}], **tables}
    return [(fault.path, fault.what, fault.fix) for fault in faults_of_actions(document)]


def test_a_scene_by_any_of_its_names() -> None:
    assert faults("movie night", scene=[SCENE]) == faults("kinoabend", scene=[SCENE]) == faults("", scene=[SCENE]) == []


def test_a_scene_that_is_none() -> None:
    path = ("input", 0, "actions", 0, "scene")
    assert faults("disco", scene=[SCENE]) == [
        (path, 'must name a scene, not "disco"', "the scenes are Movie night, Kinoabend")
    ]
    assert faults("disco") == [(path, 'must name a scene, not "disco"', "add a [[scene]]")]


def test_what_is_no_table_is_somebody_elses_fault() -> None:
    assert (
        list(faults_of_actions({"input": [{"actions": 3}, {"actions": [{"scene": 4}]}, 5], "scene": [{"name": 1}]}))
        == []
    )
