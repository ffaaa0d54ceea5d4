"""What stands in for a module while a library is imported, and that nothing is left of it."""

import importlib
import sys

import pytest

from hardware.stand_ins import NO_METADATA, stand_ins

NOWHERE = "pipit_knows_no_such_module"


def test_a_module_that_is_not_imported_is_stood_in_for_and_gone_afterwards() -> None:
    with stand_ins({NOWHERE: {"useful": 5}, f"{NOWHERE}.part": {}}):
        module = importlib.import_module(NOWHERE)
        assert (module.useful, module.anything_else) == (5, None)
        assert importlib.import_module(f"{NOWHERE}.part").anything is None
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(NOWHERE)


def test_it_is_found_in_its_package_while_it_stands_in_and_not_afterwards() -> None:
    import urllib

    with stand_ins({NOWHERE: {}, f"{NOWHERE}.part": {"useful": 5}, "urllib.nowhere": {"useful": 6}}):
        assert vars(sys.modules[NOWHERE])["part"].useful == 5
        assert urllib.nowhere.useful == 6  # type: ignore[attr-defined]
    assert not hasattr(urllib, "nowhere")


def test_what_was_thrown_out_meanwhile_is_gone_all_the_same() -> None:
    """As by who undoes an import that failed."""
    with stand_ins({NOWHERE: {}}):
        del sys.modules[NOWHERE]
    assert NOWHERE not in sys.modules


def test_a_module_that_is_imported_already_stays() -> None:
    with stand_ins({"sys": {"path": None}}):
        assert importlib.import_module("sys") is sys
    assert sys.modules["sys"] is sys


def test_what_the_import_system_asks_for_is_not_there() -> None:
    with stand_ins({NOWHERE: {}}):
        assert not hasattr(sys.modules[NOWHERE], "__path__")


def test_nothing_is_left_when_an_import_fails() -> None:
    with pytest.raises(ModuleNotFoundError), stand_ins({NOWHERE: {}}):
        importlib.import_module(f"{NOWHERE}_either")
    assert NOWHERE not in sys.modules


def test_a_library_finds_no_plugins_and_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "importlib.metadata", raising=False)
    with stand_ins(NO_METADATA):
        metadata = importlib.import_module("importlib.metadata")
        assert list(metadata.entry_points(group="pydantic")) == []
        assert metadata.version("httpx2") == "0"
