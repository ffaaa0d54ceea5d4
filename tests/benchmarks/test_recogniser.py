"""How often commands are understood, misunderstood and heard in other speech; run with `-s` to see the figures.

Synthetic voices stand in for people: they are harder for the recogniser than the recordings of real voices below.
"""

import asyncio
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from daemon.brain.abilities import Abilities
from daemon.brain.phrases import Intent, commands
from daemon.brain.recognition.grammar import Grammar, Sentence, Value
from daemon.brain.recognition.recogniser import Hearing, Recogniser
from daemon.brain.repertoire import DOING, heard
from daemon.brain.sound_phrases import SoundIntent
from daemon.brain.time_phrases import TimeIntent
from daemon.brain.understanding import against, spoken_sentence
from daemon.errors import AudioFileError
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples
from daemon.sound.wav import read_audio
from daemon.speech.synthesis import Espeak, Flite, Synthesiser
from tests.benchmarks.figures import Figures
from tests.daemon.brain.day_house import ALL_ABLE

DEVICES: Final = (
    "lamp",
    "fan",
    "garage door",
    "coffee machine",
    "kitchen light",
    "bedroom lamp",
    "desk lamp",
    "heater",
)
DAY: Final = ALL_ABLE.day


def able(names: tuple[str, ...]) -> Abilities:
    """What can be done with devices of these names, and all of the household's day."""
    return Abilities(names, ("on", "off", "toggle"), names, "percent", lists=True, plannable=names, day=DAY)


ABLE: Final = able(DEVICES)

VOICES: Final[dict[str, Synthesiser]] = {
    "espeak-ng en-us": Espeak("en-us"),
    "espeak-ng en-gb": Espeak("en-gb"),
    **({f"flite {name}": Flite(name) for name in ("slt", "rms", "awb")} if shutil.which("flite") else {}),
}
LONG: Final = "PIPIT_LONG_BENCHMARKS" in os.environ
"""All voices and recordings (a minute) instead of two voices (a quarter of it)."""

Meaning = tuple[str, dict[str, Value]]


def asked(state: str, device: str) -> Meaning:
    return Intent.SWITCH, {"device": device, "state": state}


def level(device: str, percent: int) -> Meaning:
    return Intent.SET_LEVEL, {"device": device, "percent": percent}


COMMANDS: Final[dict[str, Meaning]] = {
    **{f"turn on the {device}": asked("on", device) for device in DEVICES},
    **{f"switch the {device} off": asked("off", device) for device in DEVICES},
    **{f"is the {device} on": (Intent.ASK_STATE, {"device": device, "asked": "on"}) for device in DEVICES[:4]},
    **{f"set the {device} to forty percent": level(device, 40) for device in DEVICES[:4]},
    "coffee machine on": asked("on", "coffee machine"),
    "could you turn on the heater please": asked("on", "heater"),
    "dim the bedroom lamp to twenty five percent": level("bedroom lamp", 25),
    "set the desk lamp to one hundred percent": level("desk lamp", 100),
    "please toggle the kitchen light": (Intent.TOGGLE, {"device": "kitchen light"}),
    "turn on the lamp and the fan": (Intent.SWITCH_TWO, {"device": "lamp", "other": "fan", "state": "on"}),
    "switch off everything": (Intent.SWITCH_ALL, {"state": "off"}),
    "what devices are there": (Intent.LIST_DEVICES, {}),
}

WEEKDAYS: Final = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"

