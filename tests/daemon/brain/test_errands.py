"""Words of which people are reminded."""

from daemon.brain.errands import told_apart, unusual


def test_words_that_people_are_hardly_reminded_of_are_told() -> None:
    assert unusual("Walk the dock with Priya, 2 times.") == {"dock", "priya"}
    assert not unusual("take the bins out and feed the cats")


def test_texts_that_sound_the_same_are_the_same() -> None:
    assert told_apart("Flip the pan cakes") == told_apart("flip my pancake's") != told_apart("flip the cakes")
