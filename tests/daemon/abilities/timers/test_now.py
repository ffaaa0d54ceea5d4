"""Both clocks: which is believed, and a moment as each tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from daemon.abilities.timers.now import PATIENCE_S
from tests.daemon.abilities.timers.moments import NOON, at


def test_a_clock_that_nobody_set_is_believed_after_a_while_unless_it_lies_in_the_past() -> None:
    fresh = replace(at(boot_s=5.0), synchronised=False)
    assert not fresh.trusted
    old = replace(fresh, boot_s=PATIENCE_S)
    assert old.trusted
    assert not replace(old, written_s=old.wall_s + 1).trusted, "something was written later than it is now"
    assert replace(fresh, synchronised=True).trusted


def test_within_a_boot_its_clock_counts_whatever_the_wall_clock_does() -> None:
    stamp = at().stamp(60.0)
    assert stamp.left_s(at(NOON + timedelta(days=9), boot_s=10_020.0)) == 40.0


def test_after_another_boot_the_wall_clock_counts_once_it_is_believed() -> None:
    stamp = at().stamp(60.0)
    assert stamp.left_s(at(NOON + timedelta(seconds=20), boot="b", boot_s=5.0)) == 40.0
    assert stamp.left_s(at(NOON, boot="b", boot_s=5.0, trusted=False)) is None


def test_a_moment_is_adopted_by_the_new_boot_and_by_the_clock_as_it_was_set() -> None:
    stamp = at().stamp(60.0)
    reboot = at(NOON + timedelta(seconds=20), boot="b", boot_s=5.0)
    assert stamp.adopted(reboot) == reboot.stamp(40.0)
    stepped = at(NOON + timedelta(days=9))
    assert stamp.adopted(stepped) == stepped.stamp(60.0)
    assert stamp.adopted(at(NOON + timedelta(seconds=1))) == stamp, "a second is how a clock is kept right"
