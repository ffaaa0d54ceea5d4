"""What a frame reports is read, and nothing else of it; what is strange counts as not sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from daemon.conversation.messages import Tokens, UsageReported
from daemon.live.reported import says, usage_in

USAGE: dict[str, Any] = {
    "promptTokenCount": 30,
    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 10}, {"modality": "AUDIO", "tokenCount": 20}],
    "responseTokenCount": 5,
    "responseTokensDetails": [{"modality": "AUDIO", "tokenCount": 5}],
    "thoughtsTokenCount": 2,
    "cachedContentTokenCount": 3,
    "totalTokenCount": "37",
}


def frame(**usage: Any) -> bytes:
    return json.dumps({"usageMetadata": {**USAGE, **usage}, "serverContent": {}}, indent=2).encode()


def test_a_report_is_read_from_a_frame_of_either_kind() -> None:
    expected = UsageReported(
        Tokens(30, text=10, audio=20), Tokens(5, audio=5), Tokens(), thoughts=2, cached=Tokens(3), total=37
    )
    assert usage_in(frame()) == usage_in(frame().decode()) == expected


@pytest.mark.parametrize(
    "told",
    [
        b"{}",
        b'{"usageMetadata": ',
        b'{"usageMetadata": 3}',
        b'["usageMetadata"]',
        b'{"serverContent": {"outputTranscription": {"text": "\\"usageMetadata\\""}}}',
        b'{"usageMetadata": ' + b"[" * 100_000,
        b'\xff\xfe"usageMetadata"',
        "no JSON",
    ],
)
def test_what_reports_nothing_is_no_report(told: str | bytes) -> None:
    assert usage_in(told) is None


@pytest.mark.parametrize("count", [-1, 2**40, 1.5, "x", True, None, [], {}, "9" * 30, "٣"])
def test_a_count_that_is_none_counts_nothing(count: Any) -> None:
    report = usage_in(frame(promptTokenCount=count, promptTokensDetails=[{"modality": "AUDIO", "tokenCount": count}]))
    assert report
    assert report.prompt == Tokens()


@pytest.mark.parametrize("details", ["x", {}, [1], [{}], [{"modality": "SMELL", "tokenCount": 1}], [{"modality": []}]])
def test_details_that_are_none_detail_nothing(details: Any) -> None:
    report = usage_in(frame(promptTokensDetails=details))
    assert report
    assert report.prompt == Tokens(30)


def test_a_word_is_found_in_quotes_alone() -> None:
    assert says('{"turnComplete": true}', "turnComplete")
    assert says(b'{"turnComplete": true}', "turnComplete")
    assert not says("turnComplete", "turnComplete")
