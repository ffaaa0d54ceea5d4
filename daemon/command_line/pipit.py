"""The command line: what `pipit` can be asked to do, and how each way of failing ends.

A `PipitError` is one sentence with its fix on standard error, and its own exit status; anything else is a fault of
Pipit and keeps its traceback. Commands import what they need themselves, so that `pipit check` starts at once.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from typing import TYPE_CHECKING, Final, TypeVar

from daemon import __version__
from daemon.command_line import words as cli_words
from daemon.command_line.household_commands import COMMANDS
from daemon.command_line.loading import load, settings_or_defaults
from daemon.command_line.streams import give_up_output, lost
from daemon.errors import PipitError, SettingsError
from daemon.signals import run_until_told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from daemon.chat.choices import Choices
    from daemon.house.settings import Settings

Failure = TypeVar("Failure", PipitError, OSError)

INTERRUPTED: Final = 130
"""What a shell reports of a command that ended by Ctrl-C."""


def run_command(arguments: Sequence[str]) -> int:
    """Run `pipit ARGUMENTS`; the exit status."""
    options = _parser().parse_args(arguments)
    _log_to_stderr(_level(options))
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        status = command(options)
        sys.stdout.flush()
    except* PipitError as group:
        error = _first(group)
        print(f"pipit: {error}", file=sys.stderr)
        status = error.exit_status
    except* KeyboardInterrupt:
        status = INTERRUPTED
    except* BrokenPipeError:
        give_up_output()
        status = os.EX_OK  # whoever read the output has seen enough
    except* OSError as group:
        if (output := lost(_first(group))) is None:
            raise
        give_up_output()
        print(f"pipit: {output}", file=sys.stderr)
        status = output.exit_status
    return status


def _first(group: BaseExceptionGroup[Failure]) -> Failure:
    for error in group.exceptions:
        return _first(error) if isinstance(error, BaseExceptionGroup) else error
    raise AssertionError("an exception group is never empty")


def _level(options: argparse.Namespace) -> int:
    """What runs as a service tells what happens, all else what fails; each -v, wherever it stands, tells more."""
    levels = [logging.ERROR, logging.INFO, logging.DEBUG]
    steps: int = (options.command in {_run, _token_broker}) + options.verbose + options.verbose_too
    return levels[min(steps, len(levels) - 1)]


def _log_to_stderr(level: int) -> None:
    """What Pipit itself logs, from `level` on; of the libraries only warnings, and those only if anything is shown."""
    logging.basicConfig(level=max(level, logging.WARNING), format="%(name)s: %(message)s", stream=sys.stderr)
    for name in ("daemon", "hardware"):
        logging.getLogger(name).setLevel(level)


# The commands


def _run(options: argparse.Namespace) -> int:
    from daemon.house.equipment import Drivers
    from daemon.house.held_outputs import note_outputs
    from daemon.house.running import run
    from daemon.house.supervision import Supervisor

    settings = load(options.settings)
    note_outputs(settings, os.environ)
    supervisor = Supervisor()
    run_until_told(run(settings, supervisor, Drivers()), on_stop=supervisor.stopping)
    return os.EX_OK


def _boards(_options: argparse.Namespace) -> int:
    from hardware.boards.pages import as_text
    from hardware.boards.reading import known_boards

    print(as_text(known_boards()))
    return os.EX_OK


def _demo(options: argparse.Namespace) -> int:
    from daemon.command_line.demo import DemoOptions, demo

    chosen = DemoOptions(
        models=options.models,
        wav=options.wav,
        anyway=options.anyway,
        alsa=options.alsa,
        cloud=options.cloud,
        out=options.out,
        microphone=options.microphone,
        speaker=options.speaker,
    )
    run_until_told(demo(chosen))
    return os.EX_OK


def _check(options: argparse.Namespace) -> int:
    from daemon.house.file import check
    from daemon.wake.models import check_words

    report = check(options.settings)
    if report.settings is None:
        print(report, file=sys.stderr)
        return SettingsError.exit_status
    check_words(report.settings.wake.models, report.settings.wake.models_dir)
    print(report)
    return os.EX_OK


def _schema(_: argparse.Namespace) -> int:
    from daemon.house.settings import Settings
    from daemon.settings.json_schema import schema_text

    print(schema_text(Settings), end="")
    return os.EX_OK


def _safe(options: argparse.Namespace) -> int:
    from daemon.house.held_outputs import noted_outputs
    from daemon.house.wiring import make_safe

    count = make_safe(noted_outputs(os.environ) or load(options.settings))
    print(f"{count} {'output is' if count == 1 else 'outputs are'} in the safe state")
    return os.EX_OK


def _doctor(options: argparse.Namespace) -> int:
    from daemon.doctor.command import DoctorOptions, bench, doctor

    if options.bench:
        return bench(options.settings, as_json=options.json)
    chosen = DoctorOptions(
        settings=options.settings,
        as_json=options.json,
        fix=options.fix,
        check_key=options.check_key,
        hands_on=options.hands_on,
    )
    return doctor(chosen)


def _support_bundle(options: argparse.Namespace) -> int:
    from daemon.doctor.command import support_bundle

    return support_bundle(options.settings, options.output)


def _ask(options: argparse.Namespace) -> int:
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


def _chat(options: argparse.Namespace) -> int:
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


def _voices(options: argparse.Namespace) -> int:
    from daemon.chat.voices import SAMPLE, Wanted, voices

    wanted = Wanted(
        names=options.names,
        text=options.text or SAMPLE,
        keep=options.keep,
        listed=options.list,
        agreed=options.yes,
    )
    return voices(_chosen(options), _choices(options), wanted, os.environ)


def _history(options: argparse.Namespace) -> int:
    from time import time

    from daemon.abilities.memory import history_command
    from daemon.state.archive import state_file_of_service

    path = state_file_of_service(os.environ, options.state)
    match options.action:
        case "show":
            kept = _history_is_kept(options.settings)
            history_command.show(path, time(), options.days, as_json=options.json, kept=kept)
        case "export":
            count = history_command.export(path, options.file, kept=_history_is_kept(options.settings))
            if options.file != "-":
                print(f"{count} {'remark' if count == 1 else 'remarks'} written to {options.file}")
        case "forget":
            count = history_command.forget_in(path, history_command.chosen(options.since, options.containing))
            print(f"{count} {'remark' if count == 1 else 'remarks'} forgotten; the next session begins anew")
    return os.EX_OK


def _history_is_kept(path: Path) -> bool:
    """Whether the settings say so; settings that are missing or wrong are another command's matter."""
    from daemon.house.file import check

    settings = check(path).settings
    return settings is None or settings.history.keep


