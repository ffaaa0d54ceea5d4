"""Every kind of input by its name; one is imported when it is asked for, and not before."""

from importlib import import_module
from typing import Final

from daemon.abilities.inputs.kinds.input_kind import SwitchKind
from daemon.abilities.inputs.kinds.moments import MOMENTS

SWITCHES: Final = tuple(MOMENTS)
"""What is one of two ways."""


def switch_kind(name: str) -> SwitchKind:
    """A kind is a file in this folder, and in it a constant of its name."""
    kind: SwitchKind = getattr(import_module(f"{__package__}.{name}_input"), name.upper())
    return kind
