"""The rows of Google's own SDKs: tests/system/conformance, which is part of the default tests as well."""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from tests.clients.catalogue import ROOT
from tests.clients.table import Row

CONFORMANCE: Final = ROOT / "tests" / "system" / "conformance"

BROWSER: Final = "PIPIT_BROWSER"
"""Names the browser for the tests that need one."""

SDKS: Final = {
    "test_google_genai": "google-genai",
    "test_js_sdk": "@google/genai",
    "test_browser": "@google/genai",
    "test_through_a_home_server": "google-genai",
}
"""Whose tests are in which module."""


def sdk_rows(folder: Path) -> list[Row]:
    """A row for each of the tests, those in a browser if there is a Chromium; the report and the log go to `folder`."""
    report, log = folder / "conformance.xml", folder / "conformance.log"
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", "-p", "no:cacheprovider", str(CONFORMANCE)]
    browser = os.environ.get(BROWSER) or shutil.which("chromium") or ""
    if not browser:
        command.append(f"--ignore={CONFORMANCE / 'test_browser.py'}")
    report.unlink(missing_ok=True)
    with log.open("wb") as file:
        subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | {BROWSER: browser, "PIPIT_THOROUGH": "yes"},
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if not report.exists():
        return [
            Row(client, _version(client), "tests", "FAIL", f"pytest did not run, see {log}")
            for client in dict.fromkeys(SDKS.values())
        ]
    return rows_of(report.read_text(), log)


def rows_of(report: str, log: Path) -> list[Row]:
    """The rows of a report in pytest's XML; a test that was skipped has not passed."""
    rows = []
    for case in ElementTree.fromstring(report).iter("testcase"):  # noqa: S314 (pytest wrote it)
        client = SDKS[case.attrib["classname"].rpartition(".")[2]]
        problems = [child.tag for child in case if child.tag in {"failure", "error", "skipped"}]
        name = case.attrib["name"].removeprefix("test_")
        note = f"{problems[0]}, see {log}" if problems else ""
        rows.append(Row(client, _version(client), name, "FAIL" if problems else "pass", note))
    return rows


def _version(client: str) -> str:
    """The version of the Python SDK that is installed, or of the JavaScript one that is locked."""
    if client == "google-genai":
        return version(client)
    lock = json.loads((CONFORMANCE / "js_sdk" / "package-lock.json").read_text())
    return str(lock["packages"][f"node_modules/{client}"]["version"])
