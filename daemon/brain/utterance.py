"""What was heard of one utterance."""

from dataclasses import dataclass

from daemon.brain.recognition.grammar import Sentence


@dataclass(frozen=True)
class Utterance:
    """The words, the sentence of the English grammar that they are, if any, and what was nearly heard instead.

    `free` is what was read without the grammar, of English speech alone: the words may be those of the grammar.
    """

    words: str
    sentence: Sentence | None = None
    others: tuple[str, ...] = ()
    free: str = ""
