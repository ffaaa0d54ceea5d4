import pytest

from hardware.header.pins import HEADER_PINS, RESERVED, PinUse, check_pins, free_pins


def messages(*uses: PinUse, **keywords: object) -> list[str]:
    return [problem.message for problem in check_pins(uses, **keywords)]


def test_free_pins_of_their_own_are_no_problem():
    assert check_pins([PinUse(17, "the button"), PinUse(26, 'device "lamp"'), PinUse(27, 'device "fan"')]) == []


@pytest.mark.parametrize("pin", [-1, 28, 40])
def test_a_pin_off_the_header_is_refused(pin):
    assert messages(PinUse(pin, "the button")) == [
        f"pin {pin} of the button does not exist; the header carries 0 to 27"
    ]


@pytest.mark.parametrize("pin", [0, 1, 18, 19, 20, 21])
def test_a_reserved_pin_is_refused_and_its_owner_named(pin):
    (message,) = messages(PinUse(pin, 'device "lamp"'))
    assert message == f'pin {pin} of device "lamp" is reserved for {RESERVED[pin]}'


def test_the_i2s_pins_name_the_sound_card():
    assert all("sound card" in RESERVED[pin] for pin in (18, 19, 20, 21))


def test_a_pin_used_twice_names_both_users():
    (problem,) = check_pins([PinUse(17, "the button"), PinUse(17, 'device "lamp"')])
    assert problem.message == 'pin 17 is used twice: by the button and by device "lamp"'
    assert problem.use == PinUse(17, 'device "lamp"')


def test_a_pin_used_three_times_is_two_problems():
    assert len(messages(*[PinUse(5, name) for name in ("a", "b", "c")])) == 2


def test_every_problem_is_told_in_order():
    problems = check_pins([PinUse(18, "a"), PinUse(17, "b"), PinUse(99, "c"), PinUse(17, "d")])
    assert [problem.use.owner for problem in problems] == ["a", "c", "d"]


def test_a_board_may_reserve_other_pins():
    assert messages(PinUse(23, "the button"), reserved={23: "the board's own button"}) == [
        "pin 23 of the button is reserved for the board's own button"
    ]
    assert messages(PinUse(18, "the button"), reserved={}) == []


def test_the_fix_names_free_pins_only():
    uses = [PinUse(18, "a"), PinUse(17, "b")]
    (problem,) = check_pins(uses)
    free = free_pins(uses)
    assert set(free) == set(HEADER_PINS) - set(RESERVED) - {17}
    assert ", ".join(map(str, free)) in problem.fix
