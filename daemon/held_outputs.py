"""Which outputs the running service holds, noted in its runtime directory for `pipit safe` to find after a crash.

The settings may have been changed or broken since the process started that died; the note says what it switched.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from daemon.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTE: Final = "outputs.json"

log = logging.getLogger(__name__)


def note_outputs(settings: Settings, environ: Mapping[str, str]) -> None:
    """Write down how the outputs are reached and made safe, whole or not at all; not outside a service.

    A runtime directory that cannot be written is no reason not to start: `pipit safe` then goes by the settings.
    """
    if not (note := _place(environ)):
        return
    new = note.with_suffix(".new")
    text = settings.model_dump_json(by_alias=True, include={"gpio", "devices"}, exclude_defaults=True)
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(note)
    except OSError as error:
        log.warning("which outputs are held cannot be noted in %s: %s", note, error.strerror)


def noted_outputs(environ: Mapping[str, str]) -> Settings | None:
    """Settings with nothing but those outputs; None where no service noted any."""
    if not (note := _place(environ)):
        return None
    try:
        return Settings.model_validate_json(note.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("the note of held outputs, %s, cannot be used: %s", note, type(error).__name__)
        return None


def _place(environ: Mapping[str, str]) -> Path | None:
    """In the folder that systemd made for the service (`RuntimeDirectory=`), which goes when the service does."""
    folder = environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    return Path(folder, NOTE) if folder else None
