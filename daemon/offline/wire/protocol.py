"""Reads what a Live client says: `ClientDecoder` takes one connection's frames. No I/O, no time."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, cast

from daemon.brain.brain import FunctionDeclaration, Remark
from daemon.offline.wire.client_messages import (
    ActivityEnd,
    ActivityStart,
    AudioChunk,
    AudioStreamEnd,
    ClientContent,
    ClientMessage,
    Compression,
    ContextUpdate,
    Detection,
    FunctionAnswer,
    RealtimeText,
    Scheduling,
    Setup,
    VideoFrame,
)
from daemon.offline.wire.mapping import INVALID_PAYLOAD, WireError, parse, read
from daemon.offline.wire.schema import CLIENT_MESSAGE

INPUT_RATES_HZ: Final = range(8_000, 192_001)
"""What `audio/pcm;rate=` may say; the service documents no limits, these are those of sound cards."""


class ClientDecoder:
    """Reads the frames of one connection, and insists on `setup` first and once."""

    def __init__(self, lock: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict) -> None:
        """`lock` makes the setup that counts of the one that was asked for."""
        self._set_up = False
        self._lock = lock

    def decode(self, frame: str | bytes) -> list[ClientMessage]:
        """The messages in one frame, in the order they take effect; raises WireError.

        A realtime input with several fields, or a tool response with several answers, becomes several messages.
        """
        fields = read(CLIENT_MESSAGE, parse(frame))
        if len(fields) != 1:
            raise WireError(INVALID_PAYLOAD, "Request contains an invalid argument.")
        [(name, content)] = fields.items()
        if (name == "setup") is self._set_up:
            raise WireError(INVALID_PAYLOAD, "setup must be the first message and only the first")
        self._set_up = True
        return _READERS[name](self._lock(content) if name == "setup" else content)


def _setup(content: Mapping[str, Any]) -> list[ClientMessage]:
    generation = content.get("generationConfig", {})
    realtime = content.get("realtimeInputConfig", {})
    speech = generation.get("speechConfig", {})
    resumption = content.get("sessionResumption")
    return [
        Setup(
            model=_model(content),
            modality=_modality(generation),
            voice=speech.get("voiceConfig", {}).get("prebuiltVoiceConfig", {}).get("voiceName", ""),
            language=speech.get("languageCode", ""),
            system_instruction=_text(content.get("systemInstruction", {})),
            functions=_functions(content.get("tools", [])),
            own_tools=frozenset(name for tool in content.get("tools", []) for name in OWN_TOOLS if name in tool),
            detection=_detection(realtime.get("automaticActivityDetection", {})),
            interrupts=realtime.get("activityHandling") != "NO_INTERRUPTION",
            input_transcription="inputAudioTranscription" in content,
            output_transcription="outputAudioTranscription" in content,
            resumable=resumption is not None,
            handle=(resumption or {}).get("handle", ""),
            history_first=content.get("historyConfig", {}).get("initialHistoryInClientContent", False),
            compression=_compression(content.get("contextWindowCompression")),
            thinking_level=_said(generation.get("thinkingConfig", {}).get("thinkingLevel", "")),
            affective=generation.get("enableAffectiveDialog", False),
            proactive=_proactive(content.get("proactivity")),
        )
    ]


def _model(content: Mapping[str, Any]) -> str:
    model: str = content.get("model", "").removeprefix("models/")
    if not model:
        raise WireError(INVALID_PAYLOAD, "Request contains an invalid argument.")
    return model


def _modality(generation: Mapping[str, Any]) -> Literal["AUDIO", "TEXT"]:
    """The one response modality; native-audio models accept no combination (Live API guide)."""
    match generation.get("responseModalities") or ["AUDIO"]:
        case ["AUDIO" | "MODALITY_UNSPECIFIED"]:
            return "AUDIO"
        case ["TEXT"]:
            return "TEXT"
        case other:
            names = ", ".join(other)
            raise WireError(
                INVALID_PAYLOAD,
                f"The requested combination of response modalities ({names}) is not supported by the model.",
            )


def _detection(content: Mapping[str, Any]) -> Detection | None:
    if content.get("disabled", False):
        return None
    return Detection(
        start_sensitivity="LOW" if content.get("startOfSpeechSensitivity") == "START_SENSITIVITY_LOW" else "HIGH",
        end_sensitivity="LOW" if content.get("endOfSpeechSensitivity") == "END_SENSITIVITY_LOW" else "HIGH",
        prefix_padding_ms=content.get("prefixPaddingMs"),
        silence_duration_ms=content.get("silenceDurationMs"),
    )


def _compression(content: Mapping[str, Any] | None) -> Compression | None:
    if content is None:
        return None
    return Compression(content.get("triggerTokens"), content.get("slidingWindow", {}).get("targetTokens"))


def _proactive(content: Mapping[str, Any] | None) -> bool | None:
    return None if content is None else content.get("proactiveAudio", False)


def _said(value: str) -> str:
    """An enumeration's value; empty if it is the one that says nothing."""
    return "" if value.endswith("UNSPECIFIED") else value


def _text(content: Mapping[str, Any]) -> str:
    """The written parts of a Content, without the model's thoughts."""
    return "".join(part.get("text", "") for part in _parts(content) if not part.get("thought", False))


