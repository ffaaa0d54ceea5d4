"""Faults that make no sense are refused where they are made; `test_scripted` has what the others do."""

import pytest

from daemon.offline.service.faults import AbortSocket, CloseSocket, ConnectionFaults, Loss


@pytest.mark.parametrize("code", [0, 999, 1005, 1006, 2000, 5000])
def test_codes_no_close_frame_may_carry(code: int) -> None:
    with pytest.raises(ValueError, match=f"{code} is no code"):
        CloseSocket(code)
    with pytest.raises(ValueError, match=f"{code} is no code"):
        Loss("reply", code)


def test_a_status_that_refuses_nothing() -> None:
    with pytest.raises(ValueError, match="HTTP status 200 is no refusal"):
        ConnectionFaults(http_status=200)


def test_a_loss_is_a_close_frame_or_a_cut() -> None:
    assert Loss("reply").end == AbortSocket()
    assert Loss("reply", 1011, "sorry").end == CloseSocket(1011, "sorry")
