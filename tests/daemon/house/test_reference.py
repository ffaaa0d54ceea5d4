"""What is made from the models: the page and the schema, current and whole."""

import json
from pathlib import Path

import pytest

from daemon.house.reference import PAGE_FILE, SCHEMA_FILE, settings_page, write
from daemon.house.settings import Settings
from daemon.settings.json_schema import schema, schema_text

ROOT = Path(__file__).parents[3]
SCHEMA = schema(Settings)


@pytest.mark.parametrize(("file", "text"), [(SCHEMA_FILE, schema_text(Settings)), (PAGE_FILE, settings_page())])
def test_the_committed_files_are_current(file: Path, text: str) -> None:
    assert (ROOT / file).read_text(encoding="utf-8") == text, "run `python -m daemon.house.reference`"


def test_both_files_are_written(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    write(tmp_path)
    assert json.loads((tmp_path / SCHEMA_FILE).read_text(encoding="utf-8")) == SCHEMA
    assert (tmp_path / PAGE_FILE).read_text(encoding="utf-8").startswith("# Settings\n")


def test_the_page_has_a_row_for_every_key() -> None:
    page = settings_page()
    properties = [item for table in SCHEMA["definitions"].values() for item in table["properties"].items()]
    keys = {name for name, detail in properties if "$ref" not in {**detail, **detail.get("items", {})}}
    assert [key for key in sorted(keys) if f"| `{key}` |" not in page] == []
    assert "| `pin` | whole number | must be given | 0 to 27 |" in page
    assert "| `max_level` | number | `1.0` | above 0 to 1 |" in page
    assert "## [live.credential]" in page
    assert "## [[device]]" in page
    assert "## [[volume.largest]]" in page
