"""Figures in sentences."""

import pytest

from daemon.abilities.devices.working.figures import percent, shown
from daemon.tools.tool import Toolbox
from tests.daemon.abilities.devices.asking import ask


@pytest.mark.parametrize(
    ("percent", "shown"), [(60.4, "60.4%"), (60.0001, "60.0001%"), (60.000001, "60.000001%"), (4.96, "4.96%")]
)
async def test_what_is_refused_never_looks_like_the_bound(toolbox: Toolbox, percent: float, shown: str) -> None:
    answer = await ask(toolbox, "set_level", device="night light", percent=percent)
    assert answer["error"] == f'"night light" can be set to 5% to 60%, or 0, not to {shown}'


@pytest.mark.parametrize(
    ("value", "text"), [(60.0, "60"), (0.1 + 0.2, "0.3"), (2.0000001, "2.0000001"), (-60.0, "-60"), (1e6, "1000000")]
)
def test_a_figure_is_written_as_people_write_it(value: float, text: str) -> None:
    assert shown(value) == text


def test_a_share_is_told_in_percent() -> None:
    assert [percent(share) for share in (0.0, 0.57, 0.804, 1.0)] == ["0%", "57%", "80.4%", "100%"]
