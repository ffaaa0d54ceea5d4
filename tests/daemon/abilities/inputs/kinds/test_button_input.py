"""What a button is if the settings say nothing else."""

from daemon.abilities.inputs.kinds.button_input import BUTTON


def test_it_pulls_its_pin_to_ground_while_it_is_pressed() -> None:
    assert BUTTON.active == "low"
    assert BUTTON.states[0] == "pressed"
