"""The catalogue, the drivers and the scenarios fit together, though most clients are not installed here."""

import ast
import re
import sys
from pathlib import Path

import pytest

from daemon.offline.rehearsal.scenario_file import load_scenario
from tests.clients.cases import CASES
from tests.clients.catalogue import CLIENTS, HERE, RESUMING, SCENARIOS, WITHOUT_SCENARIO, Client

DRIVERS = sorted(path for path in (HERE / "drivers").glob("*.py") if path.stem != "__init__")
SHARED = {"tests.clients.cases", "tests.clients.talking"}

by_client = pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
by_driver = pytest.mark.parametrize("driver", DRIVERS, ids=lambda driver: driver.stem)


def imported(tree: ast.Module) -> set[str]:
    """The modules that a program imports."""
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def reaches_inside(tree: ast.Module) -> list[str]:
    """Where a program uses a private name of something that is not its own, or puts something in another's place."""
    private = [
        f"line {node.lineno}: {node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and re.match(r"_[^_]", node.attr)
        and not (isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"})
    ]
    return private + [name for name in ("setattr", "patch", "mock") if name in ast.dump(tree)]


def test_every_client_has_its_driver_and_every_driver_its_client() -> None:
    assert [client.driver for client in CLIENTS] == [
        f"tests.clients.drivers.{path.stem}" for path in sorted(DRIVERS, key=lambda path: _place(path.stem))
    ]


def _place(module: str) -> int:
    return [client.name.replace("-", "_") for client in CLIENTS].index(module)


@by_driver
def test_a_driver_is_a_program_that_performs_cases_with_its_session(driver: Path) -> None:
    tree = ast.parse(driver.read_text())
    sessions = [node for node in tree.body if isinstance(node, ast.AsyncFunctionDef) and node.name == "session"]
    assert len(sessions) == 1
    assert [ast.unparse(decorator) for decorator in sessions[0].decorator_list] == ["asynccontextmanager"]
    assert isinstance(tree.body[-1], ast.If)
    assert ast.unparse(tree.body[-1]) == "if __name__ == '__main__':\n    perform(session, sys.argv[1])"


@by_driver
def test_a_driver_uses_the_public_side_of_its_client_alone(driver: Path) -> None:
    tree = ast.parse(driver.read_text())
    assert {name for name in imported(tree) if name.startswith(("tests", "daemon", "hardware"))} == SHARED
    assert reaches_inside(tree) == []


def test_reaching_inside_is_found() -> None:
    assert reaches_inside(ast.parse("session._ws.send(1)\nself._own = 2\nsetattr(a, 'b', 3)")) == [
        "line 1: _ws",
        "setattr",
    ]


@pytest.mark.parametrize("module", ["cases", "talking"])
def test_what_drivers_share_needs_no_library(module: str) -> None:
    """It is imported in every client's environment."""
    others = imported(ast.parse((HERE / f"{module}.py").read_text())) - SHARED
    assert {name.partition(".")[0] for name in others} <= sys.stdlib_module_names


def test_what_is_said_of_cases_is_said_of_cases_that_exist() -> None:
    assert SCENARIOS.keys() | RESUMING | {WITHOUT_SCENARIO} <= CASES.keys()
    for client in CLIENTS:
        assert client.not_offered.keys() | client.known.keys() <= CASES.keys(), client.name
        assert not client.not_offered.keys() & client.known.keys(), client.name


@by_client
def test_every_case_has_a_scenario_that_can_be_read(client: Client) -> None:
    scenarios = {case: client.scenario(case) for case in CASES}
    assert [case for case, scenario in scenarios.items() if scenario is None] == [WITHOUT_SCENARIO]
    for case, scenario in scenarios.items():
        assert scenario is None or load_scenario(scenario).turns, case


def test_a_clients_own_scenario_goes_before_the_common_one() -> None:
    chosen = {client.name: client.scenario("tool_round_2_5") for client in CLIENTS}
    assert chosen["livekit"] == HERE / "scenarios" / "livekit" / "tool_round.toml"
    assert chosen["pipecat"] == HERE / "scenarios" / "tool_round.toml"


@by_client
def test_a_clients_version_is_pinned(client: Client) -> None:
    assert re.fullmatch(r"\d+(\.\d+)+", client.version)


def test_a_client_that_is_not_pinned_is_named() -> None:
    with pytest.raises(LookupError, match=r"livekit\.txt does not pin something-else"):
        _ = Client("livekit", "something-else").version
