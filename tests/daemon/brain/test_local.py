"""The whole local brain: from the user's sound to the devices and back to sound."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from daemon.brain.abilities import Abilities
from daemon.brain.bank import Bank
from daemon.brain.brain import Heard, Spoken, UserTurn
from daemon.brain.local import LocalBrain
from daemon.brain.nearest import Nearest
from daemon.brain.recognition.recogniser import Recogniser, Strictness
from daemon.brain.replies import NOTHING_HEARD
from daemon.brain.utterance import Utterance
from daemon.sound.pcm import CAPTURE_RATE_HZ, REPLY_RATE_HZ, Samples, samples_of_ms, silence
from daemon.speech.synthesis import Espeak, Flite
from tests.daemon.brain.recognition.test_recogniser import judging
from tests.daemon.brain.test_nearest import INTENTS, Points
from tests.daemon.offline.offline_house import FUNCTIONS, House
from tests.system.home import quiet
from tests.system.voices import trimmed

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def brain(models: Path, remembering_recogniser: Recogniser) -> LocalBrain:
    return LocalBrain(models, lambda: NOW, recogniser=remembering_recogniser)


async def said(text: str) -> Samples:
    return await Espeak("en-us").speak(text, CAPTURE_RATE_HZ)


async def replied(brain: LocalBrain, turn: UserTurn, house: House) -> tuple[str, str]:
    """What was heard and what was said; every piece of the reply must be heard too."""
    heard = said = ""
    async for piece in brain.reply(turn, house.call):
        match piece:
            case Heard(text):
                assert not said
                heard += text
            case Spoken(text, audio):
                assert len(audio) / REPLY_RATE_HZ > 0.05 * len(text)
                assert np.abs(audio).max() > 1000
                said += text
    return heard, said


async def test_a_spoken_command_switches_the_lamp_and_says_so(brain: LocalBrain) -> None:
    house = House()
    heard, reply = await replied(brain, UserTurn(audio=await said("turn on the lamp"), functions=FUNCTIONS), house)
    assert heard.startswith("Turn on the lamp")
    assert house.calls == [("set_device", {"device": "lamp", "state": "on"})]
    assert reply == "The lamp is on at 0 percent."


async def test_a_typed_command_does_the_same_and_is_not_heard(brain: LocalBrain) -> None:
    house = House()
    assert await replied(brain, UserTurn(text="turn on teh fan", functions=FUNCTIONS), house) == ("", "The fan is on.")
    assert house.states["fan"]["state"] == "on"


async def test_a_refusal_is_spoken_with_what_to_do_instead(brain: LocalBrain) -> None:
    house = House(refusals={"fan": {"error": '"fan" must stay off for at least 30 s', "fix": "try again in 12 s"}})
    _, reply = await replied(brain, UserTurn(audio=await said("turn on the fan"), functions=FUNCTIONS), house)
    assert reply == "I can't: the fan must stay off for at least 30 seconds. Try again in 12 seconds."
    assert house.states["fan"]["state"] == "off"


async def test_an_unknown_word_is_guessed_at_where_it_was_typed_and_not_where_it_was_heard(
    models: Path, remembering_recogniser: Recogniser
) -> None:
    near = Nearest(Points("on"), Bank(np.eye(len(INTENTS), dtype=np.float32), INTENTS))
    guessing = LocalBrain(models, lambda: NOW, nearest=near, recogniser=remembering_recogniser)
    typed, spoken = House(), House()
    await replied(guessing, UserTurn(text="let the fan spin", functions=FUNCTIONS), typed)
    assert typed.calls == [("set_device", {"device": "fan", "state": "on"})]
    await replied(guessing, UserTurn(audio=await said("let the fan spin"), functions=FUNCTIONS), spoken)
    assert spoken.calls == []


@pytest.mark.parametrize("wrapper", ["output", "result"])
async def test_an_answer_that_the_client_wrapped_is_unwrapped(brain: LocalBrain, wrapper: str) -> None:
    async def call(_name: str, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        return {wrapper: {"ok": True, "state": "on"}}

    turn = UserTurn(text="turn on the fan", functions=FUNCTIONS)
    assert "".join([piece.text async for piece in brain.reply(turn, call)]) == "The fan is on."


@pytest.mark.parametrize(
    "text",
    ["turn on the television", "tell me a joke about penguins", "don't turn on the lamp", "never turn off the fan"],
)
async def test_what_is_not_understood_does_nothing(brain: LocalBrain, text: str) -> None:
    for turn in (UserTurn(audio=await said(text), functions=FUNCTIONS), UserTurn(text=text, functions=FUNCTIONS)):
        house = House()
        _, reply = await replied(brain, turn, house)
        assert house.calls == []
        assert reply.startswith(("I know no television.", "I would need the internet", "All right, I leave"))


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("hello how are you", "Hello. I am fine, thank you."),
        ("what is the capital of Germany", "I would need the internet for that, and I work offline now."),
        ("shut up", "Okay."),
        ("turn on the lamp in ten minutes", "I can do things only at once, not later. I did nothing."),
        ("if it is dark turn on the lamp", "I can't wait for something to happen. I did nothing."),
        ("I turned on the lamp", "All right, I leave everything as it is."),
    ],
)
async def test_what_is_no_command_gets_an_answer_that_fits(brain: LocalBrain, text: str, reply: str) -> None:
    voice = Flite() if text.startswith("hello") else Espeak("en-us")  # espeak's "hello" is no word to the recogniser
    audio = await voice.speak(text, CAPTURE_RATE_HZ)
    for turn in (UserTurn(audio=audio, functions=FUNCTIONS), UserTurn(text=text, functions=FUNCTIONS)):
        house = House()
        assert (await replied(brain, turn, house))[1] == reply
        assert house.calls == []


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("would you put the lamp on for me", [("set_device", {"device": "lamp", "state": "on"})]),
        ("I don't want you to put the lamp on for me", []),
    ],
)
async def test_people_s_own_words_are_understood_when_they_are_heard_too(
    brain: LocalBrain, text: str, calls: list[tuple[str, dict[str, str]]]
) -> None:
    house, turn = House(), UserTurn(audio=await Flite().speak(text, CAPTURE_RATE_HZ), functions=FUNCTIONS)
    sure = await brain.sure(turn)
    await replied(brain, turn, house)
    assert (house.calls, sure) == (calls, bool(calls))


async def test_what_was_read_in_a_pause_is_not_read_again_when_that_was_the_end(brain: LocalBrain) -> None:
    words = await said("turn on the lamp")
    so_far, whole = (np.concatenate((words, quiet(seconds))) for seconds in (0.29, 0.83))
    whole[: len(so_far)] = so_far
    house, heard = House(), brain._understood
    read: list[int] = []

    def understood(turn: UserTurn, able: Abilities) -> Utterance:
        read.append(len(turn.audio))
        return heard(turn, able)

    brain._understood = understood  # type: ignore[method-assign]
    try:
        assert await brain.sure(UserTurn(audio=so_far, functions=FUNCTIONS))
        await replied(brain, UserTurn(audio=whole, functions=FUNCTIONS), house)
        on_went = np.concatenate((so_far, await said("no don't")))
        await replied(brain, UserTurn(audio=on_went, functions=FUNCTIONS), house)
    finally:
        del brain._understood
    assert house.calls == [("set_device", {"device": "lamp", "state": "on"})]
    assert (len(read), read[1]) == (2, len(on_went))


async def test_noise_is_nothing_that_was_said_and_many_words_are_no_command(brain: LocalBrain) -> None:
    house, notes = House(), lambda turn, able: Utterance("♪♪♪♪")  # noqa: ARG005 - what it makes of half a minute of hiss
    brain._understood = notes  # type: ignore[method-assign]
    try:
        noise = UserTurn(audio=quiet(0.5), functions=FUNCTIONS)
        assert await replied(brain, noise, house) == ("", NOTHING_HEARD)
    finally:
        del brain._understood
    hiss = np.random.default_rng(1).normal(0, 3_000, samples_of_ms(6_000)).astype(np.int16)
    assert not await brain.sure(UserTurn(audio=hiss, functions=FUNCTIONS))
    many = "turn on the lamp and then I think we should talk about the weather because " * 36
    for text in (many, " and ".join(["turn on the lamp", "turn off the lamp"] * 60)):
        await replied(brain, UserTurn(text=text, functions=FUNCTIONS), house)
    assert house.calls == []


async def test_nothing_that_was_said_is_in_the_log(brain: LocalBrain, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    for text in ("turn on the lamp", "my secret is out", "don't turn on the lamp", "is the fan on"):
        await replied(brain, UserTurn(text=text, functions=FUNCTIONS), House())
        await replied(brain, UserTurn(audio=await said(text), functions=FUNCTIONS), House())
    ours = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("daemon"))
    assert "understood switch" in ours
    assert not any(word in ours.lower() for word in ("lamp", "secret", "fan", "don't"))


@pytest.mark.parametrize(
    "text", ["Please, could you turn on the fan now? Thanks!", "just turn the fan on for me", "the fan on please"]
)
async def test_courtesies_change_nothing(brain: LocalBrain, text: str) -> None:
    house = House()
    assert (await replied(brain, UserTurn(text=text, functions=FUNCTIONS), house))[1] == "The fan is on."


@pytest.mark.parametrize("text", ["Lamp on?", "the lamp off, please?", "Turn on the lamp?", "lamp on？", "lamp on?”"])
async def test_a_question_is_no_command(brain: LocalBrain, text: str) -> None:
    house = House()
    _, reply = await replied(brain, UserTurn(text=text, functions=FUNCTIONS), house)
    assert (house.calls, reply) == ([], "I am not sure what to do. Please say it again.")


@pytest.mark.parametrize(
    "text", ["Could you turn on the lamp?", "please turn on the lamp?", "Ok, can you turn the lamp on ?"]
)
async def test_a_request_is_one_though_it_ends_as_a_question(brain: LocalBrain, text: str) -> None:
    house = House()
    await replied(brain, UserTurn(text=text, functions=FUNCTIONS), house)
    assert house.calls == [("set_device", {"device": "lamp", "state": "on"})]


async def test_what_was_forbidden_is_not_done_however_alike_it_sounds(models: Path, recogniser: Recogniser) -> None:
    easily_convinced = judging(recogniser, Strictness(largest_margin=30.0, smallest_lead=0.0))
    brain = LocalBrain(models, lambda: NOW, recogniser=easily_convinced)
    house = House()
    turn = UserTurn(audio=await said("don't turn on the lamp"), functions=FUNCTIONS)
    assert (await replied(brain, turn, house))[0].startswith("Don't")
    assert house.calls == []


async def test_a_question_is_answered_from_the_devices(brain: LocalBrain) -> None:
    house = House()
    house.states["fan"]["state"] = "on"
    turn = UserTurn(audio=await said("is the fan on"), functions=FUNCTIONS)
    assert (await replied(brain, turn, house))[1] == "Yes, the fan is on."


async def test_small_talk_is_heard_by_the_free_reading(brain: LocalBrain) -> None:
    heard, reply = await replied(brain, UserTurn(audio=await said("good morning"), functions=FUNCTIONS), House())
    assert heard.startswith("Good morning")
    assert reply == "Hello. What can I do for you?"


async def test_the_time_is_the_given_clocks(brain: LocalBrain) -> None:
    assert (await replied(brain, UserTurn(text="What time is it?"), House()))[1] == "It is 14:05."


async def test_without_functions_it_says_what_is_left(brain: LocalBrain) -> None:
    turn = UserTurn(audio=await said("turn on the lamp"))
    assert (await replied(brain, turn, House()))[1].endswith(", nor any other device.")
    assert (await replied(brain, UserTurn(text="help"), House()))[1] == "I work offline now: I can tell the time."


async def test_silence_is_answered_and_does_nothing(brain: LocalBrain) -> None:
    house = House()
    _, reply = await replied(brain, UserTurn(audio=silence(CAPTURE_RATE_HZ), functions=FUNCTIONS), house)
    assert reply.startswith(("I did not hear anything.", "I did not understand that."))
    assert house.calls == []


async def test_the_reply_has_the_accent_that_was_asked_for(brain: LocalBrain) -> None:
    def turn(language: str) -> UserTurn:
        return UserTurn(text="hello", language=language)

    async def sound(language: str) -> list[int]:
        pieces = [piece async for piece in brain.reply(turn(language), House().call)]
        return [sample for piece in pieces if isinstance(piece, Spoken) for sample in piece.audio.tolist()]

    american = await sound("")
    assert await sound("en-US") == american
    assert await sound("nl-NL") == american  # the words are English where there are none in the language
    assert await sound("de-DE") != american
    assert await sound("en-GB") != american


@pytest.mark.parametrize(("left_ms", "pause_ms"), [(280, 300), (320, 380), (340, 300)])
async def test_the_end_of_a_wake_word_before_a_pause_makes_no_other_sentence_of_an_order(
    brain: LocalBrain, left_ms: int, pause_ms: int
) -> None:
    """As it is sent: "…vis", a pause, "turn on the lamp" is "This, turning on the lamp" to the recogniser."""
    flite, house = Flite(), House()
    wake_word, order = [
        trimmed(await flite.speak(text, CAPTURE_RATE_HZ)) for text in ("hey jarvis", "turn on the lamp")
    ]
    left, pause = wake_word[-samples_of_ms(left_ms) :], silence(samples_of_ms(pause_ms))
    audio = np.concatenate((left, pause, order, silence(samples_of_ms(700))))
    await replied(brain, UserTurn(audio=audio, functions=FUNCTIONS), house)
    assert house.calls == [("set_device", {"device": "lamp", "state": "on"})]


async def test_who_says_no_first_is_not_taken_for_a_wake_word(brain: LocalBrain) -> None:
    flite, house = Flite(), House()
    no, order = [await flite.speak(text, CAPTURE_RATE_HZ) for text in ("don't", "turn on the lamp")]
    loud = np.flatnonzero(np.abs(no) > 100)
    parts = (no[loud[0] : loud[-1]], silence(samples_of_ms(360)), order, silence(8_000))
    await replied(brain, UserTurn(audio=np.concatenate(parts), functions=FUNCTIONS), house)
    assert not house.calls
