"""What the server says, as the JSON objects of the Live API reference: camelCase, standard base64."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from daemon.sound.pcm import REPLY_RATE_HZ, Samples

ServerMessage = dict[str, Any]
"""One JSON object, not yet encoded (see `wire.encode`)."""


def setup_complete() -> ServerMessage:
    return {"setupComplete": {}}


def content(**fields: Any) -> ServerMessage:
    """`serverContent` with the given camelCase fields; none is what 3.1 models open a turn with."""
    return {"serverContent": fields}


def audio_part(samples: Samples) -> Mapping[str, Any]:
    """`modelTurn` holding 24 kHz samples."""
    data = base64.b64encode(samples.astype("<i2").tobytes()).decode()
    return {"parts": [{"inlineData": {"mimeType": f"audio/pcm;rate={REPLY_RATE_HZ}", "data": data}}]}


def text_part(text: str) -> Mapping[str, Any]:
    """`modelTurn` holding a piece of a written reply."""
    return {"parts": [{"text": text}]}


def code_part(name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """`modelTurn` with which older half-cascade models announce a call (js-genai's recordings)."""
    written = ", ".join(f"{key}={value!r}" for key, value in arguments.items())
    code = f"print(default_api.{name}({written}))"
    return {"parts": [{"executableCode": {"language": "PYTHON", "code": code}}]}


def turn_complete(usage: Mapping[str, Any] | None = None, status: str = "") -> ServerMessage:
    """The end of an utterance: with what it cost, and with `interactionStatus` if there is one to tell."""
    message = content(turnComplete=True, **({"interactionStatus": status} if status else {}))
    return message | ({"usageMetadata": dict(usage)} if usage else {})


def function_call(call_id: str, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """One call of a `toolCall`."""
    return {"id": call_id, "name": name, "args": dict(arguments)}


def tool_call(*calls: Mapping[str, Any]) -> ServerMessage:
    """Calls as `function_call` makes them; several in one message are parallel."""
    return {"toolCall": {"functionCalls": list(calls)}}


def tool_call_cancellation(call_ids: Sequence[str]) -> ServerMessage:
    return {"toolCallCancellation": {"ids": list(call_ids)}}


def go_away(time_left_s: float) -> ServerMessage:
    """The service writes whole seconds as "50s" and others as "9.500s"."""
    written = f"{time_left_s:.0f}s" if time_left_s == int(time_left_s) else f"{time_left_s:.3f}s"
    return {"goAway": {"timeLeft": written}}


def resumption_update(handle: str) -> ServerMessage:
    """A handle by which the session can be resumed; an empty one says that just now it cannot."""
    if not handle:
        return {"sessionResumptionUpdate": {"resumable": False}}
    return {"sessionResumptionUpdate": {"newHandle": handle, "resumable": True}}
