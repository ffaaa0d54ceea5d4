"""A motion sensor (PIR), which drives its pin high while it sees something move."""

from typing import Final

from daemon.abilities.inputs.kinds.input_kind import SwitchKind

MOTION: Final = SwitchKind("high", ("motion", "still"))
