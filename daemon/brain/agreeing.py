"""A yes to what the local brain has asked: it then does what it was told before."""

import re
from collections.abc import Sequence
from typing import Final

from daemon.brain.brain import Remark
from daemon.brain.replies import SHALL_I
from daemon.brain.written import normalised
from daemon.sentences.shelf import primary_of

_YES: Final = re.compile(
    r"(?:yes|yeah|yep|yup|sure|ok|okay|of course|please do|do it|go ahead)"
    r"(?: (?:please|do it|do that|do so|you shall|go ahead|you may))*"
)


_YES_IN: Final = {
    "de": re.compile(
        r"(?:ja|jawohl|genau|stimmt|richtig|okay|ok|gerne?)(?: (?:bitte|genau|gerne?|mach(?: das| es)?))*"
    ),
    "es": re.compile(r"(?:s[ií]|claro|vale|exacto|correcto|de acuerdo|okay|ok)(?: (?:por favor|claro|hazlo|eso es))*"),
    "fr": re.compile(
        r"(?:oui|d'accord|exact|exactement|c'est ça|c'est cela|okay|ok)(?: (?:s'il (?:te|vous) plaît|vas y))*"
    ),
    "pt": re.compile(r"(?:sim|claro|isso|certo|exato|correto|pode|okay|ok)(?: (?:por favor|claro|isso|mesmo|pode))*"),
}


def agreed_to(text: str, history: Sequence[Remark], language: str = "en", question: str = SHALL_I) -> str:
    """What the user had said when Pipit asked `question` about it, if `text` is a yes to that; else nothing."""
    if len(history) < 2 or not _YES_IN.get(primary_of(language), _YES).fullmatch(normalised(text)):
        return ""
    said, asked = history[-2:]
    return said.text if (said.role, asked.role) == ("user", "model") and question in asked.text else ""
