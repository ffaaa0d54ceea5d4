"""How loud, and by which card."""

from typing import Any

import pytest
from pydantic import ValidationError

from daemon.speech.settings import SpeakerSettings


@pytest.mark.parametrize(
    "table",
    [{"volume": 1.01}, {"volume": True}, {"volume": float("nan")}, {"device": ""}, {"device": "a\0"}, {"channels": 9}],
)
def test_what_no_speaker_can_be(table: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SpeakerSettings.model_validate(table)
