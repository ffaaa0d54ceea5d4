"""What the local brain says of its loudness and of being left alone, made from what the tools answered."""

from datetime import datetime
from typing import Final

from daemon.brain.replies import OKAY, Answer, refusal, sentence_of
from daemon.brain.time_replies import moment_of

TALKING_AGAIN: Final = "Good, I talk again."

_WHOSE: Final = {"alarm": "the volume of alarms", "announcements": "the volume of announcements"}


def volume_is(of: str, answer: Answer) -> str:
    """The volume as the tool read it back, and that it is the largest if it is."""
    if "error" in answer:
        return refusal(answer)
    percent, largest = answer.get("percent"), answer.get("largest")
    if not isinstance(percent, int | float):
        return OKAY
    most = ", which is the most that is allowed now" if percent == largest and percent < 100 else ""
    return sentence_of(f"{_WHOSE.get(of, 'the volume')} is {percent:g} percent{most}")


def quiet_until(asked: str, answer: Answer, now: datetime) -> str:
    """That nobody is disturbed, and until when: as the tool says, else as was `asked` (local ISO time, or "")."""
    if "error" in answer:
        return refusal(answer)
    until = next((answer[key] for key in ("until", "due") if answer.get(key)), asked)
    when = moment_of({"due": until}, now)
    return sentence_of(f"I will not disturb you{' until ' + when.removeprefix('at ') if when else ''}")


def talking_again(answer: Answer) -> str:
    """That the quiet is over."""
    return refusal(answer) if "error" in answer else TALKING_AGAIN
