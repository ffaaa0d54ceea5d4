"""A contact at a door, a window or a letter box: closed, it connects a pin to ground."""

from typing import Final

from daemon.abilities.inputs.kinds.input_kind import SwitchKind

CONTACT: Final = SwitchKind("low", ("closed", "open"))
