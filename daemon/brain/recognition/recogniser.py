"""Speech recognition in two readings of one utterance: freely, and as a sentence of a closed grammar.

A closed grammar always fits somehow, so its reading counts only if the free reading is not much likelier, and if no
sentence of another meaning is nearly as likely.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Final, NamedTuple

from daemon.brain.recognition.forks import Fork, Step, behind_with, forks_of, nearly_heard
from daemon.brain.recognition.grammar import Automaton, Grammar, Sentence, State
from daemon.brain.recognition.loudness import without_quiet_edges
from daemon.brain.recognition.mistakable import with_counterparts
from daemon.brain.recognition.moonshine import LONGEST_SAMPLES, Beginning, LogProbabilities, Moonshine, missing_model
from daemon.brain.recognition.vocabulary import END, VOCABULARY_FILE, Vocabulary
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples

LARGEST_MARGIN: Final = 6.0
"""By how much, in nats, the free reading may be likelier (tests/benchmarks/test_recogniser.py, docs/benchmarks.md)."""

SMALLEST_LEAD: Final = 2.0
"""By how much, in nats, a sentence must be likelier than any of another meaning (same source)."""

SMALLEST_SHARE: Final = 0.5
"""How long a sentence must be, in pieces, as a part of the free reading: a short one is likelier than any long text."""

BEAM_WIDTH: Final = 8

_PIECES_PER_S: Final = 6.5
"""More is the network repeating itself: the limit that Moonshine's authors recommend (README of moonshine)."""

_SENTENCE_MARKS: Final = ".?!"


@dataclass(frozen=True)
class Transcript:
    """The free reading; `log_probability` in nats, of all `tokens`."""

    text: str
    log_probability: float
    tokens: tuple[int, ...]


@dataclass(frozen=True)
class Match:
    """The likeliest sentence of the grammar, and how sure that is; without a rival in reach the lead is infinite."""

    sentence: Sentence
    text: str
    margin: float
    lead: float
    share: float


Nearly = Callable[[bool], tuple[str, ...]]
"""Given whether what is done is seen at once."""


@dataclass(frozen=True)
class Hearing:
    """Both readings of an utterance; no `match` if the speech is not in the grammar, or not clearly.

    `nearly` tells what else the free reading may have been. It costs about as much as that: ask if something depends
    on it.
    """

    transcript: Transcript
    match: Match | None
    nearly: Nearly = field(default=lambda _: (), compare=False)


@dataclass(frozen=True)
class Strictness:
    """When a sentence of the grammar is taken for what was said."""

    largest_margin: float = LARGEST_MARGIN
    smallest_lead: float = SMALLEST_LEAD
    smallest_share: float = SMALLEST_SHARE

    def accepts(self, match: Match) -> bool:
        """Whether `match` is near enough to the free reading, clear enough and long enough."""
        return (
            match.margin <= self.largest_margin
            and match.lead >= self.smallest_lead
            and match.share >= self.smallest_share
        )


class _Hypothesis(NamedTuple):
    score: float
    row: int
    tokens: tuple[int, ...]
    state: State[int]


