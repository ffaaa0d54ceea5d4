"""What a message tells beside what is said: tokens by kind, and pages by name."""

import logging

from google.genai import types

from daemon.conversation.events import ReplyComplete
from daemon.conversation.messages import SourcesNamed, Tokens, UsageReported
from daemon.live.checked import Checker
from daemon.live.incoming import Reader
from daemon.live.particulars import MOST_SOURCES, sources_of
from tests.daemon.live.server_said import AUDIO, content, read


def test_usage_may_lack_counts(reader: Reader) -> None:
    assert read(reader, {"usageMetadata": {"totalTokenCount": 7}}) == [UsageReported(total=7)]


def test_usage_is_told_by_kind_as_the_service_reports_it(reader: Reader) -> None:
    """It need not add up (and 3.8 does not); what is of no kind is not guessed at here."""
    usage = {
        "promptTokenCount": 9,
        "responseTokenCount": 8,
        "toolUsePromptTokenCount": 3,
        "thoughtsTokenCount": 4,
        "cachedContentTokenCount": 2,
        "totalTokenCount": 30,
        "promptTokensDetails": [
            {"modality": "TEXT", "tokenCount": 5},
            {"modality": "MODALITY_UNSPECIFIED", "tokenCount": 4},
        ],
        "responseTokensDetails": [{"modality": "AUDIO", "tokenCount": 6}, {"modality": "AUDIO", "tokenCount": 1}],
        "toolUsePromptTokensDetails": [{"modality": "DOCUMENT", "tokenCount": 3}, {"modality": "VIDEO"}],
        "cacheTokensDetails": [{"modality": "IMAGE", "tokenCount": 2}],
    }
    assert read(reader, {"usageMetadata": usage}) == [
        UsageReported(
            prompt=Tokens(9, text=5),
            response=Tokens(8, audio=7),
            tool_use=Tokens(3, document=3),
            thoughts=4,
            cached=Tokens(2, image=2),
            total=30,
        )
    ]


def test_sources_are_named_with_their_titles_and_once(reader: Reader) -> None:
    birds = {"web": {"title": "Birds", "uri": "https://birds.example"}}
    bare = {"web": {"domain": "b.example", "uri": "https://b.example"}}
    found = {"groundingChunks": [birds, birds, bare, {"web": {"title": "no address"}}, {"maps": {"uri": "m"}}]}
    pages = [
        {"retrievedUrl": "https://p.example", "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_SUCCESS"},
        {"retrievedUrl": "https://gone.example", "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_ERROR"},
    ]
    message = content(groundingMetadata=found, urlContextMetadata={"urlMetadata": pages}, turnComplete=True)
    named = (("Birds", "https://birds.example"), ("b.example", "https://b.example"), ("", "https://p.example"))
    assert read(reader, AUDIO, message)[-2:] == [SourcesNamed(1, named), ReplyComplete(1)]


def test_a_message_names_no_more_pages_than_anybody_reads() -> None:
    chunks = [{"web": {"uri": f"https://{number}.example"}} for number in range(2 * MOST_SOURCES)]
    found = types.LiveServerContent.model_validate({"groundingMetadata": {"groundingChunks": chunks}})
    named = sources_of(found, Checker(logging.getLogger("test")))
    assert [address for _, address in named] == [f"https://{number}.example" for number in range(MOST_SOURCES)]
