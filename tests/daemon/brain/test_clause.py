"""What a clause has in it: kinds, names for what they are, and whether it only asks."""

from daemon.brain.abilities import Abilities
from daemon.brain.clause import Clause
from daemon.brain.marks import Mark

ABLE = Abilities(("lamp", "fan"), special={"set_group": {"group": ("kitchen", "everything")}})


def clause(*kinds: str, **values: str) -> Clause:
    return Clause(tuple(Mark(kind, values.get(kind, ""), kind) for kind in kinds), ABLE)


def test_noise_is_not_said() -> None:
    assert clause("set", "name", "on", "filler").said == {"name", "on"}
    assert clause("on", "").only("on") is False


def test_two_states_are_none() -> None:
    assert [clause("on").state, clause("unlit").state, clause("on", "off").state] == ["on", "off", ""]


def test_a_name_that_is_nothing_of_the_kind_makes_none_of_them_count() -> None:
    both = Clause((Mark("name", "lamp"), Mark("name", "kitchen")), ABLE)
    assert both.named(ABLE.switchable) == []
    assert clause("name", name="kitchen").groups == ["kitchen"]


def test_a_question_mark_asks_unless_something_is_ordered() -> None:
    assert clause("name", "on", "?", name="lamp").asks()
    assert not clause("on", "name", "?", name="lamp").asks()
    assert not clause("filler", "name", "on", "?", name="lamp").asks()


def test_what_stands_before() -> None:
    assert clause("down", "to", "percent").before("percent") == "to"
