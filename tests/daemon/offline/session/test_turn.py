"""Words in order, and answers that find their call; `test_session` has whole replies."""

from daemon.offline.session.turn import Words


def test_all_pieces_but_the_first_begin_with_a_space() -> None:
    words = Words()
    assert [words.add(piece) for piece in ("Hello", "there", " friend")] == ["Hello", " there", " friend"]
    assert words.said == "Hello there friend"
