"""A pin of the header, as a setting."""

from typing import Annotated, Final

from pydantic import Field

HeaderPin = Annotated[int, Field(ge=0, le=27)]
"""The header of every Pi with 40 pins has BCM 0 to 27."""
PIN_FIX: Final = "use the BCM number, which `pinout` prints, not the number of the header pin"
