"""The view of the wire: arrows, times, and nothing private."""

from __future__ import annotations

from daemon.chat.wire import WireView
from tests.daemon.live.telling import options_with


def test_each_message_is_an_arrow_with_its_time_and_without_the_key() -> None:
    told: list[str] = []
    times = iter([100.0, 100.25, 112.5])
    options = options_with(api_key="my-very-own-key")
    tapped = WireView(told.append, lambda: next(times)).watching(options)
    assert tapped.tap is not None
    tapped.tap("sent", '{"text": "my-very-own-key"}')
    tapped.tap("received", b'{\n  "setupComplete": {}\n}\n')
    assert told == ['   0.250 s → {"text": "[key]"}', '  12.500 s ← {"setupComplete": {}}']
    assert tapped == options, "the same session"
    assert options.tap is None
