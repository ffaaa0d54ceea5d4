"""What a recogniser wrote as people would have written it: words that it splits, joins, or takes for others like them.

Only ways of writing that make no sense in their place are put right, and nothing that might as well be its opposite.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Final

from daemon.brain.lexicon import nearest_lexicon

FOLDER: Final = Path(__file__).with_name("everyday") / "heard"


def as_said(text: str, language: str) -> str:
    """`text` in the language of a BCP 47 tag, put right where there is something to be put right."""
    for pattern, meant in _written(nearest_lexicon(language)):
        text = pattern.sub(partial(_as_begun, meant), text)
    return text


def _as_begun(meant: str, match: re.Match[str]) -> str:
    """With a capital letter where there was one."""
    words = match.expand(meant)
    return words[:1].upper() + words[1:] if match[0][:1].isupper() else words


@cache
def _written(tag: str) -> Sequence[tuple[re.Pattern[str], str]]:
    file = FOLDER / f"{tag}.toml"
    if not file.is_file():
        return ()
    content = tomllib.loads(file.read_text("utf-8"))
    return [
        (re.compile(rf"(?<![\w-])(?:{'|'.join(ways)})(?![\w-])", re.IGNORECASE), meant)
        for meant, ways in content.items()
    ]
