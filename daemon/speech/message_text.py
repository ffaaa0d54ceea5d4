"""The words of a message from outside, as a voice can say them."""

import os
import unicodedata
from typing import Final

from daemon.errors import PipitError

LONGEST: Final = 500
"""Characters: half a minute of speech."""


class MessageRefused(PipitError):
    """A message that is not read out; its error never holds its words."""

    exit_status = os.EX_DATAERR


def message_text(given: str) -> str:
    """`given` on one line, without what no voice says, such as control characters. Raises MessageRefused."""
    text = "".join(character for character in " ".join(given.split()) if character.isprintable()).strip()
    if not any(map(_is_heard, text)):
        raise MessageRefused("the message has no words in it", fix="say something")
    if len(text) > LONGEST:
        raise MessageRefused(
            f"the message has {len(text)} characters, and at most {LONGEST} are read out", fix="say it in fewer words"
        )
    return text


def _is_heard(character: str) -> bool:
    """Whether a voice says it: letters, digits and symbols, but no marks of punctuation."""
    return unicodedata.category(character)[0] in "LNS"
