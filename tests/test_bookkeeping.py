"""What pytest works out once for many tests is what it would say of each."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.bookkeeping import share_hooks, share_places


@pytest.mark.parametrize("number", range(3))
def test_each_has_the_place_that_pytest_says(number: int, request: pytest.FixtureRequest) -> None:
    assert isinstance(request.node, pytest.Function)
    path, line, name = request.node.reportinfo()
    assert request.node.location == (str(Path(path).relative_to(request.config.rootpath)), line, name)
    assert name.endswith(f"[{number}]")


def test_the_place_is_looked_for_once_for_all_parameters(request: pytest.FixtureRequest) -> None:
    def item(name: str) -> pytest.Function:
        return pytest.Function.from_parent(
            request.node.parent, name=name, callobj=test_each_has_the_place_that_pytest_says
        )

    items = [item("a[0]"), item("a[1]"), item("b")]
    expected = [item(each.name).location for each in items]
    for each in items[1:]:
        each.reportinfo = pytest.fail  # type: ignore[assignment]
    share_places(items)
    assert [each.location for each in items] == expected
    assert len(set(expected)) == 3


def test_the_hooks_of_a_file_are_selected_once() -> None:
    selections = iter(range(9))
    session = SimpleNamespace(gethookproxy=lambda _: next(selections))
    share_hooks(session)  # type: ignore[arg-type]
    assert [session.gethookproxy(Path(name)) for name in ("a", "b", "a", "b")] == [0, 1, 0, 1]


def test_they_are_shared_in_this_run(request: pytest.FixtureRequest) -> None:
    assert request.session.gethookproxy(request.path) is request.session.gethookproxy(request.path)
    assert hasattr(request.session.gethookproxy, "cache_info")
