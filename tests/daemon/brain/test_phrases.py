"""The sentences of the local brain, as they are typed."""

import pytest

from daemon.brain.abilities import Abilities
from daemon.brain.phrases import Intent, commands, small_talk
from daemon.brain.recognition.grammar import Sentence, Value
from daemon.brain.written import Reader
from tests.daemon.offline.offline_house import ABLE


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(commands(ABLE))


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("Turn on the lamp.", Intent.SWITCH, {"device": "lamp", "state": "on"}),
        ("switch the garage door off, please", Intent.SWITCH, {"device": "garage door", "state": "off"}),
        ("coffee machine on", Intent.SWITCH, {"device": "coffee machine", "state": "on"}),
        ("Could you turn my fan off?", Intent.SWITCH, {"device": "fan", "state": "off"}),
        ("toggle the lamp", Intent.TOGGLE, {"device": "lamp"}),
        ("turn on the lamp and the fan", Intent.SWITCH_TWO, {"device": "lamp", "other": "fan", "state": "on"}),
        ("turn everything off", Intent.SWITCH_ALL, {"state": "off"}),
        ("dim the lamp to 40%", Intent.SET_LEVEL, {"device": "lamp", "percent": 40}),
        ("set the kitchen light to 5 percent", Intent.SET_LEVEL, {"device": "kitchen light", "percent": 5}),
        ("make the lamp seventy three per cent", Intent.SET_LEVEL, {"device": "lamp", "percent": 73}),
        ("set the lamp to one hundred percent", Intent.SET_LEVEL, {"device": "lamp", "percent": 100}),
        ("Ring the fan, please.", Intent.PULSE, {"device": "fan"}),
        ("could you flash the kitchen light", Intent.PULSE, {"device": "kitchen light"}),
        ("Is the fan on?", Intent.ASK_STATE, {"device": "fan", "asked": "on"}),
        ("what is the state of the fan", Intent.ASK_STATE, {"device": "fan"}),
        ("What devices are there?", Intent.LIST_DEVICES, {}),
        ("which devices are on", Intent.LIST_DEVICES, {"asked": "on"}),
    ],
)
def test_commands(reader: Reader, text: str, intent: Intent, slots: dict[str, Value]) -> None:
    assert reader.read(text) == Sentence(intent, slots)


@pytest.mark.parametrize(
    "text",
    [
        "don't turn on the lamp",
        "turn on the television",
        "set the lamp to 101 percent",
        "set the lamp to forty",
        "is the lamp",
        "the lamp is on",
        "lamp",
        "hello",
    ],
)
def test_what_is_no_command(reader: Reader, text: str) -> None:
    assert reader.read(text) is None


@pytest.mark.parametrize(
    "text",
    ["hello", "Good morning!", "thanks", "What can you do?", "Help", "What time is it?", "please tell me the time"],
)
def test_small_talk_is_apart_from_the_commands(text: str) -> None:
    assert Reader(small_talk()).read(text) is not None
    assert Reader(commands(ABLE)).read(text) is None


def test_what_no_function_offers_is_not_understood() -> None:
    only_switches = Reader(commands(Abilities(switchable=("lamp",), states=("on", "off"))))
    assert only_switches.read("turn on the lamp") is not None
    for text in (
        "toggle the lamp",
        "flash the lamp",
        "dim the lamp to 40%",
        "is the lamp on",
        "what devices are there",
    ):
        assert only_switches.read(text) is None


def test_without_devices_there_are_no_commands() -> None:
    assert commands(Abilities()).templates == ()


@pytest.mark.parametrize("said", ["desk lamp 2", "Desk Lamp two", "TV", "tv", "anna's lamp", "Anna’s lamp"])
def test_names_are_understood_however_they_are_written(said: str) -> None:
    names = ("desk_lamp 2", "TV", "Anna's lamp")
    sentence = Reader(commands(Abilities(switchable=names, states=("on",)))).read(f"turn on the {said}")
    assert sentence is not None
    assert sentence.slots["device"] in names
