"""What was missed is told to somebody: it stays written until it was heard, whatever ends the process before."""

from __future__ import annotations

from tests.daemon.abilities.timers.time_machine import House


async def missed_while_off() -> House:
    """One whose timer ended hours ago, while it was off; its message waits."""
    house = House()
    await house.call("set_timer", seconds=60, name="tea")
    house.tells = False
    house.clocks.reboots(off_s=7_200)
    house.start()
    await house.keeper.look()
    return house


async def test_what_was_missed_is_told_after_a_power_cut_before_it_was_heard() -> None:
    house = await missed_while_off()
    assert house.told == []
    house.clocks.reboots(off_s=60)
    house.start()
    await house.keeper.look()
    house.hears()
    (told,) = house.told
    assert "tea" in told


async def test_what_was_heard_is_not_told_again() -> None:
    house = await missed_while_off()
    house.hears()
    await house.keeper.look()
    assert house.paper.entries == {}
    house.clocks.reboots(off_s=60)
    house.start()
    await house.keeper.look()
    house.hears()
    assert len(house.told) == 1


async def test_what_nobody_stopped_is_written_as_it_was_until_it_was_heard() -> None:
    house = House()
    await house.call("set_timer", seconds=60, name="tea")
    house.tells = False
    await house.passes(60)
    house.stop(answered=False)
    await house.keeper.look()
    assert dict(house.keeper.entries) == {}
    assert house.paper.entries[1].phase == "ringing"
    house.hears()
    await house.keeper.look()
    assert house.paper.entries == {}


async def test_what_is_changed_meanwhile_is_written_at_once() -> None:
    house = House()
    await house.call("set_alarm", at="2026-12-01T07:00", repeat="FREQ=DAILY", name="up")
    house.tells = False
    house.clocks.reboots(off_s=2 * 86_400)
    house.start()
    await house.keeper.look()
    before = house.paper.entries[1]
    assert before != house.keeper.entries[1], "it waits to be heard"
    assert "error" not in await house.call("change_timer", which="up", change="skip_next")
    assert house.paper.entries[1] == house.keeper.entries[1]
    after = house.paper.entries[1]
    house.hears()
    await house.keeper.look()
    assert house.paper.entries[1] == after, "what was heard late undoes nothing"
