"""The table that the command ends with, from canned results."""

from tests.clients.table import Row, failed, summary, table

ROWS = [
    Row("pipecat", "1.14.0", "written_turn", "pass", "0.5 s of sound"),
    Row("pipecat", "1.14.0", "resumption", "FAIL", "TimeoutError"),
    Row("google-adk", "2.13.0", "tool_round", "known", "waits for turnComplete"),
    Row("google-adk", "2.13.0", "local_brain", "not offered"),
]


def test_the_table_is_in_columns_and_names_each_client_once() -> None:
    assert table(ROWS).splitlines() == [
        "client      version  case          result",
        "----------  -------  ------------  -----------",
        "pipecat     1.14.0   written turn  pass         0.5 s of sound",
        "                     resumption    FAIL         TimeoutError",
        "google-adk  2.13.0   tool round    known        waits for turnComplete",
        "                     local brain   not offered",
    ]


def test_the_summary_counts_every_result() -> None:
    assert summary(ROWS) == "1 passed, 1 failed, 1 fail as known, 1 not offered"
    assert summary(ROWS[:1]) == "1 passed, 0 failed"


def test_only_an_unexpected_failure_is_a_failure_and_so_is_nothing_at_all() -> None:
    assert failed(ROWS)
    assert not failed([row for row in ROWS if row.result != "FAIL"])
    assert failed([])
