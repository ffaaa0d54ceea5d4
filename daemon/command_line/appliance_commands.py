"""The commands that run the appliance, or look at it and at its machine: `pipit run`, `check`, `doctor`, …"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from daemon.command_line import words
from daemon.command_line.loading import load
from daemon.errors import SettingsError
from daemon.signals import run_until_told

if TYPE_CHECKING:
    import argparse


def run(options: argparse.Namespace) -> int:
    from daemon.house.lean_imports import prefer_lean

    prefer_lean()  # before anything is imported that is not Python's own
    from daemon.house.equipment import Drivers, real_echo
    from daemon.house.held_outputs import note_outputs
    from daemon.house.running import run
    from daemon.house.supervision import Supervisor

    settings = load(options.settings)
    note_outputs(settings, os.environ)
    supervisor = Supervisor()
    run_until_told(run(settings, supervisor, Drivers(echo=real_echo)), on_stop=supervisor.stopping)
    return os.EX_OK


def check(options: argparse.Namespace) -> int:
    from daemon.house.file import check
    from daemon.wake.models import check_words

    report = check(options.settings)
    if report.settings is None:
        print(report, file=sys.stderr)
        return SettingsError.exit_status
    check_words(report.settings.wake.models, report.settings.wake.models_dir)
    print(report)
    return os.EX_OK


def safe(options: argparse.Namespace) -> int:
    from daemon.house.held_outputs import noted_outputs
    from daemon.house.wiring import make_safe

    count = make_safe(noted_outputs(os.environ) or load(options.settings))
    print(f"{count} {'output is' if count == 1 else 'outputs are'} in the safe state")
    return os.EX_OK


def doctor(options: argparse.Namespace) -> int:
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


def support_bundle(options: argparse.Namespace) -> int:
    from daemon.doctor.command import support_bundle

    return support_bundle(options.settings, options.output)


def schema(_: argparse.Namespace) -> int:
    from daemon.house.settings import Settings
    from daemon.settings.json_schema import schema_text

    print(schema_text(Settings), end="")
    return os.EX_OK


def boards(_options: argparse.Namespace) -> int:
    from hardware.boards.pages import as_text
    from hardware.boards.reading import known_boards

    print(as_text(known_boards()))
    return os.EX_OK


def demo(options: argparse.Namespace) -> int:
    from daemon.command_line.demo import DemoOptions, demo

    chosen = DemoOptions(
        models=options.models,
        wav=options.wav,
        say=tuple(options.say or ()),
        settings=options.settings,
        anyway=options.anyway,
        alsa=options.alsa,
        cloud=options.cloud,
        out=options.out,
        microphone=options.microphone,
        speaker=options.speaker,
    )
    run_until_told(demo(chosen))
    return os.EX_OK


COMMANDS: Final = (
    ("run", run, words.add_settings, "Run the appliance; what the service does."),
    ("check", check, words.add_settings, "Check the settings and say everything that is wrong with them."),
    ("safe", safe, words.add_settings, "Put every output into its safe state."),
    ("doctor", doctor, words.add_doctor, "Look what is wrong with this machine; 1 if there is a fault."),
    (
        "support-bundle",
        support_bundle,
        words.add_support_bundle,
        "Put what helps to find a fault into a file: no audio, no words, no key, no names.",
    ),
    ("schema", schema, words.add_nothing, "Print the JSON Schema of the settings, for editors."),
    ("boards", boards, words.add_nothing, "List the sound boards that Pipit knows, and what each wants."),
    ("demo", demo, words.add_demo, "Hold a whole conversation, with nothing, or with what you have."),
)
"""Of each its name, what it does, its words, and what its help says."""
