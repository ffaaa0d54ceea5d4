"""Pins to play on."""

from collections.abc import Iterator

import pytest
from gpiozero.pins.mock import MockFactory

from hardware.header.factory import pin_factory


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    factory = pin_factory("mock")
    yield factory
    factory.close()
