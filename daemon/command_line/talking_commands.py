"""The commands that talk with the model without the appliance: `pipit chat`, `ask`, `voices`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from daemon.command_line import words
from daemon.command_line.loading import settings_or_defaults

if TYPE_CHECKING:
    import argparse

    from daemon.chat.choices import Choices
    from daemon.house.settings import Settings


def chat(options: argparse.Namespace) -> int:
    from daemon.chat.command import ChatOptions, chat
    from daemon.chat.ending import run_attended
    from daemon.house.equipment import Drivers

    chosen = ChatOptions(
        settings=_chosen(options),
        choices=_choices(options),
        silent=options.silent or options.written,
        audio=options.audio or options.hands_free,
        hands_free=options.hands_free,
        how=options.how,
        keep=options.keep,
    )
    return run_attended(lambda attention: chat(chosen, attention, Drivers()))


def ask(options: argparse.Namespace) -> int:
    from daemon.chat.ask import Question, ask_once
    from daemon.chat.ending import run_attended
    from daemon.house.equipment import Drivers

    question = Question(
        file=options.question,
        anyway=options.anyway,
        text=options.text or "",
        reply=options.reply,
        as_json=options.json,
        timeout_s=options.timeout,
    )
    settings, choices = _chosen(options), _choices(options)
    return run_attended(lambda _: ask_once(settings, choices, question, Drivers()))


def voices(options: argparse.Namespace) -> int:
    from daemon.chat.voices import SAMPLE, Wanted, voices

    wanted = Wanted(
        names=options.names,
        text=options.text or SAMPLE,
        keep=options.keep,
        listed=options.list,
        agreed=options.yes,
    )
    return voices(_chosen(options), _choices(options), wanted, os.environ)


def _choices(options: argparse.Namespace) -> Choices:
    """What the command line says of the session."""
    from daemon.chat.choices import Choices

    said = vars(options)
    return Choices(**{name: said[name] for name in Choices.__dataclass_fields__ if name in said})


def _chosen(options: argparse.Namespace) -> Settings:
    """The settings, where there are any, with what the command line says instead."""
    from daemon.chat.choices import chosen

    settings = chosen(settings_or_defaults(options.settings), _choices(options))
    changes = {}
    for card in ("speaker", "microphone"):
        if device := getattr(options, card, None):
            changes[card] = getattr(settings, card).model_copy(update={"device": device})
    if models := getattr(options, "models", None):
        changes["wake"] = settings.wake.model_copy(update={"models_dir": models.absolute()})
    return settings.model_copy(update=changes)


COMMANDS: Final = (
    ("chat", chat, words.add_chat, "Talk with the model: typed or aloud, read or heard (docs/chat.md)."),
    ("ask", ask, words.add_ask, "Ask one question, from a sound file or in writing."),
    ("voices", voices, words.add_voices, "List the voices and hear them; tells first what that costs."),
)
"""Of each its name, what it does, its words, and what its help says."""
