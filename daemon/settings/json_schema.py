"""The JSON Schema of the settings, for editors, made from the model of their root."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

DRAFT = "http://json-schema.org/draft-04/schema#"
"""What taplo, the TOML support of most editors, understands."""

DEFINITION: Final = "#/definitions/"
_ONLY_OURS = {"title", "fix", "format", "share", "place"}


def schema(root: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of pipit.toml, in draft 4."""
    raw = root.model_json_schema(by_alias=True, ref_template=DEFINITION + "{model}")
    definitions = {name: _table(definition) for name, definition in sorted(raw.pop("$defs").items())}
    return {"$schema": DRAFT, "title": "pipit.toml", **_table(raw), "definitions": definitions}


def schema_text(root: type[BaseModel]) -> str:
    """`schema()` as the file's text."""
    return json.dumps(schema(root), indent=2, ensure_ascii=False) + "\n"


def _table(definition: Mapping[str, Any]) -> dict[str, Any]:
    properties = {name: _property(detail) for name, detail in definition["properties"].items()}
    plain = {key: value for key, value in definition.items() if key not in _ONLY_OURS}
    return {**plain, "properties": properties}


def _property(detail: Mapping[str, Any]) -> dict[str, Any]:
    """One key, in the terms of draft 4: no null (TOML has none), no keys beside `$ref`, no `const`, boolean limits."""
    plain = {key: value for key, value in detail.items() if key not in _ONLY_OURS}
    if "anyOf" in plain:
        (kind,) = (choice for choice in plain.pop("anyOf") if choice.get("type") != "null")
        plain = {**plain, **kind}
        plain.pop("default", None)
    if "$ref" in plain:
        return {"$ref": plain["$ref"]}
    if "exclusiveMinimum" in plain:
        plain["minimum"], plain["exclusiveMinimum"] = plain["exclusiveMinimum"], True
    return plain
