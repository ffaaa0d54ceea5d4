"""What a check found, as the report and programs have it."""

from __future__ import annotations

import pytest

from daemon.machine.finding import NO_FACTS, CannotTell, Verdict, bad, good, skipped, warning


def test_each_verdict_has_its_maker_and_the_word_of_the_report() -> None:
    found = [good("a"), warning("b", "mend b"), bad("c", "mend c"), skipped("d")]
    assert [(one.verdict.value, one.sentence, one.fix) for one in found] == [
        ("ok", "a", ""),
        ("warning", "b", "mend b"),
        ("fault", "c", "mend c"),
        ("skipped", "d", ""),
    ]


def test_facts_are_by_name_and_none_can_be_added_to_all_findings() -> None:
    assert good("two cards", cards=2, usb=True).facts == {"cards": 2, "usb": True}
    assert bad("none", "plug one in").facts == {}
    with pytest.raises(TypeError):
        NO_FACTS["cards"] = 2  # type: ignore[index]


def test_what_cannot_be_told_may_have_no_fix() -> None:
    reason = CannotTell("there is no apt to ask")
    assert (reason.message, reason.fix) == ("there is no apt to ask", "")
    assert skipped(reason.message, reason.fix).verdict is Verdict.SKIPPED
