"""A pytest plugin for Google's own live tests: points their clients at $GOOGLE_GEMINI_BASE_URL, which they ignore."""

import os

import pytest


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Put options of ours in the place of the fixture that the tests' clients are made with."""
    if "http_options" in metafunc.fixturenames:
        metafunc.parametrize("http_options", [{"base_url": os.environ["GOOGLE_GEMINI_BASE_URL"]}], ids=["local"])
