"""Reads a scenario from TOML. Every problem is reported, with the turn or connection and the key it is in."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated, Any, Final, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Tag, ValidationError

from daemon.errors import SettingsError, one_line
from daemon.files import MB, FileTrouble, read_regular
from daemon.offline.rehearsal.scenario import Call, Hear, Say, Scenario, WhenAnswered, acts
from daemon.offline.service.faults import (
    AbortSocket,
    CancelledCall,
    CloseSocket,
    CompleteLate,
    ConnectionFaults,
    CutSound,
    EndUtterance,
    Fault,
    GoAway,
    Omit,
    PhantomInterrupted,
    SendFrame,
    SendRaw,
    Stall,
    Wait,
)
from daemon.offline.service.server_options import ServerOptions

MANUAL: Final = "see docs/scenarios.md"


def _verb(step: Any) -> str | None:
    """The key by which a step is known."""
    if not isinstance(step, Mapping):
        return None
    return next((verb for verb in step if verb in _VERBS), None)


_FileStep = Annotated[
    Annotated[Hear, Tag("hear")]
    | Annotated[Say, Tag("say")]
    | Annotated[Call, Tag("call")]
    | Annotated[WhenAnswered, Tag("when_answered")]
    | Annotated[Wait, Tag("wait_ms")]
    | Annotated[SendRaw, Tag("raw")]
    | Annotated[SendFrame, Tag("frame")]
    | Annotated[GoAway, Tag("go_away_s")]
    | Annotated[PhantomInterrupted, Tag("interrupted")]
    | Annotated[EndUtterance, Tag("turn_complete")]
    | Annotated[CompleteLate, Tag("complete_after_ms")]
    | Annotated[CutSound, Tag("chunk_ms")]
    | Annotated[Omit, Tag("omit")]
    | Annotated[CancelledCall, Tag("cancelled_call")]
    | Annotated[CloseSocket, Tag("close")]
    | Annotated[AbortSocket, Tag("abort")]
    | Annotated[Stall, Tag("stall")],
    Discriminator(_verb),
]
_VERBS: Final = {fields(get_args(kind)[0])[0].name for kind in get_args(get_args(_FileStep)[0])}


_Step = Hear | Say | Call | WhenAnswered | Fault


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


def _in_acts(steps: list[_Step]) -> list[_Step]:
    """`steps`, if they make a turn; ValueError if not."""
    acts(steps)
    return steps


class _Turn(_Table):
    steps: Annotated[list[_FileStep], AfterValidator(_in_acts)]


LARGEST_BYTES: Final = 16 * MB


class _File(_Table):
    turn: list[_Turn] = []
    connection: list[ConnectionFaults] = []
    server: ServerOptions = ServerOptions()


def load_scenario(path: Path) -> Scenario:
    """The scenario in the file at `path`; sound files are looked for beside it. Raises SettingsError."""
    try:
        content = _File.model_validate(tomllib.loads(read_regular(path, LARGEST_BYTES).decode("utf-8")))
    except FileTrouble as trouble:
        what = one_line(f"{path}: {trouble.what}. Fix: name a scenario file that can be read")
        raise SettingsError(what, fix=MANUAL) from trouble
    except ValidationError as error:
        problems = [f"{path}: {_place(item['loc'])}: {_message(item)}. Fix: {MANUAL}" for item in error.errors()]
        raise SettingsError("\n".join(map(one_line, problems)), fix=MANUAL) from error
    except (ValueError, RecursionError) as error:  # TOML's, UTF-8's, and of numbers of thousands of digits int()'s
        what = one_line(f"{path}: not TOML: {error}. Fix: correct it there")
        raise SettingsError(what, fix=MANUAL) from error
    turns = [[_with_folder(step, path.parent) for step in turn.steps] for turn in content.turn]
    missing = [
        step.wav for turn in turns for step in turn if isinstance(step, Say) and step.wav and not step.wav.is_file()
    ]
    if missing:
        problems = [f"{path}: wav: there is no file {wav}. Fix: paths are relative to the scenario" for wav in missing]
        raise SettingsError("\n".join(map(one_line, problems)), fix=MANUAL)
    return Scenario(turns, content.connection, content.server)


def _with_folder(step: _Step, folder: Path) -> _Step:
    """A step whose sound file, if it has one, is found from anywhere."""
    return replace(step, wav=folder / step.wav) if isinstance(step, Say) and step.wav else step


def _place(location: Sequence[int | str]) -> str:
    """`('turn', 0, 'steps', 2, 'say', 'tone_s')` as "turn 1, step 3, tone_s"."""
    words: list[str] = []
    previous: int | str = ""
    for part in location:
        if isinstance(part, int):
            words[-1] = f"{words[-1].removesuffix('s')} {part + 1}"
        elif not (isinstance(previous, int) and part in _VERBS):
            words.append(part)
        previous = part
    return ", ".join(words)


def _message(problem: Any) -> str:
    """Our own message, or pydantic's in the style of ours."""
    if problem["type"] == "union_tag_not_found":
        return f"no step of a scenario; a step has one of the keys {', '.join(sorted(_VERBS))}"
    if problem["type"] in {"unexpected_keyword_argument", "extra_forbidden"}:
        return "unknown key"
    text: str = problem["msg"]
    if problem["type"] == "value_error":
        return text.removeprefix("Value error, ")
    return f"{text[0].lower()}{text[1:]}"
