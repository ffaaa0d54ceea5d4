"""Which board is behind an ALSA name, and which pins are not free beside it."""

from pathlib import Path

import pytest

from hardware.boards.board import Board
from hardware.boards.matching import board_of, config_lines, pins_beside, usb_board_of
from hardware.boards.reading import known_boards
from hardware.header.pins import PinUse, check_pins

VOICEHAT = [
    *("plughw:CARD=sndrpigooglevoi,DEV=0", "plughw:CARD=sndrpigooglevoi", "hw:sndrpigooglevoi", "hw:sndrpigooglevoi,0"),
    *("sysdefault:CARD=sndrpigooglevoi", "sysdefault:sndrpigooglevoi", "plughw:sndrpigooglevoi,0,0"),
    *("dsnoop:CARD=sndrpigooglevoi,DEV=0", "dmix:sndrpigooglevoi", "default:CARD=sndrpigooglevoi"),
    *("plughw:DEV=0,CARD=sndrpigooglevoi", "front:CARD=sndrpigooglevoi,DEV=0", "hw:{CARD sndrpigooglevoi DEV 0}"),
    *("plug:hw:sndrpigooglevoi", "plug:'hw:sndrpigooglevoi,0'", 'plug:SLAVE="hw:CARD=sndrpigooglevoi"'),
    *(
        'plughw:CARD="sndrpigooglevoi"',
        'plug:{SLAVE "hw:sndrpigooglevoi"}',
        "plug:{ SLAVE { pcm 'hw:sndrpigooglevoi,0' } }",
    ),
]


@pytest.mark.parametrize("device", VOICEHAT)
def test_the_pins_of_the_board_are_not_free_however_its_card_is_named(device: str) -> None:
    wired = pins_beside([device])
    assert list(wired) == [16]
    assert wired[16].owner == 'the sound board "voicehat" (switches its amplifier on and off)'


@pytest.mark.parametrize(
    "device",
    [
        "default",
        "hw:0",
        "plughw:1,0",
        "hw:CARD=1",
        "pulse",
        "",
        ":",
        "hw:",
        "plughw:CARD=",
        pytest.param("a:" * 50_000, id="endless"),
    ],
)
def test_a_name_or_a_number_that_does_not_tell_the_card_refuses_nothing(device: str) -> None:
    assert pins_beside([device]) == {}


@pytest.mark.parametrize("card", ["Device", "Sndrpigooglevoi", "sndrpigooglevoix", "CARD"])
def test_a_card_that_no_board_has_refuses_nothing(card: str) -> None:
    assert pins_beside([f"plughw:CARD={card}"]) == {}


def test_microphone_and_speaker_may_be_two_boards() -> None:
    wired = pins_beside(["plughw:CARD=seeed2micvoicec", "plughw:CARD=MAX98357A"])
    assert sorted(wired) == [2, 3, 4, 10, 11, 17]


def test_what_is_on_the_board_serves_for_what_it_is() -> None:
    uses = [
        *(PinUse(27, "the button", "button"), PinUse(23, "the indicator", "light"), PinUse(24, "the lamp", "device")),
        *(PinUse(27, "the relay", "device"), PinUse(2, "the mute button", "button")),
    ]
    problems = check_pins(uses, wired=pins_beside(["hw:Zero"]))
    assert [problem.use.owner for problem in problems] == ["the lamp", "the relay", "the mute button"]
    assert problems[0].message == 'pin 24 of the lamp is taken by the sound board "iqaudio-codec-zero" (its light)'
    assert "one of 4, 5" in problems[0].fix


def test_what_only_one_of_the_boards_with_this_card_has_is_left_free() -> None:
    wired = pins_beside(["plughw:CARD=wm8960soundcard"])
    assert sorted(wired) == [2, 3, 17]  # not the lights of the one, nor of the other


@pytest.mark.parametrize(
    ("lines", "word", "pins"),
    [
        ([], "max98357a", [4]),
        (["dtoverlay=max98357a"], "max98357a", [4]),
        (["dtoverlay=max98357a,no-sdmode"], "speaker-bonnet", []),
        (["dtoverlay=max98357a,sdmode-pin=22"], "max98357a", [22]),
        (["dtoverlay=max98357a,sdmode-pin=x"], "max98357a", [4]),
        (["dtparam=audio=on"], "max98357a", [4]),
    ],
)
def test_config_txt_tells_boards_of_one_card_apart(lines: list[str], word: str, pins: list[int]) -> None:
    board = board_of("MAX98357A", lines)
    assert board is not None
    assert (board.word, list(pins_beside(["hw:MAX98357A"], lines))) == (word, pins)


def test_a_plain_dac_is_not_taken_for_a_board_with_buttons() -> None:
    assert pins_beside(["hw:sndrpihifiberry"], ["dtoverlay=hifiberry-dac"]) == {}
    wired = pins_beside(["hw:sndrpihifiberry"], ["dtoverlay=hifiberry-dac", "gpio=25=op,dh"])
    assert sorted(wired) == [5, 6, 16, 24, 25]
    assert wired[16].serves == "button"


WITH_LINES = [board for board in known_boards() if board.lines]


@pytest.mark.parametrize("board", WITH_LINES, ids=lambda board: board.word)
def test_every_board_is_found_by_its_own_card_and_lines(board: Board) -> None:
    for card in board.cards:
        assert board_of(card, board.lines) == board
        assert set(pins_beside([f"hw:{card}"], board.lines)) == {pin.pin for pin in board.pins if not pin.only_on}


def test_config_txt_is_read_without_remarks_and_filters(tmp_path: Path) -> None:
    file = tmp_path / "config.txt"
    file.write_bytes(b"# dtoverlay=a\r\n[pi4]\r\n dtoverlay=b \r\n\r\n#x\n\xff=1\n")
    assert config_lines([tmp_path / "none", tmp_path, file]) == ("dtoverlay=b", "\ufffd=1")
    assert config_lines([tmp_path]) == ()


@pytest.mark.parametrize(
    ("usb", "word"), [("0b0e:0412", "jabra"), ("2886:001a", "respeaker-xvf3800"), ("2886:0008", None), ("", None)]
)
def test_a_usb_board_is_known_by_its_id_or_its_vendor(usb: str, word: str | None) -> None:
    board = usb_board_of(usb)
    assert (board and board.word) == word


def test_who_names_it_is_meant_rather_than_who_means_all_of_its_vendor() -> None:
    every, one = (
        Board(word=word, title=word, source="", usb=(usb,)) for word, usb in [("all", "0b0e:*"), ("one", "0b0e:0412")]
    )
    assert usb_board_of("0b0e:0412", [every, one]) is one
    assert usb_board_of("0b0e:0413", [every, one]) is every
