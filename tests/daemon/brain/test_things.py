"""What things are called in other languages, and what looks like a name."""

from daemon.brain.things import other_names, plain_name, similar


def test_a_device_is_found_by_its_name_in_another_language() -> None:
    names = other_names(["lamp", "garage door", "kitchen light"], "de")
    assert names["lampe"] == "lamp"
    assert names["garagentor"] == "garage door"
    assert names["kuchenlicht"] == "kitchen light"


def test_what_two_may_be_called_is_neither() -> None:
    assert "lamp" not in other_names(["Lampe", "lámpara"], "en")


def test_a_name_of_its_own_is_nobody_elses() -> None:
    assert "lampe" not in other_names(["Lampe", "lamp"], "de")


def test_accents_may_be_written_apart() -> None:
    assert plain_name("la\u0301mpara") == "lampara"
    assert other_names(["la\u0301mpara"], "en")["lamp"] == "la\u0301mpara"


def test_small_words_do_not_matter() -> None:
    assert plain_name("Luz de la Cocina") == "luz cocina"
    assert plain_name("A") == "a"


def test_slips() -> None:
    assert similar("ventilatr", ["ventilator", "lamp"]) == "ventilator"
    assert similar("lamb", ["lamp"]) == ""
    assert similar("heater", ["heater1", "heater2"]) == ""
