"""pipit.example.toml: valid, complete, and true about every default."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from daemon.abilities.devices.settings import DeviceSettings
from daemon.abilities.devices.together.settings import GroupSettings, SceneSettings
from daemon.abilities.inputs.settings import InputSettings
from daemon.house.file import check
from daemon.house.settings import Settings
from daemon.settings.json_schema import schema
from daemon.spending.settings import PriceSettings

EXAMPLE = Path(__file__).parents[2] / "pipit.example.toml"
SCHEMA_LINE = re.compile(r"#:schema (\S+)\n")
NO_DEFAULT = {
    *{("button", "pin"), ("mute", "pin"), ("indicator", "pin")},
    *{("volume", key) for key in ("announcements", "up_pin", "down_pin", "encoder_a", "encoder_b", "largest")},
    *{("quiet", "from"), ("quiet", "to")},
    *{("live", "sampling", key) for key in ("temperature", "top_p", "top_k", "max_output_tokens", "seed")},
    *{("live", "turns", "prefix_padding_ms"), ("live", "turns", "silence_ms"), ("live", "thinking", "budget")},
    *{
        ("live", "dialog", "proactive_audio"),
        ("live", "context", "trigger_tokens"),
        ("live", "context", "target_tokens"),
    },
}
"""Keys whose absence means something that no value does; the example shows a likely one."""

LISTS = {
    "device": DeviceSettings,
    "group": GroupSettings,
    "scene": SceneSettings,
    "input": InputSettings,
    "price": PriceSettings,
}
"""The arrays of tables."""

FOR_OTHERS = ("prefix_padding_ms", "silence_ms", "budget")
"""… of which these mean nothing to the default model, or to the default way of taking turns, and are refused."""


@pytest.fixture(scope="module")
def uncommented() -> str:
    """The example with the # removed that stands directly before something: a setting, not a sentence."""
    return re.sub(r"(?m)^#(?=[^\s:])", "", EXAMPLE.read_text(encoding="utf-8"))


def keys_of(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from keys_of(value, (*path, name))
        else:
            yield (*path, name)


def defaults() -> dict[str, Any]:
    return Settings().model_dump(mode="json", by_alias=True)


def test_as_it_is_it_sets_nothing() -> None:
    assert check(EXAMPLE).settings == Settings()


def test_the_first_line_tells_editors_the_schema() -> None:
    line = SCHEMA_LINE.match(EXAMPLE.read_text(encoding="utf-8"))
    assert line is not None
    assert (EXAMPLE.parent / line[1]).resolve() == EXAMPLE.parent / "docs" / "pipit.schema.json"


def test_with_every_key_it_is_valid_for_the_daemon_and_for_editors(uncommented: str, tmp_path: Path) -> None:
    path = tmp_path / "pipit.toml"
    path.write_text(uncommented, encoding="utf-8")
    assert {problem.key.rpartition(".")[2] for problem in check(path).problems} == set(FOR_OTHERS)
    path.write_text(re.sub(rf"(?m)^({'|'.join(FOR_OTHERS)}) = .*$", "", uncommented), encoding="utf-8")
    assert str(check(path)) == f"{path}: ok, 7 devices"
    assert list(Draft4Validator(schema(Settings)).iter_errors(tomllib.loads(uncommented))) == []


def test_it_has_every_key_and_nothing_else(uncommented: str) -> None:
    document = tomllib.loads(uncommented)
    everything = defaults()
    for name, table in LISTS.items():
        everything.pop(name)
        assert {key for entry in document.pop(name) for key in entry} == set(table.model_fields)
    assert set(keys_of(document)) == set(keys_of(everything))


def test_what_it_shows_is_the_default(uncommented: str) -> None:
    document = tomllib.loads(uncommented)
    for name in LISTS:
        document.pop(name)
    for path in keys_of(document):
        shown, default = document, defaults()
        for name in path:
            shown, default = shown[name], default[name]
        assert path in NO_DEFAULT or (shown, type(shown)) == (default, type(default)), path


def tables_of(table: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The headers of the tables in `table`, depth first."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield f"[{path}{name}]"
            yield from tables_of(value, f"{path}{name}.")


def test_every_key_stands_below_a_table_that_is_not_commented_out() -> None:
    plain = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert plain == list(tables_of(defaults()))
