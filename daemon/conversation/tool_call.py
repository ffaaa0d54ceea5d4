"""What is known of a function call before it is run, and when a model speaks of its result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Scheduling = Literal["interrupt", "when_idle", "silent"]
"""Whether a model that did not wait speaks of a result at once, when nothing else is being said, or not at all."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A function the model wants called."""

    id: str
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Not shown: a person may have said what is in them."""
