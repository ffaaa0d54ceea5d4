"""Files of settings for each test."""

from pathlib import Path

import pytest

from tests.daemon.settings.files import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes pipit.toml, and drop-ins by name, and returns the path of the first."""

    def write(text: str | bytes, **drop_ins: str) -> Path:
        path = tmp_path / "pipit.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        for name, drop_in in drop_ins.items():
            (tmp_path / "conf.d").mkdir(exist_ok=True)
            (tmp_path / "conf.d" / f"{name}.toml").write_text(drop_in, encoding="utf-8")
        return path

    return write
