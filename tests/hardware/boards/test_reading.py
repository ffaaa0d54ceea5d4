"""The board files: each can be read, and what is wrong in one is named."""

from pathlib import Path

import pytest

from hardware.boards.board import Board, BoardFileError, BoardPin, Light, Sound
from hardware.boards.reading import FOLDER, known_boards, read_board
from hardware.header.pins import RESERVED

BOARDS = known_boards()


def written(folder: Path, text: str, name: str = "seashell.toml") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_every_file_of_the_folder_is_a_board_and_none_has_the_word_of_another_kind() -> None:
    assert {board.word for board in BOARDS} == {file.stem for file in FOLDER.glob("*.toml")}
    assert not {"none", "detected"} & {board.word for board in BOARDS}


def test_they_stand_in_their_order_and_no_two_share_one() -> None:
    orders = [board.order for board in BOARDS]
    assert orders == sorted(set(orders))


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.word)
def test_a_board_says_where_its_facts_are_from_and_takes_no_pin_that_all_boards_take(board: Board) -> None:
    assert board.source
    assert not {pin.pin for pin in board.pins} & RESERVED.keys()
    assert not (board.usb and board.lines), "what is plugged into USB asks nothing of config.txt"
    assert not board.lines or board.cards, "a board on the header is known by its card"


def test_all_that_a_file_can_say(tmp_path: Path) -> None:
    text = """
        order = 7
        title = "a board"
        source = "its manual"
        cards = ["seashell"]
        lines = ["dtoverlay=seashell", "gpio=25=op,dh"]
        i2c_address = 0x1a
        hears = true
        echo_cancelling = true
        microphone = { rate_hz = 48000, channels = 2, channel = 1, sample_format = "S32_LE", gain_db = 30 }
        [[pin]]
        pin = 4
        use = "wakes it"
        moved_by = "wake-pin"
        [[button]]
        pin = 17
        [[light]]
        kind = "led"
        pins = [25]
        [[light]]
        kind = "apa102"
        count = 12
        pins = [10, 11]
        only_on = "a larger board"
    """
    board = read_board(written(tmp_path, text))
    assert (board.word, board.order, board.title, board.i2c_address) == ("seashell", 7, "a board", 0x1A)
    assert (board.hears, board.speaks, board.echo_cancelling) == (True, False, True)
    assert board.microphone == Sound(rate_hz=48000, channels=2, channel=1, sample_format="S32_LE", gain_db=30.0)
    assert board.speaker == Sound()
    assert board.overlays == ("seashell",)
    assert board.lights[1] == Light(kind="apa102", count=12, pins=(10, 11), only_on="a larger board")
    assert board.pins == (
        BoardPin(4, "wakes it", moved_by="wake-pin"),
        BoardPin(17, "its button", "button"),
        BoardPin(25, "its light", "light"),
        BoardPin(10, "its lights", only_on="a larger board"),
        BoardPin(11, "its lights", only_on="a larger board"),
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('colour = "red"', "colour is not a key; there are order, title"),
        ("title = 3", "title must be text on one line"),
        ('remark = "two\\nlines"', "remark must be text on one line"),
        ('remark = "a\\ttab"', "remark must be text on one line"),
        ("hears = 1", "hears must be true or false"),
        ("order = true", "order must be a whole number from 0 to 10000"),
        ("order = -1", "order must be a whole number from 0 to 10000"),
        ('cards = "one"', "cards must be a list"),
        ('lines = ["reboot"]', "lines must hold lines of config.txt"),
        ('lines = ["dtoverlay=a;dtoverlay=b"]', "lines must hold lines of config.txt"),
        ('usb = ["0B0E:0412"]', "usb must hold ids such as 0b0e:0412"),
        ("i2c_address = 200", "i2c_address must be a whole number from 3 to 119"),
        ("microphone = 5", "microphone must be a table"),
        ("microphone = { channels = 2, channel = 2 }", "microphone has a channel 2, counted from 0, of 2"),
        ("microphone = { channel = 1 }", "microphone has a channel 1, counted from 0, of 1"),
        ("microphone = { device = -1 }", "microphone device must be a whole number from 0 to 31"),
        (
            'microphone = { sample_format = "U8" }',
            "microphone sample_format must be one of S16_LE, S24_3LE, S24_LE, S32_LE",
        ),
        ("microphone = { rate_hz = 1 }", "microphone rate_hz must be a whole number from 8000 to 192000"),
        ("microphone = { gain_db = nan }", "microphone gain_db must be a number from -20 to 60"),
        ("pin = [{ pin = 28, use = 'x' }]", "pin pin must be a whole number from 0 to 27"),
        ("pin = [{ pin = 4 }]", "pin .*missing 1 required positional argument: 'use'"),
        ("light = [{ kind = 'neon', pins = [5] }]", "light kind must be one of led, apa102, ws2812"),
        ("mixer = [{ control = 'PCM', side = 'both' }]", "mixer side must be one of microphone, speaker"),
        ("order = ", "Invalid value"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_key(tmp_path: Path, line: str, said: str) -> None:
    text = f'title = "a"\nsource = "b"\n{line}\n' if not line.startswith("title") else f'source = "b"\n{line}\n'
    with pytest.raises(BoardFileError, match=rf"the board file seashell\.toml cannot be used: {said}") as caught:
        read_board(written(tmp_path, text))
    assert caught.value.fix
    assert caught.value.exit_status == 78


def test_a_file_without_a_title_or_of_another_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BoardFileError, match="missing 1 required keyword-only argument: 'title'"):
        read_board(written(tmp_path, 'source = "b"\n'))
    with pytest.raises(BoardFileError, match="its name must be of small letters"):
        read_board(written(tmp_path, 'title = "a"\nsource = "b"\n', "Sea Shell.toml"))
    with pytest.raises(BoardFileError, match=r"gone\.toml cannot be used"):
        read_board(tmp_path / "gone.toml")
