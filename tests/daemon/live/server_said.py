"""Messages of the service, and what a reader makes of them."""

import base64
import json
from typing import Any

from google.genai import types

from daemon.conversation.messages import SessionMessage
from daemon.live.incoming import Reader

PCM = b"\x01\x02" * 4
SOUND = {"inlineData": {"mimeType": "audio/pcm;rate=24000", "data": base64.b64encode(PCM).decode()}}


def content(*parts: dict[str, Any], **fields: object) -> dict[str, Any]:
    turn = {"modelTurn": {"parts": list(parts)}} if parts else {}
    return {"serverContent": turn | fields}


AUDIO = content(SOUND)


def read(reader: Reader, *messages: dict[str, Any]) -> list[SessionMessage]:
    return [
        report
        for message in messages
        for report in reader.read(types.LiveServerMessage.model_validate_json(json.dumps(message)))
    ]
