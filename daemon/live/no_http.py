"""What the SDK asks by HTTP with, and what stands in for it in a process that holds sessions alone."""

from __future__ import annotations

from typing import Final


class NoHttp:
    """Is made and closed, as every client of the SDK does with its parts, and no more."""

    is_closed = True

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def close(self) -> None:
        pass

    async def aclose(self) -> None:
        pass

    def __getattr__(self, name: str) -> object:
        raise AttributeError(f"{name}: the SDK was imported without HTTP, for sessions (daemon/live/sparing_import.py)")


def _made(*names: str) -> dict[str, object]:
    return dict.fromkeys(names, NoHttp)


HTTP: Final[dict[str, dict[str, object]]] = {
    **{name: _made("Client", "AsyncClient") for name in ("httpx", "httpx2")},
    "anyio": {"AsyncFile": list},  # which has a type in brackets, too
    "tenacity": _made(
        *("Retrying", "AsyncRetrying", "stop_after_attempt"),
        *("retry_if_exception", "wait_exponential_jitter", "before_sleep_log"),
    ),
    **{f"google.auth{part}": {} for part in ("", ".exceptions", ".credentials", ".transport", ".transport.mtls")},
    "google.genai.batches": _made("Batches", "AsyncBatches"),
    "google.genai.caches": _made("Caches", "AsyncCaches"),
    "google.genai.chats": _made("Chats", "AsyncChats"),
    "google.genai.file_search_stores": _made("FileSearchStores", "AsyncFileSearchStores"),
    "google.genai.files": _made("Files", "AsyncFiles"),
    "google.genai.models": _made("Models", "AsyncModels"),
    "google.genai.operations": _made("Operations", "AsyncOperations"),
    "google.genai.tokens": _made("Tokens", "AsyncTokens"),
    "google.genai.tunings": _made("Tunings", "AsyncTunings"),
    "google.genai._replay_api_client": {},
    "urllib.request": {},
}
"""The SDK's two HTTP libraries, of which it takes either, and what it reads files with that are sent by HTTP; what asks
again; what signs in to Google's cloud, which a key does not; the parts of a client beside `live`. The last is
websockets', which looks for a proxy where it is told neither of one nor of none (daemon/live/transport.py tells it)."""

NEVER_ASKED: Final = "google.auth.aio.credentials"
"""Each new client looks whether this can be imported, and would so import all of google.auth."""
