"""What a field says of the path that its setting names."""

from __future__ import annotations

from daemon.settings.field import Table, setting
from daemon.settings.place import Place, PlaceBy, named_in, places_of

PICTURE, FOLDER, MODEL = Place(largest_bytes=9), Place(kind="folder"), Place(ending=".onnx")


class Things(Table):
    """A table as a part might have it."""

    name: str = setting("", "No path.")
    path: str = setting("", "One or the other.", place=PlaceBy("source", {"file": PICTURE, "folder": FOLDER}))
    models: tuple[str, ...] = setting((), "Names, or paths.", place=MODEL)


def named(key: str, **table: object) -> list[object]:
    places = places_of(Things.model_fields[key])
    return [] if places is None else [*named_in(places, table, ("things", key))]


def test_what_says_nothing_names_no_path() -> None:
    assert named("name", name="/etc/passwd") == []


def test_another_key_may_say_what_it_is() -> None:
    assert named("path", source="file", path="/a") == [(("things", "path"), "/a", PICTURE)]
    assert named("path", source="folder", path="/a") == [(("things", "path"), "/a", FOLDER)]
    for source in ("none", 3, None):
        assert named("path", source=source, path="/a") == []


def test_of_many_each_path_is_one_and_names_are_none() -> None:
    models = ["hey_jarvis", "/m/own.onnx", 3, "relative.onnx", "/m/other"]
    assert named("models", models=models) == [(("things", "models", 1), "/m/own.onnx", MODEL)]


def test_what_is_no_text_is_told_by_the_models_alone() -> None:
    for said in (3, None, {"a": 1}, [["/a"]]):
        assert named("path", source="file", path=said) == []


def test_an_editor_is_told_nothing_of_it() -> None:
    """The schema is for the public; test_json_schema compares the whole."""
    from daemon.settings.json_schema import schema

    class Root(Table):
        """A root."""

        things: Things = Things()

    assert "place" not in schema(Root)["definitions"]["Things"]["properties"]["path"]
