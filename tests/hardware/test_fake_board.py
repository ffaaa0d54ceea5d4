"""The chip remembers what was seen on its lines, beyond the processes that use them."""

from hardware.fake_board import Board


def test_a_line_is_an_input_until_somebody_drives_it_and_remembers_all_it_was():
    pad = Board().pads[5]
    for level in (1, 1, ("wave", 25.0), 0):
        pad.becomes(level)
    assert pad.seen == ["in", 1, ("wave", 25.0), 0]


def test_after_a_wave_nobody_knows_the_level():
    pad = Board().pads[5]
    pad.becomes(("wave", 25.0))
    assert (pad.level, pad.reading) == (None, 0)
    pad.becomes(1)
    assert (pad.level, pad.reading) == (1, 1)


def test_an_input_is_what_is_outside_or_else_its_pull():
    board = Board()
    pad = board.pads[5]
    assert pad.reading == 0
    pad.pull = "up"
    assert pad.reading == 1
    board.drive(5, 0)
    assert pad.reading == 0
    board.drive(5, None)
    assert pad.reading == 1


def test_who_listens_is_told_of_changes_alone():
    board, told = Board(), []
    board.listeners[5] = [lambda _chip, line, level, _at: told.append((line, level))]
    for level in (0, 1, 1, 0):
        board.drive(5, level)
    assert told == [(5, 1), (5, 0)]


def test_an_output_that_nobody_claims_stays_where_the_kernel_keeps_it():
    for keeps, last in ((True, 1), (False, "in")):
        board = Board(keeps_outputs=keeps)
        board.pads[5].user = "somebody"
        board.pads[5].becomes(1)
        board.let_go(5)
        assert (board.pads[5].user, board.pads[5].seen[-1]) == ("", last)
