"""What is called for the sentences about sensors, and what is said of the answer."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from daemon.brain.abilities import READ_SENSOR
from daemon.brain.replies import Answer, joined, refusal, the
from daemon.brain.sensor_phrases import SensorIntent
from daemon.brain.task import Call, Task

Slots = Mapping[str, Any]

_UNITS: Final[Mapping[str, str]] = {
    "°C": "degrees",
    "%": "percent",
    "hPa": "hectopascals",
    "lx": "lux",
    "V": "volts",
    "cm": "centimetres",
}


def sensor_task(intent: SensorIntent, slots: Slots) -> Task:
    """What to do about a sentence of theirs."""
    place = slots["place"]
    wanted = {
        SensorIntent.MEASURE: slots.get("quantity", ""),
        SensorIntent.HOW_WARM: "temperature",
        SensorIntent.HOW_IT_STANDS: slots.get("standing", ""),
        SensorIntent.MOTION: "motion",
    }[intent]
    return Task([Call(READ_SENSOR, {"sensor": place})], lambda answers: _reply(intent, place, wanted, answers[0]))


def _reply(intent: SensorIntent, place: str, wanted: str, answer: Answer) -> str:
    if "error" in answer:
        return refusal(answer)
    rows = [row for row in answer.get("readings", ()) if isinstance(row, Mapping)]
    if intent is SensorIntent.MOTION:
        rows = [row for row in rows if row.get("state") in ("motion", "still")]
    elif wanted and intent is SensorIntent.HOW_IT_STANDS:
        rows = [row for row in rows if "state" in row]
    elif wanted:
        rows = [row for row in rows if row.get("quantity") == wanted or "error" in row]
    if not rows:
        return f"I can't measure that: there is nothing for it in {the(place)}."
    return _told(rows, wanted if intent in (SensorIntent.HOW_IT_STANDS, SensorIntent.MOTION) else "")


def _told(rows: Iterable[Mapping[str, Any]], asked: str) -> str:
    rows = list(rows)
    failed = " ".join(refusal(row) for row in rows if "error" in row)
    said = joined([_described(row) for row in rows if "error" not in row])
    if asked and len(rows) == 1 and not failed:
        said = f"{'yes' if rows[0]['state'] == asked else 'no'}, {said}"
    sentence = f"{said[:1].upper()}{said[1:]}." if said else ""
    return " ".join(part for part in (sentence, failed) if part)


def _described(row: Mapping[str, Any]) -> str:
    name = the(str(row["sensor"]))
    if "state" in row:
        return f"{name} sees {_SEEN[row['state']]}" if row["state"] in _SEEN else f"{name} is {row['state']}"
    return f"{name} says {_number(row['value'])} {_UNITS.get(row['unit'], row['unit'])}"


_SEEN: Final = {"motion": "somebody", "still": "nobody"}


def _number(value: float) -> str:
    """To a tenth; the sign as a word, for a voice leaves it out."""
    return f"{'minus ' if round(value, 1) < 0 else ''}{abs(round(value, 1)):g}"
