"""A push button between a pin and ground."""

from typing import Final

from daemon.abilities.inputs.kinds.input_kind import SwitchKind

BUTTON: Final = SwitchKind("low", ("pressed", "not pressed"))
