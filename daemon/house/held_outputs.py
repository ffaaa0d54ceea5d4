"""Which outputs the running service holds, noted in its runtime directory for `pipit safe` to find after a crash.

The settings may have been changed or broken since the process started that died; the note says what it switched.
"""

from __future__ import annotations

import errno
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from daemon.abilities.devices.kinds.keys import PINS
from daemon.abilities.devices.settings import DeviceSettings
from daemon.controls.indicator_settings import IndicatorSettings
from daemon.controls.settings import GpioSettings
from daemon.files import FileTrouble, read_regular
from daemon.house.settings import Settings
from daemon.replaced_files import replace_content

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTE: Final = "outputs.json"
LARGEST_BYTES: Final = 2**20
"""Of a note; one output takes a hundred."""
_DEVICE: Final = frozenset({"name", "kind", "active", "safe", *PINS})
_NOTED: Final[dict[str, Any]] = {"gpio": True, "indicator": True, "devices": {"__all__": set(_DEVICE)}}
"""What it takes to make the outputs safe, and nothing else of the settings."""

_Table = TypeVar("_Table", DeviceSettings, GpioSettings, IndicatorSettings)

log = logging.getLogger(__name__)


def note_outputs(settings: Settings, environ: Mapping[str, str]) -> None:
    """Write down how the outputs are reached and made safe, whole or not at all; not outside a service.

    A runtime directory that cannot be written is no reason not to start: `pipit safe` then goes by the settings.
    """
    if not (note := _place(environ)):
        return
    text = settings.model_dump_json(by_alias=True, include=_NOTED, exclude_defaults=True)
    try:
        replace_content(note, text.encode())
    except OSError as error:
        log.warning("which outputs are held cannot be noted in %s: %s", note, error.strerror)


def noted_outputs(environ: Mapping[str, str]) -> Settings | None:
    """Settings with nothing but those outputs; None where no service noted any that can be read.

    Each is taken by itself, whatever the rules of this release say of them together or of the others: an upgrade may
    have come between, and what was switched on is to be switched off.
    """
    if not (note := _place(environ)):
        return None
    try:
        document = json.loads(read_regular(note, LARGEST_BYTES))
        return _outputs_of(document if isinstance(document, dict) else {})
    except (FileTrouble, ValueError, RecursionError) as error:
        if not (isinstance(error, FileTrouble) and error.number in {errno.ENOENT, errno.ENOTDIR}):
            log.warning("the note of held outputs, %s, cannot be used: %s", note, type(error).__name__)
        return None


def _outputs_of(document: Mapping[str, Any]) -> Settings:
    """Raises ValueError if it holds no output."""
    rows = document.get("device")
    devices = [device for row in (rows if isinstance(rows, list) else ()) if (device := _device(row))]
    indicator = _read(IndicatorSettings, document.get("indicator")) or IndicatorSettings()
    if not devices and not indicator.shines:
        raise ValueError("no outputs")
    gpio = _read(GpioSettings, document.get("gpio")) or GpioSettings()
    return Settings.model_construct(gpio=gpio, indicator=indicator, devices=tuple(devices))


def _device(row: Any) -> DeviceSettings | None:
    """It, if it can be read, if need be without a name that is allowed no more."""
    if isinstance(row, dict):
        known = {name: row[name] for name in _DEVICE & row.keys()}
        for table in known, {**known, "name": "output"}:
            if device := _read(DeviceSettings, table):
                return device
    log.warning("one of the noted outputs cannot be read")
    return None


def _read(kind: type[_Table], table: Any) -> _Table | None:
    """As far as this release knows what is in it."""
    if not isinstance(table, dict):
        return None
    try:
        return kind.model_validate({name: table[name] for name in kind.model_fields.keys() & table.keys()})
    except ValueError:
        return None


def _place(environ: Mapping[str, str]) -> Path | None:
    """In the folder that systemd made for the service (`RuntimeDirectory=`), which goes when the service does."""
    folder = environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    return Path(folder, NOTE) if folder else None
