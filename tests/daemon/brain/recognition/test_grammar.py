"""The grammar's templates, and the automaton that walks them."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.brain.recognition.grammar import Automaton, Grammar, Sentence, Template, Value

DEVICES: dict[str, Value] = {"lamp": "lamp", "desk lamp": "desk lamp", "desk": "table", "lights": "lights"}
SWITCHING = Grammar(
    (
        Template("switch", "[please|could you] (turn|switch) {state} [the] {device}"),
        Template("short", "{device} {state}"),
        Template("both", "{device} and {other} {state}"),
        Template("time", "what time is it"),
    ),
    {"device": DEVICES, "other": DEVICES, "state": {"on": "on", "off": "off"}},
)


def words(word: str, _opens: bool) -> list[str]:
    return [word]


def letters(word: str, opens: bool) -> list[str]:
    return list(word.capitalize() if opens else f" {word}")


def read(text: str, grammar: Grammar = SWITCHING) -> Sentence | None:
    return Automaton(grammar, words).walk(text.split())


@pytest.mark.parametrize(
    ("text", "intent", "slots"),
    [
        ("turn on the lamp", "switch", {"state": "on", "device": "lamp"}),
        ("could you switch off desk lamp", "switch", {"state": "off", "device": "desk lamp"}),
        ("desk on", "short", {"state": "on", "device": "table"}),
        ("desk lamp on", "short", {"state": "on", "device": "desk lamp"}),
        ("desk and desk lamp off", "both", {"device": "table", "other": "desk lamp", "state": "off"}),
        ("what time is it", "time", {}),
    ],
)
def test_a_sentence_says_what_it_means(text: str, intent: str, slots: dict[str, Value]) -> None:
    assert read(text) == Sentence(intent, slots)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "turn on the",
        "turn on the lamp lamp",
        "turn the lamp",
        "could turn on the lamp",
        "please",
        "lamp",
        "on lamp",
    ],
)
def test_what_is_not_exactly_a_sentence_means_nothing(text: str) -> None:
    assert read(text) is None


def test_of_two_templates_with_the_same_words_the_first_counts() -> None:
    grammar = Grammar((Template("first", "[oh] hello"), Template("second", "hello")), {})
    assert read("hello", grammar) == Sentence("first")


def test_a_phrase_that_stands_for_two_things_is_the_first() -> None:
    grammar = Grammar((Template("go", "{a} now"), Template("go", "{b} now")), {"a": {"x": 1}, "b": {"x": 2}})
    assert read("x now", grammar) == Sentence("go", {"a": 1})


def test_a_template_may_be_empty_but_for_what_is_left_out() -> None:
    assert read("", Grammar((Template("nothing", "[really]"),), {})) == Sentence("nothing")


def test_a_choice_may_be_between_words_and_slots() -> None:
    grammar = Grammar(
        (Template("go", "[please] go (home|to {place}|by {way} to {place}) [now|at once]"),),
        {"place": {"sea": "sea"}, "way": {"train": "train"}},
    )
    assert read("go home", grammar) == read("please go home at once", grammar) == Sentence("go")
    assert read("please go by train to sea now", grammar) == Sentence("go", {"way": "train", "place": "sea"})
    assert read("go to sea", grammar) == Sentence("go", {"place": "sea"})
    assert read("go to", grammar) is None


def test_words_to_choose_from_do_not_multiply_the_ways() -> None:
    grammar = Grammar((Template("go", "[please|now] (go|walk|run) (home|away) [today|at once|soon]"),), {})
    assert len(Automaton(grammar, words).start) == 2
    assert read("now run away at once", grammar) == Sentence("go")


def test_every_word_is_in_the_vocabulary() -> None:
    assert SWITCHING.vocabulary() == {
        *("please", "could", "you", "turn", "switch", "the", "and", "what", "time", "is", "it"),
        *("lamp", "desk", "lights", "on", "off"),
    }


def test_the_word_that_opens_the_sentence_is_spelt_as_such() -> None:
    automaton = Automaton(SWITCHING, letters)
    assert automaton.walk("Turn on the desk lamp") == Sentence("switch", {"state": "on", "device": "desk lamp"})
    assert automaton.walk("Desk lamp on") == Sentence("short", {"state": "on", "device": "desk lamp"})
    assert automaton.walk("turn on the desk lamp") is None


def test_an_ending_must_follow_and_ends_the_sentence() -> None:
    automaton = Automaton(SWITCHING, letters, [".#", "#"])
    assert (
        automaton.walk("Lamp on.#")
        == automaton.walk("Lamp on#")
        == Sentence("short", {"device": "lamp", "state": "on"})
    )
    assert automaton.walk("Lamp on.") is None
    assert automaton.walk("Lamp on#.") is None


def test_what_may_follow_is_only_what_leads_to_a_sentence() -> None:
    automaton = Automaton(SWITCHING, words)
    after_desk = automaton.following(automaton.start)["desk"]
    assert set(automaton.following(after_desk)) == {"lamp", "on", "off", "and"}
    assert automaton.following(()) == {}


NAMES = st.lists(
    st.lists(st.sampled_from(["red", "blue", "lamp", "fan", "on"]), min_size=1, max_size=3).map(" ".join),
    min_size=1,
    max_size=6,
    unique=True,
)


@given(NAMES)
def test_the_automaton_knows_exactly_the_sentences_of_the_templates(names: list[str]) -> None:
    grammar = Grammar(
        (Template("set", "[the] {device} (on|off)"),), {"device": {name: number for number, name in enumerate(names)}}
    )
    listed = {
        f"{article}{name} {state}": number
        for article, (number, name), state in product(("", "the "), enumerate(names), ("on", "off"))
    }
    automaton = Automaton(grammar, words)
    for text, number in listed.items():
        assert automaton.walk(text.split()) == Sentence("set", {"device": number})
        assert automaton.walk(text.split()[:-1]) is None or " ".join(text.split()[:-1]) in listed


@given(st.data())
def test_every_walk_that_cannot_go_on_has_arrived_at_a_sentence(data: st.DataObject) -> None:
    automaton = Automaton(SWITCHING, letters, ["."])
    state = automaton.start
    steps = 0
    while following := automaton.following(state):
        state = following[data.draw(st.sampled_from(sorted(following)))]
        steps += 1
    assert automaton.sentence(state) is not None
    assert steps < 60


def test_the_automaton_does_not_grow_with_the_number_of_sentences() -> None:
    names: dict[str, Value] = {f"device {number}": number for number in range(500)}
    pairs = Grammar((Template("pair", "{device} and {other}"),), {"device": names, "other": names})
    automaton = Automaton(pairs, words)
    assert len(automaton.start) == 1
    assert automaton.walk(["device", "7", "and", "device", "499"]) == Sentence("pair", {"device": 7, "other": 499})
