"""The SDK without the types of its dictionaries: it reads and writes the same, and takes less.

What is imported is imported for ever, so each way of it has a process of its own.
"""

import json
import subprocess
import sys
from typing import Any

WAYS = {
    "sparing": "from daemon.live.sparing_import import import_sdk; import_sdk()",
    "whole": "import google.genai",
}
FACTS = """
import hashlib, json, sys
from google.genai import types
from daemon.live import connection
import typing_extensions, importlib.metadata

connection.build_models()
message = types.LiveServerMessage.model_validate({
    "serverContent": {"modelTurn": {"parts": [{"inlineData": {"data": "AAA=", "mimeType": "audio/pcm"}}]}},
    "toolCall": {"functionCalls": [{"id": "1", "name": "set_device", "args": {"device": "lamp"}}]},
    "usageMetadata": {"totalTokenCount": 3},
})
config = types.LiveConnectConfig(tools=[{"function_declarations": [{"name": "x", "description": "y"}]}])
schemas = {model.__name__: model.model_json_schema() for model in (types.LiveServerMessage, types.UsageMetadata)}
print(json.dumps({
    "read": message.model_dump(mode="json"),
    "sent": config.model_dump(mode="json"),
    "built": [model.__name__ for model in connection._MODELS if not model.__pydantic_complete__],
    "schemas": hashlib.sha256(json.dumps(schemas, sort_keys=True).encode()).hexdigest(),
    "dictionaries": types.PartDict is dict,
    "left": typing_extensions.TypedDict.__module__ + importlib.metadata.version("pydantic")[:1],
}))
"""


def facts(way: str) -> dict[str, Any]:
    program = f"{WAYS[way]}\n{FACTS}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_the_same_is_read_and_sent() -> None:
    sparing, whole = facts("sparing"), facts("whole")
    assert (sparing.pop("dictionaries"), whole.pop("dictionaries")) == (True, False)
    assert sparing["built"] == []
    assert sparing == whole


def test_what_cannot_be_imported_sparingly_is_left_to_whoever_imports_it() -> None:
    program = "import sys; sys.modules['httpx2'] = sys.modules['httpx'] = 3\n" + WAYS["sparing"]
    program += "\nassert 'google.genai' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], timeout=60, check=True)