OF_THE_DAY: Final[dict[str, Meaning]] = {
    "set a timer for ten minutes": (TimeIntent.SET_TIMER, {"duration": 600}),
    "set a pasta timer for eight minutes": (TimeIntent.SET_TIMER, {"name": "pasta", "duration": 480}),
    "start a timer of one and a half hours": (TimeIntent.SET_TIMER, {"duration": 5400}),
    "five minute timer": (TimeIntent.SET_TIMER, {"length": 300}),
    "cancel the pasta timer": (TimeIntent.CHANGE, {"change": "cancel", "name": "pasta"}),
    "pause the timer": (TimeIntent.CHANGE, {"change": "pause"}),
    "how long is left on the pasta timer": (TimeIntent.ASK_LEFT, {"name": "pasta"}),
    "wake me at seven": (TimeIntent.SET_ALARM, {"time": "07:00?"}),
    "wake me at half past six tomorrow": (TimeIntent.SET_ALARM, {"time": "06:30?", "day": "tomorrow"}),
    "set an alarm for nine on weekdays": (TimeIntent.SET_ALARM, {"time": "09:00?", "repeat": WEEKDAYS}),
    "turn off the fan in twenty minutes": (
        TimeIntent.PLAN,
        {"state": "off", "device": "fan", "duration": 1200},
    ),
    "turn the heater on at six tomorrow": (
        TimeIntent.PLAN,
        {"state": "on", "device": "heater", "time": "06:00?", "day": "tomorrow"},
    ),
    "set the volume to forty percent": (SoundIntent.SET_VOLUME, {"level": 40}),
    "do not disturb until eight": (SoundIntent.QUIET_ON, {"time": "08:00?"}),
}

OTHER_SPEECH: Final = (
    "what is the weather like tomorrow",
    "tell me a joke about penguins",
    "remind us of the good old times",
    "turn on the television",
    "turn off the radio",
    "the alarm went off at seven in the morning",
    "open the garage door",
    "close the kitchen window",
    "don't turn on the heater",
    "the kitchen light is really ugly",
    "did you see the fan mail I got",
    "we should go and buy a coffee machine",
    "the lamp post on the corner is broken",
    "the timer was set for ten minutes yesterday",
    "set the table for four people",
    "is the kitchen on fire",
    "is the shop on the corner open",
    "I turned the page and read on",
    "she turned off the main road",
    "turn left at the next corner",
    "what devices are people buying",
    "fan heaters are expensive",
    "good morning everybody",
    "I think we should turn everything upside down",
)


@dataclass
class Tally:
    """What became of a set of utterances; `cpu_s` of `sound_s` seconds of sound."""

    right: int = 0
    wrong: int = 0
    rejected: int = 0
    sound_s: float = 0.0
    cpu_s: float = 0.0

    def add(self, hearing: Hearing, wanted: Sentence | None) -> None:
        if hearing.match is None:
            self.rejected += 1
        elif hearing.match.sentence == wanted:
            self.right += 1
        else:
            self.wrong += 1
            print(f"  wrong: {hearing.transcript.text!r} as {hearing.match}")

    def __str__(self) -> str:
        total = self.right + self.wrong + self.rejected
        return (
            f"{total} utterances: right {self.right / total:.3f}, wrong {self.wrong / total:.3f}, rejected"
            f" {self.rejected / total:.3f}, CPU {self.cpu_s / self.sound_s:.3f} s per second of sound"
        )


@pytest.fixture(scope="module")
def recogniser(models: Path) -> Recogniser:
    return Recogniser(models)


def hear(recogniser: Recogniser, sound: Samples, grammar: Grammar, tally: Tally) -> Hearing:
    began = time.process_time()
    hearing = recogniser.hear(sound, grammar)
    tally.cpu_s += time.process_time() - began
    tally.sound_s += len(sound) / CAPTURE_RATE_HZ
    return hearing


async def spoken(texts: list[str], voice: Synthesiser) -> list[Samples]:
    return [await voice.speak(text, CAPTURE_RATE_HZ) for text in texts]


def test_commands_are_understood_and_other_speech_is_not(recogniser: Recogniser, figures: Figures) -> None:
    grammar = heard(ABLE)
    told, day, other = Tally(), Tally(), Tally()
    voices = {name: voice for name, voice in VOICES.items() if LONG or name in ("espeak-ng en-us", "flite slt")}
    for name, voice in voices.items():
        before = told.right, told.wrong
        for sound, (intent, slots) in zip(asyncio.run(spoken(list(COMMANDS), voice)), COMMANDS.values(), strict=True):
            told.add(hear(recogniser, sound, grammar, told), Sentence(intent, slots))
        for sound, (intent, slots) in zip(
            asyncio.run(spoken(list(OF_THE_DAY), voice)), OF_THE_DAY.values(), strict=True
        ):
            day.add(hear(recogniser, sound, grammar, day), Sentence(intent, slots))
        for sound in asyncio.run(spoken(list(OTHER_SPEECH), voice)):
            other.add(hear(recogniser, sound, grammar, other), None)
        print(f"{name}: right {told.right - before[0]} of {len(COMMANDS)}, wrong {told.wrong - before[1]}")
    print(f"commands: {told}\nof the day: {day}\nother speech: {other}")
    of_day = len(OF_THE_DAY) * len(voices)
    figures.at_least(70, "%", "sentences of the household's day understood", 100 * day.right / of_day)
    figures.at_most(1.5, "%", "sentences of the household's day misunderstood", 100 * day.wrong / of_day)
    figures.at_least(90, "%", "commands understood", 100 * told.right / len(COMMANDS) / len(voices))
    figures.at_most(1.5, "%", "commands misunderstood", 100 * told.wrong / len(COMMANDS) / len(voices))
    figures.at_most(1, "%", "other speech taken for a command", 100 * other.wrong / len(OTHER_SPEECH) / len(voices))
    figures.at_most(500, "ms of CPU a second", "recognising a command", 1e3 * told.cpu_s / told.sound_s)