OWN_TOOLS: Final = ("googleSearch", "urlContext", "codeExecution")


def _functions(tools: Sequence[Mapping[str, Any]]) -> tuple[FunctionDeclaration, ...]:
    """The declared functions of all tools; the service's own tools (search, …) do nothing here."""
    declarations = [declaration for tool in tools for declaration in tool.get("functionDeclarations", [])]
    return tuple(
        FunctionDeclaration(
            name=declaration.get("name", ""),
            description=declaration.get("description", ""),
            parameters=json_schema(declaration.get("parametersJsonSchema") or declaration.get("parameters") or {}),
            behavior=cast("Literal['', 'BLOCKING', 'NON_BLOCKING']", _said(declaration.get("behavior", ""))),
        )
        for declaration in declarations
    )


def json_schema(schema: Any) -> dict[str, Any]:
    """JSON Schema, from itself or from the API's own subset of OpenAPI (upper-case types, either casing of keywords).

    Only keywords are touched: the names of properties, and enumerated or default values, belong to the user.
    """
    if not isinstance(schema, dict):
        return {}
    result: dict[str, Any] = {}
    for spelling, value in schema.items():
        keyword = spelling if spelling.startswith("$") else _camel(spelling)
        if keyword == "type":
            result[keyword] = value.lower() if isinstance(value, str) else value
        elif keyword in _SCHEMA_MAPS and isinstance(value, dict):
            result[keyword] = {name: json_schema(item) for name, item in value.items()}
        elif keyword in _SCHEMA_LISTS and isinstance(value, list):
            result[keyword] = [json_schema(item) for item in value]
        elif keyword in _SCHEMAS and isinstance(value, dict):
            result[keyword] = json_schema(value)
        else:
            result[keyword] = value
    return result


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


def _client_content(content: Mapping[str, Any]) -> list[ClientMessage]:
    turns = content.get("turns", [])
    remarks = [Remark("model" if turn.get("role") == "model" else "user", _text(turn)) for turn in turns]
    functions = any("functionCall" in part or "functionResponse" in part for turn in turns for part in _parts(turn))
    return [ClientContent(tuple(remarks), content.get("turnComplete", False), functions)]


def _parts(content: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    parts: Sequence[Mapping[str, Any]] = content.get("parts", [])
    return parts


def _realtime_input(content: Mapping[str, Any]) -> list[ClientMessage]:
    messages: list[ClientMessage] = []
    if "activityStart" in content:
        messages.append(ActivityStart())
    # of the deprecated list only the first chunk counts (Live API reference)
    blobs = [content[name] for name in ("audio", "video") if name in content] + content.get("mediaChunks", [])[:1]
    messages += [_media(blob) for blob in blobs]
    if "text" in content:
        messages.append(RealtimeText(content["text"]))
    if content.get("audioStreamEnd", False):
        messages.append(AudioStreamEnd())
    if "activityEnd" in content:
        messages.append(ActivityEnd())
    return messages


def _media(blob: Mapping[str, Any]) -> AudioChunk | VideoFrame:
    mime_type, data = blob.get("mimeType", ""), blob.get("data", b"")
    if mime_type.startswith("image/"):
        return VideoFrame(data, mime_type)
    match = re.fullmatch(r"audio/pcm\s*(?:;\s*rate=(\d{1,6}))?", mime_type)
    rate_hz = int(match[1] or 16_000) if match else 0
    if rate_hz not in INPUT_RATES_HZ:
        raise WireError(INVALID_PAYLOAD, "Request contains an invalid argument.")
    return AudioChunk(data, rate_hz)


def _tool_response(content: Mapping[str, Any]) -> list[ClientMessage]:
    return [
        FunctionAnswer(
            answer.get("id", ""),
            answer.get("name", ""),
            response := _object(answer.get("response")),
            answer.get("willContinue", False),
            _scheduling(answer.get("scheduling", ""), response),
        )
        for answer in content.get("functionResponses", [])
    ]


def _scheduling(beside: str, response: Mapping[str, Any]) -> Scheduling:
    for value in (beside, response.get("scheduling")):
        match value:
            case "SILENT" | "WHEN_IDLE" | "INTERRUPT" as scheduling:
                return cast("Scheduling", scheduling)
    return ""


def _object(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise WireError(INVALID_PAYLOAD, "Request contains an invalid argument.")
    return value


def _context_update(content: Mapping[str, Any]) -> list[ClientMessage]:
    instruction, tools = content.get("systemInstruction"), content.get("tools")
    return [
        ContextUpdate(
            system_instruction=None if instruction is None else _text(instruction),
            functions=None if tools is None else _functions(tools.get("tools", [])),
        )
    ]


_READERS: Final = {
    "setup": _setup,
    "clientContent": _client_content,
    "realtimeInput": _realtime_input,
    "toolResponse": _tool_response,
    "contextUpdate": _context_update,
}
_SCHEMA_MAPS: Final = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})
_SCHEMA_LISTS: Final = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
_SCHEMAS: Final = frozenset({"items", "additionalProperties", "not", "if", "then", "else", "contains"})