class Recogniser:
    """Moonshine and its vocabulary. Its methods block; several threads may share it."""

    def __init__(self, models_dir: Path, strictness: Strictness | None = None) -> None:
        """Raises ModelFileError if a file is missing from `models_dir` or is not what it should be."""
        try:
            self._vocabulary = Vocabulary((models_dir / VOCABULARY_FILE).read_bytes())
        except OSError as failure:
            raise missing_model(models_dir / VOCABULARY_FILE) from failure
        self._model = Moonshine(models_dir)
        self._strictness = strictness or Strictness()
        self._compiled: tuple[Grammar, Automaton[int]] | None = None

    def transcribe(self, samples: Samples) -> Transcript:
        """What was said, freely; `samples` at 16 kHz."""
        speech = without_quiet_edges(samples)
        beginning = self._model.begin(self._model.encode(speech))
        return self._transcript(self._read_freely(beginning, len(speech)))

    def match(self, samples: Samples, grammar: Grammar) -> Match | None:
        """The sentence of `grammar` that was said, if one was."""
        return self.hear(samples, grammar).match

    def hear(self, samples: Samples, grammar: Grammar) -> Hearing:
        """Both readings, from one encoding and one beginning."""
        speech = without_quiet_edges(samples)
        beginning = self._model.begin(self._model.encode(speech))
        steps = self._read_freely(beginning, len(speech))
        transcript = self._transcript(steps)
        match = self._match(beginning, transcript, self._automaton(grammar))
        return Hearing(transcript, match, partial(self._nearly, transcript, steps))

    def _read_freely(self, beginning: Beginning, samples: int) -> list[Step]:
        """The steps of a reading that takes the likeliest piece each time."""
        likely, memory = beginning
        steps = [Step(likely[0], memory)]
        for _ in range(1 + int(min(samples, LONGEST_SAMPLES) / CAPTURE_RATE_HZ * _PIECES_PER_S)):
            if steps[-1].taken == END:
                break
            likely, memory = self._model.step([steps[-1].taken], memory)
            steps.append(Step(likely[0], memory))
        return steps

    def _transcript(self, steps: Sequence[Step]) -> Transcript:
        tokens = tuple(step.taken for step in steps)
        likelihood = sum(step.likelihood(token) for step, token in zip(steps, tokens, strict=True))
        return Transcript(self._vocabulary.decode(tokens), likelihood, tokens)

    def _nearly(self, transcript: Transcript, steps: Sequence[Step], seen: bool) -> tuple[str, ...]:
        alike = [self._weighed(*other, steps) for other in with_counterparts(transcript.text)]
        forks = forks_of(self._model, steps, self._vocabulary.decode)
        return nearly_heard(transcript.text, [*alike, *forks], seen=seen)

    def _weighed(self, text: str, within: float, steps: Sequence[Step]) -> Fork:
        pieces = (*self._vocabulary.encode_text(text), END)
        return Fork(text, behind_with(self._model, steps, pieces), within)

    def _match(self, beginning: Beginning, transcript: Transcript, automaton: Automaton[int]) -> Match | None:
        floor = transcript.log_probability - self._strictness.largest_margin
        found = self._search(beginning, automaton, floor)
        if not found:
            return None
        best, sentence = found[0]
        rivals = (rival.score for rival, other in found if other != sentence)
        match = Match(
            sentence,
            self._vocabulary.decode(best.tokens),
            margin=transcript.log_probability - best.score,
            lead=best.score - max(rivals, default=float("-inf")),
            share=len(best.tokens) / len(transcript.tokens),
        )
        return match if self._strictness.accepts(match) else None

    def _search(
        self, beginning: Beginning, automaton: Automaton[int], floor: float
    ) -> list[tuple[_Hypothesis, Sentence]]:
        """Beam search through `automaton`: sentences likelier than `floor`, likeliest first."""
        found: list[tuple[_Hypothesis, Sentence]] = []
        likely, memory = beginning
        beam = [_Hypothesis(0.0, 0, (), automaton.start)]
        while True:
            longer = _lengthen(beam, automaton, likely, floor)
            for hypothesis in longer:
                if sentence := automaton.sentence(hypothesis.state):
                    found.append((hypothesis, sentence))
                    floor = max(floor, hypothesis.score - self._strictness.smallest_lead)
            beam = [h for h in longer if h.tokens[-1] != END and h.score >= floor][:BEAM_WIDTH]
            if not beam:
                return sorted(found, key=lambda pair: -pair[0].score)
            memory = memory.choose([h.row for h in beam])
            likely, memory = self._model.step([h.tokens[-1] for h in beam], memory)

    def _automaton(self, grammar: Grammar) -> Automaton[int]:
        compiled = self._compiled
        if compiled is None or compiled[0] != grammar:
            compiled = self._compiled = (grammar, token_automaton(grammar, self._vocabulary))
        return compiled[1]


def token_automaton(grammar: Grammar, vocabulary: Vocabulary) -> Automaton[int]:
    """`grammar` over the decoder's pieces, written as Moonshine writes: a capital first, a mark or none at the end."""

    @cache
    def spell(word: str, opens: bool) -> tuple[int, ...]:
        return vocabulary.encode(word[:1].upper() + word[1:] if opens else word)

    endings = [(*vocabulary.encode(mark), END) for mark in _SENTENCE_MARKS]
    return Automaton(grammar, spell, [*endings, (END,)])


def _lengthen(
    beam: list[_Hypothesis], automaton: Automaton[int], likely: LogProbabilities, floor: float
) -> list[_Hypothesis]:
    """Every continuation of `beam` by one piece that is likelier than `floor`, likeliest first."""
    longer = [
        _Hypothesis(score, row, (*hypothesis.tokens, token), state)
        for row, hypothesis in enumerate(beam)
        for token, state in automaton.following(hypothesis.state).items()
        if (score := hypothesis.score + float(likely[row, token])) >= floor
    ]
    return sorted(longer, key=lambda hypothesis: -hypothesis.score)
