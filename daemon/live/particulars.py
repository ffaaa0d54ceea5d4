"""What a message tells beside what is said: the pages that an answer rests on, and the tokens it took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from google.genai import types

from daemon.conversation.messages import Tokens, UsageReported
from daemon.live.checked import LONGEST_ADDRESS, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.live.checked import Checker

MOST_SOURCES: Final = 64
"""Pages that one message may name."""
_READ: Final = {None, types.UrlRetrievalStatus.URL_RETRIEVAL_STATUS_SUCCESS}


def sources_of(content: types.LiveServerContent, checker: Checker) -> tuple[tuple[str, str], ...]:
    """What the service read for its answer: pages that it found, and pages whose addresses were named to it."""
    found: list[tuple[str | None, str | None]] = []
    if content.grounding_metadata:
        chunks = content.grounding_metadata.grounding_chunks or ()
        found += [(chunk.web.title or chunk.web.domain, chunk.web.uri) for chunk in chunks if chunk.web]
    if content.url_context_metadata:
        pages = content.url_context_metadata.url_metadata or ()
        found += [("", page.retrieved_url) for page in pages if page.url_retrieval_status in _READ]
    named = [
        (text_of(title, LONGEST_ADDRESS), checker.name(uri, LONGEST_ADDRESS, "an address")) for title, uri in found
    ]
    return tuple(dict.fromkeys((title, uri) for title, uri in named if uri))[:MOST_SOURCES]


def usage_of(usage: types.UsageMetadata, checker: Checker) -> UsageReported:
    """The tokens of one generation."""
    return UsageReported(
        prompt=_tokens(usage.prompt_token_count, usage.prompt_tokens_details, checker),
        response=_tokens(usage.response_token_count, usage.response_tokens_details, checker),
        tool_use=_tokens(usage.tool_use_prompt_token_count, usage.tool_use_prompt_tokens_details, checker),
        thoughts=checker.count(usage.thoughts_token_count),
        cached=_tokens(usage.cached_content_token_count, usage.cache_tokens_details, checker),
        total=checker.count(usage.total_token_count),
    )


def _tokens(count: int | None, details: Sequence[types.ModalityTokenCount] | None, checker: Checker) -> Tokens:
    """Kinds that this version does not know stay undetailed."""
    parts = dict.fromkeys(("text", "audio", "image", "video", "document"), 0)
    for detail in details or ():
        name = (detail.modality or "").lower()
        if name in parts:
            parts[name] = checker.count(parts[name] + checker.count(detail.token_count))
    return Tokens(checker.count(count), **parts)
