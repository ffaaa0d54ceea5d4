"""The echo return loss on disk: written by the doctor, who is root, read by the service and by who asks.

What is damaged, or of somebody who has no business there, is as if it were not there.
"""

from __future__ import annotations

import json
import logging
import math
import stat
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from daemon.files import KB, FileTrouble, read_regular
from daemon.hearing.return_loss import MeasuredWith, ReturnLoss
from daemon.replaced_files import replace_content

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from pathlib import Path

FILE: Final = "echo-return-loss.json"
LARGEST_BYTES: Final = 4 * KB
FORM: Final = 1
READABLE: Final = 0o644
"""There is nothing in it that is anybody's; the service is another user than who writes it."""
LARGEST_DB: Final = 144.0
"""What 24 bits can tell apart."""

log = logging.getLogger(__name__)


def keep(record: ReturnLoss, folder: Path) -> None:
    """Put it in the place of what was there. Raises OSError, also where there is no such folder."""
    text = json.dumps({"form": FORM, "loss_db": record.loss_db, "at": record.at.isoformat(), "by": asdict(record.by)})
    replace_content(folder / FILE, text.encode(), READABLE)


def forget(folder: Path) -> None:
    """What was measured counts no more. Raises OSError."""
    (folder / FILE).unlink(missing_ok=True)


def on_record(folder: Path) -> ReturnLoss | None:
    """What is on record in the state folder; None if nothing that can be believed. Never raises."""
    path = folder / FILE
    try:
        _check_trusted(path.lstat(), folder.stat().st_uid)
        return _parsed(json.loads(read_regular(path, LARGEST_BYTES)))
    except FileNotFoundError:
        return None
    except (OSError, FileTrouble, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        log.debug("%s is not believed: %r", path, error)
        return None


def _check_trusted(status: os.stat_result, owner: int) -> None:
    """A file itself, which root wrote or whose the state is, and nobody else may write. Raises ValueError."""
    ours = status.st_uid in {0, owner}
    if not ours or not stat.S_ISREG(status.st_mode) or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ValueError("its kind, its owner or its mode")


def _parsed(told: Mapping[str, Any]) -> ReturnLoss:
    """Raises ValueError, TypeError or KeyError for what we do not write."""
    loss_db, at, by = told["loss_db"], datetime.fromisoformat(told["at"]), MeasuredWith(**told["by"])
    numbers = [loss_db, by.gain_db, by.channel]
    if told["form"] != FORM or at.tzinfo is None or any(type(one) not in {int, float} for one in numbers):
        raise ValueError("its form")
    if not all(isinstance(one, str) for one in (by.microphone, by.speaker, by.echo)):
        raise ValueError("its names")
    if not all(math.isfinite(one) for one in numbers) or abs(loss_db) > LARGEST_DB:
        raise ValueError("its figures")
    return ReturnLoss(float(loss_db), at, by)
