"""The tables against Google's own types: whatever the SDK can send, the server knows."""

import typing
from typing import Any

import pytest
from google.genai import types

from daemon.offline.wire import schema
from daemon.offline.wire.mapping import Kind, Message, Repeated, snake

VERTEX_ONLY = {"explicit_vad_signal"}


def message_in(kind: Kind) -> Message | None:
    """The message that a field holds, alone or in a list."""
    inner = kind.kind if isinstance(kind, Repeated) else kind
    return inner if isinstance(inner, Message) else None


def model_in(annotation: Any) -> type[Any] | None:
    """The pydantic model that an annotation mentions."""
    if isinstance(annotation, type) and hasattr(annotation, "model_fields"):
        return annotation
    return next((model for inner in typing.get_args(annotation) if (model := model_in(inner))), None)


def unknown_fields(message: Message, model: type[Any], path: str = "") -> list[str]:
    """Fields of the SDK's model, as far down as the tables go, that the tables lack."""
    known = {snake(name): kind for name, kind in message.fields.items()}
    missing = []
    for name, field in model.model_fields.items():
        if name not in known:
            missing += [] if name in VERTEX_ONLY else [f"{path}{name}"]
            continue
        inner, inner_model = message_in(known[name]), model_in(field.annotation)
        if inner is not None and inner_model is not None:
            missing += unknown_fields(inner, inner_model, f"{path}{name}.")
    return missing


def test_every_field_of_the_sdk_is_known() -> None:
    assert unknown_fields(schema.CLIENT_MESSAGE, types.LiveClientMessage) == []


@pytest.mark.parametrize(
    ("choice", "enumeration"),
    [
        (schema.MODALITIES, types.Modality),
        (schema.HANDLING, types.ActivityHandling),
        (schema.COVERAGE, types.TurnCoverage),
        (schema.BEHAVIOR, types.Behavior),
        (schema.SCHEDULING, types.FunctionResponseScheduling),
        (schema.THINKING_LEVEL, types.ThinkingLevel),
        (schema.DETECTION.fields["startOfSpeechSensitivity"], types.StartSensitivity),
        (schema.DETECTION.fields["endOfSpeechSensitivity"], types.EndSensitivity),
    ],
)
def test_every_value_of_the_sdk_is_known(choice: Any, enumeration: Any) -> None:
    assert {value.value for value in enumeration} <= choice.values
