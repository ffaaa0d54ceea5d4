"""What of a text is Pipit's own words: the shapes of its messages, read off its source.

A text passes only if the whole of it has the shape of one message of the program, and then only that message's own
words pass. What the program put into its holes does not, but for numbers where the format allows nothing else, and for
words that are known. So a support bundle holds nothing that somebody said, named or typed, even if it was logged.
"""

from __future__ import annotations

import ast
import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT: Final = Path(__file__).parents[3]
"""The folder of `daemon` and `hardware`, in a checkout or in site-packages."""

HOLE: Final = "…"
LONGEST: Final = 400
"""Characters that are looked at; a message of Pipit's is shorter, and a longer one would take time to compare."""
OWN_WORDS: Final = 8
"""Letters that a shape must have of its own: "{what}: {how}" would recognise anything."""

NUMBER: Final = r"-?\d{1,12}(?:\.\d{1,9})?%?"
_NUMERIC_SPEC: Final = re.compile(r"[,]?[-+0-9.]*[dgfeG%]")
_PERCENT: Final = re.compile(r"%(?:%|[-+0-9.]*([a-zA-Z]))")
_LOG_METHODS: Final = frozenset({"debug", "info", "warning", "error", "exception", "critical"})


@dataclass(frozen=True)
class Gap:
    """A place in a message that something is put into; `numeric` if nothing but a number can be."""

    numeric: bool = False


Piece = str | Gap
Message = tuple[Piece, ...]


class Shapes:
    """Some messages, and what of a text is theirs."""

    def __init__(self, messages: Iterable[Message], words: Iterable[str] = (), *, least: int = OWN_WORDS) -> None:
        """`words` may stand in any gap, if they are all that stands in it; `least` letters make a message."""
        self._words = frozenset(words)
        kept = {message for message in messages if _letters(message) >= least and any(map(_is_text, message))}
        ordered = sorted(kept, key=lambda message: (-_letters(message), repr(message)))
        self._messages = [(max(filter(_is_text, message), key=len), message) for message in ordered]

    def own_words(self, text: str) -> str | None:
        """`text` with `HOLE` for what was put into it; None if it is no message of the program."""
        if len(text) > LONGEST:
            return None
        for longest, message in self._messages:
            if longest in text and (found := _pattern(message).fullmatch(text)):
                return self._rendered(message, found.groups())
        return None

    def _rendered(self, message: Message, found: Sequence[str]) -> str:
        values = iter(found)
        return "".join(piece if isinstance(piece, str) else self._filled(piece, next(values)) for piece in message)

    def _filled(self, gap: Gap, value: str) -> str:
        return value if gap.numeric or value in self._words else HOLE


def _is_text(piece: Piece) -> TypeGuard[str]:
    return isinstance(piece, str)


def _letters(message: Message) -> int:
    return sum(sum(map(str.isalpha, piece)) for piece in message if isinstance(piece, str))


@functools.cache
def _pattern(message: Message) -> re.Pattern[str]:
    gaps = {True: f"({NUMBER})", False: "(.*?)"}
    parts = (re.escape(piece) if isinstance(piece, str) else gaps[piece.numeric] for piece in message)
    return re.compile("".join(parts), re.DOTALL)


# Reading the source


def program_text(*places: str) -> Iterator[str]:
    """The source of these files and folders of the program."""
    for place in places:
        for file in _files(ROOT / place):
            yield file.read_text("utf-8")


def module_text(name: str) -> str | None:
    """The source of one module, such as "daemon.wake.engine"; None if the program has none of that name."""
    if not re.fullmatch(r"(?:daemon|hardware)(?:\.[a-z_]+)+", name):
        return None
    file = ROOT.joinpath(*name.split(".")).with_suffix(".py")
    return file.read_text("utf-8") if file.is_file() else None


def _files(place: Path) -> list[Path]:
    return sorted(place.rglob("*.py")) if place.is_dir() else [place] if place.is_file() else []


def strings_of(source: str) -> Iterator[Message]:
    """Every string in a module's source that is no docstring: a message, a part of one, or something else."""
    left: list[ast.AST] = [ast.parse(source)]
    while left:
        node = left.pop()
        match node:
            case ast.JoinedStr(values=values):
                yield tuple(_piece(value) for value in values)
                left += [value for value in values if not isinstance(value, ast.Constant)]
            case ast.Constant(value=str(text)):
                yield (text,)
            case ast.Expr(value=ast.Constant()):
                pass  # a docstring
            case _:
                left += ast.iter_child_nodes(node)


def _piece(node: ast.expr) -> Piece:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(format_spec=ast.JoinedStr(values=[ast.Constant(value=str(spec))])):
            return Gap(numeric=_NUMERIC_SPEC.fullmatch(spec) is not None)
    return Gap()


def log_messages(source: str) -> Iterator[Message]:
    """What a module's source gives to its logger, as it is formatted with %."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="log" | "_log"), attr=method),
                args=[ast.Constant(value=str(text)), *_],
            ) if method in _LOG_METHODS:
                yield tuple(_percent_pieces(text))


def _percent_pieces(text: str) -> Iterator[Piece]:
    end = 0
    for place in _PERCENT.finditer(text):
        if before := text[end : place.start()]:
            yield before
        yield Gap(numeric=place[1] in set("dgfe")) if place[1] else "%"
        end = place.end()
    if rest := text[end:]:
        yield rest


def names_of(source: str) -> Iterator[str]:
    """Keywords and words in quotes in a module's source: what its checks and their facts may be called."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.keyword(arg=str(name)) | ast.Constant(value=str(name)) if re.fullmatch(r"[a-z][a-z0-9_-]+", name):
                yield name


def functions_of(source: str) -> frozenset[str]:
    """The names of a module's functions, for the frames of a traceback."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return frozenset(node.name for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)) | {"<module>"}
