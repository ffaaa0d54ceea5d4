"""A yes to what the local brain has asked: it then does what it was told before."""

import re
from collections.abc import Sequence
from typing import Final

from daemon.brain.brain import Remark
from daemon.brain.replies import SHALL_I
from daemon.brain.written import normalised

_YES: Final = re.compile(
    r"(?:yes|yeah|yep|yup|sure|ok|okay|of course|please do|do it|go ahead)"
    r"(?: (?:please|do it|do that|do so|you shall|go ahead|you may))*"
)


def agreed_to(text: str, history: Sequence[Remark]) -> str:
    """What the user had said when Pipit asked whether to do it, if `text` is a yes to that; else nothing."""
    if len(history) < 2 or not _YES.fullmatch(normalised(text)):
        return ""
    said, asked = history[-2:]
    return said.text if (said.role, asked.role) == ("user", "model") and SHALL_I in asked.text else ""
