"""What a tool takes: declared by us as pydantic would declare it, and checked by a model that a first call builds."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from daemon.tools.signature import Signature
from daemon.tools.undo import Undo


async def lay_out(
    what: Annotated[str, Field(description="Which beds.", min_length=2, max_length=9)],
    undo: Undo,
    rows: Annotated[int, Field(ge=1, le=4)] = 1,
    width: float = 0.5,
    watered: bool = False,
) -> dict[str, Any]:
    """Lay out a garden."""
    return {"ok": True, "what": what, "rows": rows, "width": width, "watered": watered, "undo": bool(undo)}


async def sow(seed: Literal["oat", "rye"] = "oat") -> dict[str, Any]:
    return {"ok": True, "seed": seed}


def test_it_is_declared_as_pydantic_declares_its_model() -> None:
    signature = Signature.of(lay_out, {})
    assert signature.declared() == without_titles(signature.model)
    assert signature.declared()["required"] == ["what"]
    assert signature.undo == "undo"


def without_titles(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    properties = {
        name: {key: value for key, value in detail.items() if key != "title"}
        for name, detail in schema["properties"].items()
    }
    return {"type": "object", "properties": properties, "required": schema["required"]}


def test_names_to_choose_from_are_declared_whether_listed_in_the_type_or_at_run_time() -> None:
    assert Signature.of(sow, {}).declared()["properties"]["seed"]["enum"] == ["oat", "rye"]
    assert Signature.of(sow, {"seed": ["wheat"]}).declared()["properties"]["seed"]["enum"] == ["wheat"]


def test_who_changes_a_declaration_changes_no_other() -> None:
    signature = Signature.of(sow, {})
    signature.declared()["properties"].clear()
    assert "seed" in signature.declared()["properties"]


def test_what_checks_is_built_by_the_first_use_and_once() -> None:
    signature = Signature.of(lay_out, {})
    signature.declared()
    assert "model" not in vars(signature)
    assert signature.model is signature.model


async def strange(beds: list[str]) -> dict[str, Any]:
    return {"beds": beds}


async def even(rows: Annotated[int, Field(multiple_of=2)]) -> dict[str, Any]:
    return {"rows": rows}


@pytest.mark.parametrize(("function", "culprit"), [(strange, "list"), (even, "MultipleOf")])
def test_what_cannot_be_declared_is_refused_when_the_tool_is_made(function: Any, culprit: str) -> None:
    with pytest.raises(TypeError, match=culprit):
        Signature.of(function, {})
