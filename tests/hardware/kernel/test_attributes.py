"""Files of the kernel: a number, or what is wrong instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hardware.errors import DeviceMissing, HardwareError
from hardware.kernel.attributes import number_of, text_of, the_one

if TYPE_CHECKING:
    from pathlib import Path


def test_a_number_and_a_word(tmp_path: Path) -> None:
    file = tmp_path / "temp"
    file.write_text(" -12.5 \n")
    assert number_of(file, "it") == -12.5
    assert text_of(file, "it") == "-12.5"


def test_what_is_gone_and_what_is_none(tmp_path: Path) -> None:
    with pytest.raises(DeviceMissing, match="it is not there any more"):
        number_of(tmp_path / "none", "it")
    (tmp_path / "temp").write_text("warm")
    with pytest.raises(HardwareError, match="nothing that is a number"):
        number_of(tmp_path / "temp", "it")


def test_the_one_that_is_meant(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    assert the_one([one], "", "it", "fix") == one
    assert the_one([one, other], "other", "it", "fix") == other
    with pytest.raises(DeviceMissing):
        the_one([one], "other", "it", "fix")
    with pytest.raises(HardwareError, match="is one of 2"):
        the_one([one, other], "", "it", "fix")
