"""What is made from the settings' models: the JSON Schema for editors, `docs/settings.md`, `docs/devices.md`, pictures.

`python -m daemon.house.reference` in the root of the repository writes them anew; a test tells when that is due.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from daemon.house.devices_page import devices_page
from daemon.house.settings import Settings
from daemon.house.wiring_drawing import pictures
from daemon.live.settings import Voice
from daemon.settings.json_schema import DEFINITION, schema, schema_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCHEMA_FILE = Path("docs/pipit.schema.json")
PAGE_FILE = Path("docs/settings.md")
DEVICES_FILE = Path("docs/devices.md")
PICTURES = Path("docs/pictures")


def settings_page() -> str:
    """`docs/settings.md`: a table for each section, and the voices."""
    document = schema(Settings)
    sections = _sections(document, document["definitions"])
    return "\n\n".join([_INTRODUCTION, *sections, _voices()]) + "\n"


_INTRODUCTION = """# Settings

<!-- Made from daemon/house/settings.py by `python -m daemon.house.reference`; changes here are lost. -->

Pipit reads `/etc/pipit/pipit.toml`, then `conf.d/*.toml` beside it in the order of their names: a later value wins,
tables merge, lists (so also all `[[device]]` tables together) replace. Every key may be left out. `pipit check` names
every mistake with its line and what to do about it; `pipit.example.toml` is a file to start from.

Files that the settings name must be where the service can read them, such as `/etc/pipit`: it sees neither `/home`,
`/root` and `/run/user` nor `/tmp` and `/var/tmp`, and what belongs to root alone is closed to it. `pipit check` says so
of the settings in `/etc/pipit`, whoever runs it; of settings elsewhere, which somebody may only be trying, it warns."""


def _sections(table: Mapping[str, Any], definitions: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The sections below a table of the schema, depth first, as Markdown."""
    for name, detail in table["properties"].items():
        target = _target(detail)
        if target is None:
            continue
        definition = definitions[target]
        header = f"[[{prefix}{name}]]" if detail.get("type") == "array" else f"[{prefix}{name}]"
        yield _section(header, definition)
        yield from _sections(definition, definitions, f"{prefix}{name}.")


def _target(detail: Mapping[str, Any]) -> str | None:
    """The definition a key leads to, if it is a table or an array of tables."""
    reference = detail.get("items", detail)
    return reference["$ref"].removeprefix(DEFINITION) if "$ref" in reference else None


def _section(header: str, definition: Mapping[str, Any]) -> str:
    required = definition.get("required", ())
    rows = []
    for name, detail in definition["properties"].items():
        if _target(detail) is None:
            cells = (
                f"`{name}`",
                _kind(detail),
                _default(name, detail, required),
                _range(detail),
                detail["description"],
            )
            rows.append(f"| {' | '.join(cells)} |")
    head = "| key | type | default | range | meaning |\n|---|---|---|---|---|"
    return "\n".join([f"## {header}\n\n{definition['description']}\n\n{head}", *rows])


_KINDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}


def _kind(detail: Mapping[str, Any]) -> str:
    return "list of text" if detail["type"] == "array" else _KINDS[detail["type"]]


def _default(name: str, detail: Mapping[str, Any], required: Any) -> str:
    if name in required:
        return "must be given"
    if "default" not in detail:
        return "none"
    text = json.dumps(detail["default"], ensure_ascii=False)
    return f"`{text}`" if len(text) < 60 else "a paragraph, see pipit.example.toml"


def _range(detail: Mapping[str, Any]) -> str:
    if detail.get("enum") == list(get_args(Voice)):
        return "see [voices](#voices)"
    if "enum" in detail:
        return ", ".join(f"`{value}`" for value in detail["enum"])
    if "minimum" in detail:
        above = "above " if detail.get("exclusiveMinimum") else ""
        return f"{above}{detail['minimum']:g} to {detail['maximum']:g}"
    return f"at most {detail['maxLength']} characters" if "maxLength" in detail else ""


def _voices() -> str:
    return "## Voices\n\n" + ", ".join(get_args(Voice)) + "."


def write(root: Path) -> None:
    """Write the files below `root`."""
    (root / SCHEMA_FILE).write_text(schema_text(Settings), encoding="utf-8")
    (root / PAGE_FILE).write_text(settings_page(), encoding="utf-8")
    (root / DEVICES_FILE).write_text(devices_page(), encoding="utf-8")
    (root / PICTURES).mkdir(exist_ok=True)
    for name, picture in pictures().items():
        (root / PICTURES / name).write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    write(Path.cwd())
