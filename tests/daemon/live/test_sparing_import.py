"""The SDK without the types of its dictionaries: it reads and writes the same, and takes less.

What is imported is imported for ever, so each way of it has a process of its own; the one that becomes others has
imported the whole.
"""

import inspect
import json
import re
import subprocess
import sys
import typing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from google.genai import types
from pydantic import BaseModel

from daemon.live import setup
from daemon.live.session_models import SESSION_MODELS
from tests.daemon.processes import run_code

WAYS = {
    "sparing": "from daemon.live.sparing_import import import_sdk; import_sdk()",
    "sessions": "from daemon.live.sparing_import import import_sdk; import_sdk(http=False)",
}
UNLOADED = """
import sys
for name in [name for name in sys.modules if name == "google" or name.startswith("google.")]:
    del sys.modules[name]
sys.modules["httpx2"] = sys.modules["httpx"] = 3
"""
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


SESSION = """
import asyncio, sys, tempfile
from pathlib import Path

async def main():
    from daemon.live import connection
    from daemon.live.plain import plain_client
    from google.genai import types
    spared = ("httpx2", "anyio", "tenacity", "google.auth", "google.genai.models", "urllib.request", "http.client")
    options = {"api_version": "v1beta", "base_url": "http://127.0.0.1:9"}
    from google.genai import Client
    client = Client(api_key="any", http_options=types.HttpOptions(**options))
    for ask in (lambda: types.EmbedContentResponse(), lambda: client.models.list()):
        try:
            ask()
        except (TypeError, AttributeError) as error:
            assert "sessions" in str(error), error
        else:
            raise AssertionError("it was spared, and can be used")
    await client.aio.aclose()
    client.close()
    assert sys.modules["google.auth.aio.credentials"] is None
    print([name for name in spared if name in sys.modules])

asyncio.run(main())
"""


@cache
def told_by(way: str) -> list[str]:
    """The lines of a process: its facts, and of one for sessions what was not spared."""
    program = f"{WAYS[way]}\n{FACTS}\n{SESSION if way == 'sessions' else ''}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@cache
def facts_of_the_whole() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(run_code(FACTS).stdout)
    return read


@pytest.mark.parametrize("way", ["sparing", "sessions"])
def test_the_same_is_read_and_sent(way: str) -> None:
    sparing: dict[str, Any] = json.loads(told_by(way)[0])
    assert sparing["built"] == []
    assert sparing["dictionaries"]
    assert sparing == {**facts_of_the_whole(), "dictionaries": True}


def test_the_whole_has_the_types_of_dictionaries() -> None:
    assert not facts_of_the_whole()["dictionaries"]


def test_what_cannot_be_imported_sparingly_is_left_to_whoever_imports_it() -> None:
    done = run_code(UNLOADED + WAYS["sparing"] + "\nassert 'google.genai' not in sys.modules")
    assert done.returncode == 0, done.stderr


MODELS = {
    name: model
    for name, model in vars(types).items()
    if inspect.isclass(model) and issubclass(model, BaseModel) and model.__module__ == types.__name__
}
NOT_IN_SESSIONS = {"minting.py", "lookup.py", "plain.py"}
"""Of `daemon/live/`: what asks by HTTP, in processes of its own."""


def named(*files: Path) -> set[str]:
    return {name for file in files for name in re.findall(r"types\.(\w+)", file.read_text()) if name in MODELS}


def inside(annotation: object) -> set[str]:
    """The models that a type is made of."""
    own = {annotation.__name__} if inspect.isclass(annotation) and annotation.__name__ in MODELS else set()
    return own.union(*(inside(part) for part in typing.get_args(annotation)))


def made_of(names: set[str]) -> set[str]:
    """With what they inherit from, all that inherits from them, and all that those are made of, to the last."""
    more = set(names)
    for name, model in MODELS.items():
        ancestors = {base.__name__ for base in model.__mro__ if base.__module__ == types.__name__}
        more |= {name} if ancestors & names else set()
        more |= ancestors if name in names else set()
    for name in names:
        MODELS[name].model_rebuild()
        more = more.union(*(inside(field.annotation) for field in MODELS[name].model_fields.values()))
    return names if more == names else made_of(more)


def test_the_models_that_sessions_need_are_those_that_are_named_and_what_they_are_made_of() -> None:
    ours = [file for file in Path(setup.__file__).parent.glob("*.py") if file.name not in NOT_IN_SESSIONS]
    sdk = [Path(types.__file__).with_name(name) for name in ("live.py", "_live_converters.py", "_api_client.py")]
    needed = made_of(named(*ours, *sdk))
    assert needed == SESSION_MODELS, f"missing {needed - SESSION_MODELS}, too many {SESSION_MODELS - needed}"


def test_what_was_spared_says_so_and_a_client_is_made_and_closed() -> None:
    assert told_by("sessions")[1:] == ["[]"]


def test_a_model_that_is_lacking_is_taken_as_it_comes() -> None:
    """As after an upgrade of the SDK of which the list knows nothing."""
    program = """
from daemon.live import sparing_import
sparing_import.SESSION_MODELS = sparing_import.SESSION_MODELS - {"Transcription"}
sparing_import.import_sdk(http=False)
from google.genai import types
content = {"serverContent": {"inputTranscription": {"text": "hello"}, "turnComplete": True}}
message = types.LiveServerMessage.model_validate(content)
print(message.server_content.turn_complete, message.server_content.input_transcription)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "True {'text': 'hello'}"


def test_where_it_fails_in_the_midst_nothing_that_was_spared_is_left() -> None:
    program = """
from daemon.live import sparing_import
sparing_import.HTTP["anyio"] = {}
sparing_import.import_sdk(http=False)
from google.genai import Client, types
types.EmbedContentResponse()
print(types.PartDict is dict, hasattr(Client(api_key="any")._api_client._httpx_client, "get"))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "False True"
