"""What of a message may be shown: secrets planted everywhere are found nowhere."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.live.redaction import HIDDEN, LONGEST_LINE, shown, without_secrets

KEY = "AIzaSyA-not-a-real-key_0123456789"
OTHER_KEY = "AIzaSyB-another-key_9876543210"
TOKEN = "auth_tokens/3f2a-9b1c"
HANDLE = "CigKJDk0ZWY2-handle-of-a-conversation"
SOUND = base64.b64encode(bytes(range(256)) * 3).decode()[:856]  # 642 bytes


def message(value: Any) -> str:
    return shown(json.dumps(value), KEY)


@pytest.mark.parametrize(
    "frame",
    [
        {"setup": {"sessionResumption": {"handle": HANDLE}}},
        {"setup": {"session_resumption": {"handle": HANDLE}}},
        {"sessionResumptionUpdate": {"newHandle": HANDLE, "resumable": True}},
        {"session_resumption_update": {"new_handle": HANDLE}},
        {"apiKey": HANDLE},
        {"api_key": HANDLE},
        {"x-goog-api-key": HANDLE},
        {"config": {"Authorization": f"Token {HANDLE}"}},
        {"access_token": HANDLE},
        {"accessToken": [HANDLE, {"inner": [HANDLE]}, HANDLE][0]},
        {"token": [HANDLE]},
        {"text": f"my key is {KEY}!"},
        {"text": f"see https://example.org/?key={OTHER_KEY}&x=1"},
        {"text": f"see https://example.org/?access_token={HANDLE}&x=1"},
        {"toolCall": {"functionCalls": [{"args": {"note": [f"it is {TOKEN}"]}}]}},
        {KEY: "as a name"},
        {OTHER_KEY: "as a name"},
    ],
    ids=lambda frame: json.dumps(frame)[:48],
)
def test_a_planted_secret_is_not_shown(frame: dict[str, Any]) -> None:
    line = message(frame)
    for secret in (KEY, OTHER_KEY, TOKEN, HANDLE):
        assert secret not in line
    assert HIDDEN in line


def test_an_escaped_key_is_found_as_well() -> None:
    escaped = "".join(f"\\u{ord(char):04x}" for char in KEY)
    assert shown(f'{{"text": "{escaped}"}}', KEY) == f'{{"text": "{HIDDEN}"}}'


def test_an_empty_handle_and_counts_are_no_secrets() -> None:
    frame = {"setup": {"sessionResumption": {"handle": ""}}, "usageMetadata": {"promptTokenCount": 12}}
    assert json.loads(message(frame)) == frame


@pytest.mark.parametrize("name", ["mimeType", "mime_type"])
@pytest.mark.parametrize("padding", ["", "="])
def test_sound_is_a_length(name: str, padding: str) -> None:
    frame = {"realtime_input": {"audio": {"data": SOUND + padding, name: "audio/pcm;rate=16000"}}}
    line = message(frame)
    assert json.loads(line)["realtime_input"]["audio"]["data"] == "<audio 642 bytes, 20 ms>"
    assert SOUND[:8] not in line


def test_sound_of_no_rate_and_pictures_and_unknown_data_are_lengths_too() -> None:
    assert '"<audio 642 bytes>"' in message({"data": SOUND, "mimeType": "audio/ogg"})
    assert '"<audio 642 bytes>"' in message({"data": SOUND, "mimeType": "audio/pcm;rate=0"})
    assert '"<image/jpeg 642 bytes>"' in message({"data": SOUND, "mimeType": "image/jpeg"})
    assert '"<data 642 bytes>"' in message({"data": SOUND})


def test_what_is_long_is_cut_and_says_so() -> None:
    line = message({"text": "word " * 1_000})
    assert len(line) < 200
    assert "… (5,000 characters)" in line
    assert len(message({"tools": [{"n": str(number)} for number in range(1_000)]})) <= LONGEST_LINE + 10


def test_a_terminal_has_nothing_to_obey() -> None:
    line = message({"text": "\x1b[2J\x9b2J\x07\n", "naïve": "grüezi 🐦"})
    assert line.isprintable()
    assert "grüezi 🐦" in line


@pytest.mark.parametrize(
    "frame",
    ["", f"{KEY}", b"\xff\xfe" + KEY.encode(), '{"half": ', "[" * 100_000],
    ids=["none", "key", "bytes", "half", "deep"],
)
def test_what_is_no_json_is_not_shown(frame: str | bytes) -> None:
    assert shown(frame, KEY) == f"<{len(frame)} bytes that are no JSON>"


def test_bytes_are_read_as_text_is() -> None:
    assert shown(b'{\n  "setupComplete": {}\n}\n') == '{"setupComplete": {}}'


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.just(f"with {KEY} in it"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12) | st.just(KEY), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_whatever_the_message_its_line_is_one_and_holds_no_key(value: Any) -> None:
    line = message(value)
    assert KEY not in line
    assert line.isprintable()


def test_a_sentence_may_quote_a_key() -> None:
    assert without_secrets(f"bad key {KEY} and {OTHER_KEY}", KEY) == f"bad key {HIDDEN} and {HIDDEN}"
    assert without_secrets("nothing here") == "nothing here"


@pytest.mark.parametrize("digits", ["0", "1", "9" * 300, "9" * 5_000, "x"])
def test_a_rate_that_is_none_is_not_reckoned_with(digits: str) -> None:
    media = {"inlineData": {"mimeType": f"audio/pcm;rate={digits}", "data": "AAAA"}}
    assert "<audio 3 bytes" in shown(json.dumps(media))


def test_half_a_character_can_be_shown() -> None:
    assert shown('{"text": "a\\ud800"}').encode()
