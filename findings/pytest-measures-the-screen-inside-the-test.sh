#!/usr/bin/env bash
# A test that sets COLUMNS for what it tries out, by pytest's own monkeypatch, which takes it back at the end of the test.
#
# The good guess: that is the environment of the test, and the report of the run looks the same with it and without.
# Seen with pytest 9.2.0: the screen is measured anew for each thing that is reported, and the result of a test is reported
# before its fixtures are taken back. So the line of that one test is as wide as the test said: its percentage ends at the
# 199th column, and the others' at the 79th.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pytest==9.2.0
cat >"$folder/test_widths.py" <<'PYTHON'
def test_before():
    pass


def test_that_sets_it(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")


def test_after():
    pass
PYTHON
cd "$folder"
COLUMNS=80 "$folder/venv/bin/python" -m pytest -v -p no:cacheprovider test_widths.py >"$folder/report"
"$folder/venv/bin/python" - "$folder/report" <<'PYTHON'
import sys
from pathlib import Path

import pytest

widths = [len(line) for line in Path(sys.argv[1]).read_text().splitlines() if "PASSED" in line]
print(f"pytest {pytest.__version__}: lines of {widths} columns")
if widths != [79, 199, 79]:
    sys.exit("this has changed")
PYTHON