def test_a_hundred_devices_cost_little_more_than_five(recogniser: Recogniser, figures: Figures) -> None:
    rooms = ("kitchen", "bedroom", "bathroom", "hallway", "garage", "garden", "study", "attic", "nursery", "office")
    things = ("lamp", "light", "fan", "heater", "blind", "socket", "radio", "screen", "pump", "valve")
    hundred = tuple(f"{room} {thing}" for thing in things for room in rooms)
    sounds = asyncio.run(spoken(list(COMMANDS)[:16], Espeak("en-us")))
    cost = {}
    for names in (DEVICES[:5], hundred):
        grammar, tally = heard(able(names)), Tally()
        recogniser.hear(sounds[0], grammar)  # compiles the grammar
        for sound in sounds:
            hear(recogniser, sound, grammar, tally)
        cost[len(names)] = tally.cpu_s / tally.sound_s
    figures.at_most(2e3 * cost[5], "ms of CPU a second", "recognising with 100 devices instead of 5", 1e3 * cost[100])


def test_the_household_day_costs_little(recogniser: Recogniser, figures: Figures) -> None:
    sounds = asyncio.run(spoken([*COMMANDS, *OTHER_SPEECH], Espeak("en-us")))
    cost = []
    for grammar in (commands(ABLE), heard(ABLE)):
        tally = Tally()
        recogniser.hear(sounds[0], grammar)  # compiles the grammar
        for sound in sounds:
            hear(recogniser, sound, grammar, tally)
        cost.append(1e3 * tally.cpu_s / tally.sound_s)
    figures.at_most(1.3 * cost[0], "ms of CPU a second", "recognising with the day's sentences too", cost[1])


def short_recordings(folder: Path) -> Iterator[tuple[Path, Samples]]:
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".wav", ".flac", ".ogg"}):
        try:
            sound = read_audio(path)
        except AudioFileError:
            continue  # some recordings are corrupt where they were published
        if len(sound) <= 12 * CAPTURE_RATE_HZ:
            yield path, sound


@pytest.mark.recordings
@pytest.mark.skipif(not LONG, reason="takes a minute: set PIPIT_LONG_BENCHMARKS")
def test_people_are_understood_and_their_other_speech_is_not(
    recogniser: Recogniser, recordings: Path, figures: Figures
) -> None:
    names = (*DEVICES, "office lights")
    grammar = heard(able(names))
    told, other = Tally(), Tally()
    done = []
    for path, sound in short_recordings(recordings):
        is_command = path.parent.name == "positive"
        tally = told if is_command else other
        wanted = Sentence(Intent.SWITCH, {"device": "office lights", "state": "on"}) if is_command else None
        hearing = hear(recogniser, sound, grammar, tally)
        tally.add(hearing, wanted)
        understood = spoken_sentence(hearing, able(names))
        words, sentence = understood.words, understood.sentence
        if not is_command and sentence and sentence.intent in DOING and not against(sentence, words, able(names)):
            done.append(words)
    print(f"commands: {told}\nother speech: {other}")
    figures.at_most(0, "utterances", "commands of people not understood, or misunderstood", told.rejected + told.wrong)
    figures.at_most(other.rejected / 200, "utterances", "other sounds of people taken for a command", other.wrong)
    figures.at_most(0, "utterances", "other sounds of people acted upon, by either reading", len(done))
