"""So many in any minute, wherever the minute begins."""

from hypothesis import given
from hypothesis import strategies as st

from daemon.broker.rates import WINDOW_S, RateLimit


@given(st.integers(1, 5), st.lists(st.floats(0, 40), max_size=40))
def test_no_minute_has_more_than_its_number(limit: int, pauses: list[float]) -> None:
    now, passed = 0.0, []
    rate = RateLimit(limit, lambda: now)
    for pause in pauses:
        now += pause
        if rate.wait_s() == 0:
            rate.count()
            passed.append(now)
    for end in passed:
        assert sum(end - WINDOW_S < at <= end for at in passed) <= limit


def test_who_waits_as_long_as_told_may() -> None:
    now = 100.0
    rate = RateLimit(2, lambda: now)
    rate.count()
    now = 110.0
    rate.count()
    assert rate.wait_s() == 50.0
    now += rate.wait_s()
    assert rate.wait_s() == 0.0
