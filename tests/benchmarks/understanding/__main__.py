"""Prints, for each language and each half of its list, how much was right, done, and wrongly done, and by whom.

* *right*: one of the outcomes that were wanted came of it
* *done*: of the sentences that have to be done or answered
* *wrong acts*: something was done that nobody had asked for
"""

import argparse
import asyncio
import logging
from collections.abc import Mapping, Sequence

from daemon.brain.nearest import Nearest
from daemon.brain.sentence_vectors import installed
from tests.benchmarks.understanding.contestants import Contestant, contestants
from tests.benchmarks.understanding.house import House
from tests.benchmarks.understanding.lists import COUNTED, HALVES, LANGUAGES, PARTS, Part, Said, Verdict, judged, said


def main(arguments: Sequence[str] | None = None) -> None:
    """`python -m tests.benchmarks.understanding [--misses] [--language de] [--half HALF]`."""
    words = argparse.ArgumentParser(prog="python -m tests.benchmarks.understanding")
    words.add_argument(
        "--misses", action="store_true", help="print what went wrong, too; never of the half that is only counted"
    )
    words.add_argument("--language", choices=LANGUAGES, action="append")
    words.add_argument("--half", choices=PARTS, action="append")
    words.add_argument("--only", action="append", help="one contestant")
    words.add_argument("--spoken", metavar="VOICE", help='as a voice is heard: "slt", "pico", "rhvoice Slt"')
    options = words.parse_args(arguments)
    logging.disable(logging.INFO)
    measure = spoken_by(options.spoken) if options.spoken else contestants()
    for name, contestant in measure.items():
        if not options.only or name in options.only:
            for language in options.language or (("en",) if options.spoken else LANGUAGES):
                for half in options.half or HALVES:
                    _report(name, contestant, said(language, half), half, misses=options.misses)


def spoken_by(voice: str) -> Mapping[str, Contestant]:
    """The local brain with its ears."""
    from tests.benchmarks.understanding.aloud import hearing

    return {f"heard {voice}": hearing(voice, Nearest.loaded() if installed() else None)}


def _report(name: str, contestant: Contestant, sentences: Sequence[Said], half: Part, *, misses: bool) -> None:
    verdicts = [measured(contestant, one) for one in sentences]
    print(f"{name:14} {sentences[0].language:6} {half:15} {_counts(sentences, verdicts)}")
    if misses and half not in COUNTED:
        for one, verdict in zip(sentences, verdicts, strict=True):
            if not verdict.right:
                print(f"    {'ACT ' if verdict.wrong_act else ''}{one.text!r}: wanted {one.outcomes}; {verdict.what}")


def _counts(sentences: Sequence[Said], verdicts: Sequence[Verdict]) -> str:
    to_do = sum(one.to_be_done for one in sentences)
    right, done = sum(one.right for one in verdicts), sum(one.done for one in verdicts)
    acts, answers = sum(one.wrong_act for one in verdicts), sum(one.wrong_answer for one in verdicts)
    return (
        f"right {right:3}/{len(verdicts)} {right / len(verdicts):4.0%}   done {done:3}/{to_do} {done / to_do:4.0%}   "
        f"wrong acts {acts:2}   wrong answers {answers:2}"
    )


def measured(contestant: Contestant, one: Said) -> Verdict:
    """What came of it, in a house of its own."""
    house = House(one.language)
    return judged(one, house, asyncio.run(contestant(one.text, house)))


if __name__ == "__main__":
    main()
