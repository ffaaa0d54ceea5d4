"""The boards as text: the pages of the documentation say what the files do."""

import re
from pathlib import Path

import pytest

from hardware.boards.pages import as_table, as_text, for_installer, note_of, wishes_of
from hardware.boards.reading import known_boards

ROOT = Path(__file__).parents[3]
BOARDS = {board.word: board for board in known_boards()}


def test_the_page_has_the_table_that_the_files_make() -> None:
    assert f"\n{as_table(list(BOARDS.values()))}\n" in (ROOT / "docs/boards.md").read_text()


def test_the_readme_wires_and_sets_up_the_board_as_its_file_says() -> None:
    readme, board = (ROOT / "README.md").read_text(), BOARDS["voicehat"]
    for side in ("microphone", "speaker"):
        table = re.search(rf"^\[{side}\]\n(.*?)\n\n", readme, re.MULTILINE | re.DOTALL)
        assert table
        lines = [line.partition("  #")[0] for line in table[1].splitlines()]
        assert lines[0] == f'device = "plughw:CARD={board.cards[0]}"'
        assert set(wishes_of(board, side).split(", ")) - {"channels = 2"} <= set(lines)
    assert all(f"`{line}`" in readme for line in board.lines)
    (pin,) = board.own_pins
    assert f"GPIO {pin.pin} and 18 to 21 belong to the sound card" in readme
    assert re.search(rf"^\| GPIO{pin.pin} \| +\| SD \|", readme, re.MULTILINE)


def test_the_list_names_every_board_and_what_it_wants() -> None:
    text = as_text(list(BOARDS.values()))
    assert [paragraph.partition(":")[0] for paragraph in text.split("\n\n")] == list(BOARDS)
    assert '  [microphone] rate_hz = 48000, channels = 2, sample_format = "S32_LE", gain_db = 30\n' in text
    assert "  GPIO 16: switches its amplifier on and off\n" in text
    assert "  it does not work on Raspberry Pi 5, Compute Module 5: the ReSpeaker" in text
    assert "  it hears and speaks, with echo cancelling of its own\n" in text


@pytest.mark.parametrize(
    ("word", "note"),
    [
        ("usb", ""),
        (
            "voicehat",
            (
                'its microphone wants rate_hz = 48000, channels = 2, sample_format = "S32_LE", gain_db = 30 in the'
                " settings; GPIO 16 is taken"
            ),
        ),
        (
            "respeaker-xvf3800",
            (
                "the ReSpeaker XVF3800 hears with channels = 2 (6 with its firmware of six channels), and cancels the"
                " echo only of what is played by its own output"
            ),
        ),
        ("max98357a", "GPIO 4 is taken; the microphone is another card"),
        ("pirate-audio", "GPIO 25 is taken; its buttons are on GPIO 5, 6, 16 and 24; the microphone is another card"),
    ],
)
def test_the_note_of_the_installer_is_made_of_the_facts(word: str, note: str) -> None:
    assert note_of(BOARDS[word]) == note


def test_the_installer_gets_a_fact_a_line_and_no_empty_one() -> None:
    facts = [line.split("\t") for line in for_installer(list(BOARDS.values())).splitlines()]
    assert all(len(fact) == 3 and all(fact) for fact in facts)
    assert [word for word, key, _ in facts if key == "title"] == list(BOARDS)
    assert ["wm8960", "i2c", "1a"] in facts
    assert ["max98357a", "pins", "4:sdmode-pin"] in facts
    assert ["aiy-voice-bonnet", "ability", ""] not in facts
