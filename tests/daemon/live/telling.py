"""Options of a session as a test needs them: keys of `[live]` and the rest side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from daemon.live.options import LiveOptions
from daemon.live.settings import LiveSettings

_TOLD_OTHERWISE: Final = {"tools", "language", "system_instruction", "credential"}
"""Keys of `[live]` whose names mean something else among the options, or are worked out first."""


def options_with(options: LiveOptions | None = None, **given: Any) -> LiveOptions:
    """`options`, or those of the defaults and some key, with what is `given`; `calls` is the table `[live.tools]`."""
    keys = {name: given.pop(name) for name in LiveSettings.model_fields.keys() - _TOLD_OTHERWISE if name in given}
    if "calls" in given:
        keys["tools"] = given.pop("calls")
    own = (options or LiveOptions(api_key="k")).with_live(**keys)
    return replace(own, **given)