def _usage(options: argparse.Namespace) -> int:
    from datetime import datetime

    from daemon.spending.usage_page import as_json, as_text, overview

    today = datetime.now().astimezone().date().isoformat()
    view = overview(options.state, today, settings_or_defaults(options.settings).usage)
    print((as_json if options.json else as_text)(view, options.shown))
    return os.EX_OK


def _live_server(options: argparse.Namespace) -> int:
    from daemon.offline.serving import ServingOptions, serve

    chosen = ServingOptions(
        models=options.models,
        certificate_dir=options.certificates,
        scenario=options.scenario,
        host=options.host,
        port=options.port,
        plain_port=options.plain_port,
        origins=tuple(options.origins),
        quick=options.quick,
    )
    run_until_told(serve(chosen))
    return os.EX_OK


def _token_broker(options: argparse.Namespace) -> int:
    from daemon.command_line.broker_command import token_broker

    return token_broker(options)


# What several commands need


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


# The words


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pipit", description="A voice appliance for the Raspberry Pi.")
    parser.add_argument("--version", action="version", version=f"pipit {__version__}")
    cli_words.add_verbose(parser, "verbose")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        cli_words.add_verbose(sub, "verbose_too")  # a parser of its own, which would forget what stood before it
        return sub

    for name, command, text in (
        ("run", _run, "Run the appliance; what the service does."),
        ("check", _check, "Check the settings and say everything that is wrong with them."),
        ("safe", _safe, "Put every output into its safe state."),
    ):
        cli_words.add_settings(add(name, command, text))
    cli_words.add_doctor(add("doctor", _doctor, "Look what is wrong with this machine; 1 if there is a fault."))
    about = "Put what helps to find a fault into a file: no audio, no words, no key, no names."
    cli_words.add_support_bundle(add("support-bundle", _support_bundle, about))
    add("schema", _schema, "Print the JSON Schema of the settings, for editors.")
    add("boards", _boards, "List the sound boards that Pipit knows, and what each wants.")
    cli_words.add_demo(add("demo", _demo, "Hold a whole conversation, with nothing, or with what you have."))
    cli_words.add_chat(add("chat", _chat, "Talk with the model: typed or aloud, read or heard (docs/chat.md)."))
    cli_words.add_ask(add("ask", _ask, "Ask one question, from a sound file or in writing."))
    cli_words.add_voices(add("voices", _voices, "List the voices and hear them; tells first what that costs."))
    cli_words.add_history(add("history", _history, "Show, export or forget what was said."))
    cli_words.add_usage(add("usage", _usage, "Show what was used and what it cost."))
    cli_words.add_live_server(
        add("live-server", _live_server, "Serve the Live protocol on this machine, without internet.")
    )
    about = "Give tokens for Live sessions to devices that have a secret, so that they need no API key."
    cli_words.add_token_broker(add("token-broker", _token_broker, about))
    for name, command, words, text in COMMANDS:
        words(add(name, command, text))
    return parser
