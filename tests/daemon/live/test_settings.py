"""Who has the key: a file or a broker, and what belongs to which."""

from typing import Any

import pytest
from pydantic import ValidationError

from daemon.live.settings import CredentialSettings


@pytest.mark.parametrize(
    "table",
    [
        {"file": "/k", "broker": "https://b:8444"},
        {"broker": "http://b:8444"},
        {"broker": "https://u:p@b:8444"},
        {"broker": "https://a..b:8444"},
        {"broker": "https://" + "b" * 64},
        {"broker": "https://b:8444\n"},
        {"secret_file": "/s"},
        {"broker_ca_file": "/c"},
    ],
)
def test_what_does_not_go_together_is_refused(table: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CredentialSettings.model_validate(table)


def test_an_address_has_no_slash_at_its_end() -> None:
    assert CredentialSettings(broker="https://b:8444/").broker == "https://b:8444"
