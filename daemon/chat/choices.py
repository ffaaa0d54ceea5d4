"""What the command line says of a session, and what becomes of it together with the settings."""

from __future__ import annotations

import errno
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

from daemon.errors import UsageError
from daemon.files import FileTrouble, expanded, read_regular
from daemon.house.overrides import with_live
from daemon.live.profiles import profile_of
from daemon.live.settings import Voice

if TYPE_CHECKING:
    from daemon.house.settings import Settings
    from daemon.live.options import LiveOptions
    from daemon.live.settings import CredentialSettings, TranscriptionSettings

_VOICES: Final = {name.casefold(): name for name in get_args(Voice)}

LONGEST_SYSTEM: Final = 20_000
"""Characters of an instruction, as in the settings."""
_BYTES_OF_A_CHARACTER: Final = 4


@dataclass(frozen=True, kw_only=True)
class Choices:
    """None and empty leave it to the settings."""

    model: str | None = None
    voice: str | None = None
    language: str | None = None
    endpoint: str | None = None
    ca_file: str | None = None
    key_file: str | None = None
    system: str | None = None
    """The system instruction, or `@` and the file that holds it."""
    written: bool = False
    """Replies are read, not heard: in text, where the model's family writes."""
    tools: bool = False
    """The model may work the devices of the settings."""
    show_wire: bool = False


def chosen(settings: Settings, choices: Choices) -> Settings:
    """The settings with what was chosen. Raises UsageError.

    A named key takes the place of a broker. Replies are put in writing whatever the settings say: somebody reads along.
    """
    named = with_live(settings, {"model": choices.model})
    response = "text" if choices.written and profile_of(named.live.model).writes else None
    own = with_live(
        settings,
        {
            "model": choices.model,
            "voice": _VOICES.get(choices.voice.casefold(), choices.voice) if choices.voice else None,
            "language": choices.language,
            "endpoint": choices.endpoint,
            "ca_file": str(Path(choices.ca_file).absolute()) if choices.ca_file else None,
            "response": response,
        },
    )
    live = own.live
    read = {"credential": _credential(live.credential, choices), "transcription": _written_down(live.transcription)}
    return own.model_copy(update={"live": live.model_copy(update=read)})


def _credential(credential: CredentialSettings, choices: Choices) -> CredentialSettings:
    # as a copy: a path may be relative on a command line
    return credential.model_copy(update={"file": choices.key_file, "broker": ""}) if choices.key_file else credential


def _written_down(transcription: TranscriptionSettings) -> TranscriptionSettings:
    return transcription.model_copy(update={"output": True})


def as_chosen(options: LiveOptions, choices: Choices) -> LiveOptions:
    """The options with the instruction that was given, which is no template as that of the settings is.

    Raises UsageError.
    """
    if choices.system is None:
        return options
    # the language of the household would be one more instruction, which nobody gave here
    return replace(options, system_instruction=system_text(choices.system), language=choices.language or "")


def system_text(system: str) -> str:
    """The instruction that `--system` gives or names. Raises UsageError."""
    text = _read(expanded(system[1:])) if system.startswith("@") else system
    if not text.isprintable() and any("\ud800" <= character <= "\udfff" for character in text):
        raise UsageError("--system: is no text in UTF-8", fix="write it in a file that is, and name it after @")
    if len(text) > LONGEST_SYSTEM:
        what = f"--system: {len(text)} characters are too many; {LONGEST_SYSTEM} may be told"
        raise UsageError(what, fix="shorten it")
    return text.strip()


def _read(path: Path) -> str:
    try:
        return read_regular(path, LONGEST_SYSTEM * _BYTES_OF_A_CHARACTER).decode("utf-8")
    except FileTrouble as trouble:
        fix = "check the path after the @" if trouble.number == errno.ENOENT else trouble.fix
        raise UsageError(f"--system: {path} {trouble.what}", fix=fix) from None
    except UnicodeDecodeError:
        raise UsageError(f"--system: {path} is no text in UTF-8", fix="save it as UTF-8") from None
