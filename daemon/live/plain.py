"""A client of the SDK for plain requests: one question, one answer, no session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daemon.live.options import GOOGLE
from daemon.live.proxies import proxy_to
from daemon.trust import trusting

if TYPE_CHECKING:
    from google.genai import Client

    from daemon.live.options import LiveOptions


def plain_client(options: LiveOptions, timeout_s: float) -> Client:
    """Imports the SDK and reads certificates, so not on the loop's thread. `timeout_s` is for each step.

    It follows no redirect: the key goes to the host that was named, or nowhere. Raises NoAuthority,
    ProxyUnusable.
    """
    from google.genai import Client, types

    endpoint = options.live.endpoint.rstrip("/").replace("wss://", "https://", 1) or GOOGLE
    arguments: dict[str, Any] = {
        "verify": trusting(options.live.ca_file),
        "trust_env": False,
        "follow_redirects": False,
    }
    if proxy := proxy_to(endpoint):
        arguments["proxy"] = proxy.url
    http_options = types.HttpOptions(
        base_url=endpoint,
        api_version=options.live.api_version,
        timeout=int(timeout_s * 1000),
        client_args=arguments,
        async_client_args=arguments,
    )
    return Client(enterprise=False, api_key=options.api_key, http_options=http_options)
