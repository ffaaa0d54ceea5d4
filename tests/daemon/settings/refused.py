"""What is wrong with a document of the settings, by the place of each error."""

from typing import Any

import pytest
from pydantic import ValidationError

from daemon.house.settings import Settings


def errors_of(document: dict[str, Any]) -> dict[tuple[str | int, ...], str]:
    with pytest.raises(ValidationError) as raised:
        Settings.model_validate(document, by_name=False)
    return {details["loc"]: details["msg"] for details in raised.value.errors()}
