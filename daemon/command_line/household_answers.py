"""What the running appliance answered, for people: aligned, one line a thing, and nothing that a terminal obeys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from daemon.command_line.duration_argument import shown_duration
from daemon.errors import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Answer = Mapping[str, Any]

_NAMES: Final = {"next_timer_s": "next timer"}


def of_status(answer: Answer) -> list[str]:
    """What the appliance tells of itself, as far as this release knows it or not."""
    told = {name: value for name, value in answer.items() if name != "ok" and value is not None}
    return aligned([[_NAMES.get(name, name), _shown(name, value)] for name, value in told.items()])


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{of} {percent} %" for of, percent in value.items())
    return f"in {shown_duration(value)}" if name == "next_timer_s" else str(value)


def of_mute(answer: Answer) -> list[str]:
    return ["the microphone is closed" if answer["muted"] else "the microphone is open"]


def of_volumes(answers: Sequence[Answer]) -> list[str]:
    return aligned([[one["of"], f"{one['percent']} %", _limit(one), one.get("note", "")] for one in answers])


def _limit(answer: Answer) -> str:
    largest = answer.get("largest", 100)
    return f"at most {largest} %" if largest < 100 else ""


def of_timer(answer: Answer) -> list[str]:
    """One that was set."""
    named = f"{answer['kind']} {answer['number']}" + (f" ({answer['name']})" if answer.get("name") else "")
    lost = [one_line(f"but {answer['warning']}")] if answer.get("warning") else []
    return [one_line(f"{named}: {answer['due_in_words']}, in {shown_duration(answer['left_s'])}"), *lost]


def of_timers(answer: Answer) -> list[str]:
    return aligned([_row(timer) for timer in answer["timers"]]) or ["there is none"]


def _row(timer: Answer) -> list[str]:
    about = [timer.get("name") or timer.get("text") or timer.get("device") or "", timer.get("state_wanted") or ""]
    left = timer.get("left_s")
    when = [str(timer.get("due") or "")[:16].replace("T", " "), "" if left is None else f"in {shown_duration(left)}"]
    return [
        *(str(timer["number"]), str(timer["kind"]), " ".join(filter(None, about)), *when),
        *(str(timer["state"]), timer.get("repeat") or ""),
    ]


def of_change(answer: Answer) -> list[str]:
    """What was changed, as it stands now; else whatever the tool says besides that it is done."""
    change, changed = answer.get("change"), answer.get("changed")
    if change == "cancel" and isinstance(changed, list):
        return aligned([["cancelled", *_row(timer)[:3]] for timer in changed])
    if isinstance(changed, list):
        return aligned([_row(timer) for timer in changed])
    told = {name: value for name, value in answer.items() if name != "ok" and isinstance(value, str | int | float)}
    return aligned([[name.replace("_", " "), str(value)] for name, value in told.items()]) or ["done"]


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Each row a line, with its columns below each other."""
    shown = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True) if width).rstrip() for row in shown
    ]


def of_devices(answer: dict[str, Any]) -> list[str]:
    """A line each: its name, how it stands where that was read, and what else there is to say."""
    devices = [_device(dict(row)) for row in answer["devices"]]
    return [*devices, *(_reading(dict(row)) for row in answer.get("readings", ()))] or ["there are no devices"]


def _reading(row: dict[str, Any]) -> str:
    """What a sensor measures or how it stands, or what is wrong with it."""
    said = row.get("error") or row.get("state") or f"{row['quantity']} {row['value']:g} {row['unit']}"
    return one_line(f"{row['sensor']}: {said}")


def _device(row: dict[str, Any]) -> str:
    name, state = row.pop("device"), row.pop("state", "")
    about = [f"{key.replace('_', ' ')} {_told(value)}" for key, value in row.items() if value is not True]
    about += [key.replace("_", " ") for key, value in row.items() if value is True]
    return one_line(f"{name}: {', '.join([*([state] if state else []), *about])}")


def _told(value: object) -> str:
    return (
        ", ".join(map(str, value))
        if isinstance(value, list)
        else f"{value:g}"
        if isinstance(value, float)
        else f"{value}"
    )
