"""What the server says, as Google's own types read it."""

import numpy as np
import pytest
from google.genai import types

from daemon.offline.wire import server_messages
from daemon.offline.wire.server_messages import ServerMessage


def as_read(message: ServerMessage) -> types.LiveServerMessage:
    """The message through the SDK's types, which refuse what they do not know."""
    return types.LiveServerMessage.model_validate(message)


def test_sound() -> None:
    samples = np.array([1, -1, 32767], np.int16)
    content = as_read(server_messages.content(modelTurn=server_messages.audio_part(samples))).server_content
    assert content
    assert content.model_turn
    [part] = content.model_turn.parts or []
    assert part.inline_data == types.Blob(data=b"\1\0\xff\xff\xff\x7f", mime_type="audio/pcm;rate=24000")


def test_words() -> None:
    content = as_read(
        server_messages.content(modelTurn=server_messages.text_part("hi"), interrupted=True)
    ).server_content
    assert content
    assert content.interrupted
    assert content.model_turn == types.Content(parts=[types.Part(text="hi")])


def test_calls() -> None:
    call = as_read(server_messages.tool_call(server_messages.function_call("1", "f", {"snake_case": 1}))).tool_call
    assert call == types.LiveServerToolCall(
        function_calls=[types.FunctionCall(id="1", name="f", args={"snake_case": 1})]
    )
    cancellation = as_read(server_messages.tool_call_cancellation(["1", "2"])).tool_call_cancellation
    assert cancellation == types.LiveServerToolCallCancellation(ids=["1", "2"])


@pytest.mark.parametrize(("seconds", "written"), [(50, "50s"), (50.0, "50s"), (9.5, "9.500s"), (0, "0s")])
def test_time_left(seconds: float, written: str) -> None:
    message = as_read(server_messages.go_away(seconds))
    assert message.go_away == types.LiveServerGoAway(time_left=written)


def test_handles() -> None:
    update = as_read(server_messages.resumption_update("h")).session_resumption_update
    assert update == types.LiveServerSessionResumptionUpdate(new_handle="h", resumable=True)
    update = as_read(server_messages.resumption_update("")).session_resumption_update
    assert update == types.LiveServerSessionResumptionUpdate(resumable=False)


def test_setup_complete() -> None:
    assert as_read(server_messages.setup_complete()).setup_complete is not None


@pytest.mark.parametrize("status", ["IN_PROGRESS", "IDLE", ""])
def test_the_end_of_an_utterance(status: str) -> None:
    message = as_read(server_messages.turn_complete({"totalTokenCount": 3}, status))
    assert message.server_content == types.LiveServerContent(
        turn_complete=True, interaction_status=types.InteractionStatus(status) if status else None
    )
    assert message.usage_metadata == types.UsageMetadata(total_token_count=3)


def test_a_call_as_code() -> None:
    content = as_read(server_messages.content(modelTurn=server_messages.code_part("f", {"on": True}))).server_content
    code = types.ExecutableCode(code="print(default_api.f(on=True))", language=types.Language.PYTHON)
    assert content
    assert content.model_turn == types.Content(parts=[types.Part(executable_code=code)])
