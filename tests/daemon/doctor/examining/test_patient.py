from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from daemon.doctor.examining.patient import this_machine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("text", "usable"), [("", True), ("[wake]\nthreshold = 7\n", False)])
def test_this_machine_has_the_settings_if_they_can_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, *, usable: bool
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    path = tmp_path / "pipit.toml"
    path.write_text(text)
    site = this_machine(path, consent=True)
    assert (site.settings is not None) is usable
    assert site.consent
    assert site.run(["ldconfig", "--version"]).ok, "a program for administrators, which users do not have on their path"
    assert site.is_root is (os.geteuid() == 0)
    assert str(site.root) == "/"
