"""What a command line says instead of the settings: validated as they are, and told in the words of the command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from daemon.errors import UsageError
from daemon.live.family import faults_of_family
from daemon.settings.problems import shown_key
from daemon.settings.wording import faults_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.house.settings import Settings


def with_live(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """`settings` with other values in `[live]`; those that are None are left as they are.

    Raises UsageError for a value that cannot be, and for one that the model's family cannot do.
    """
    given = {key: value for key, value in changes.items() if value is not None}
    try:
        live = type(settings).model_validate({"live": {**settings.live.model_dump(), **given}}).live
    except ValidationError as error:
        fault = faults_of(error, type(settings))[0]
        raise UsageError(f"--{str(fault.path[-1]).replace('_', '-')}: {fault.what}", fix=fault.fix) from None
    if given:
        for fault in faults_of_family(live):
            raise UsageError(f"{shown_key(fault.path)} does not go with {live.model}: {fault.what}", fix=fault.fix)
    return settings.model_copy(update={"live": live})
