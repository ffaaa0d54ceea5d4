"""The commands that show what is heard, and what the light says of it: `pipit listen`, `wake`, `lights`."""

from __future__ import annotations

import math
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from daemon.command_line import words
from daemon.command_line.loading import settings_or_defaults
from daemon.signals import run_until_told

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from daemon.house.settings import Settings
    from daemon.meter.hearing_meter import Moment


def add_listen(parser: argparse.ArgumentParser) -> None:
    """Its words."""
    words.add_settings(parser)
    _add_ears(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--file", type=Path, metavar="FILE", help="hear this WAV, FLAC or OGG, not the microphone")
    about = "play two whistles, and tell how much softer they come back than they are played (echo return loss)"
    what.add_argument("--echo", action="store_true", help=about)
    parser.add_argument("--seconds", type=words.seconds, metavar="S", help="how long; default: until Ctrl-C")
    parser.add_argument(
        "--plot", type=Path, metavar="FILE.svg", help="draw the last minute; listens for one if not told"
    )


def add_wake(parser: argparse.ArgumentParser) -> None:
    """Its words."""
    words.add_settings(parser)
    _add_ears(parser)
    parser.add_argument("--score", type=Path, nargs="+", required=True, metavar="FILE", help="recordings to be heard")
    parser.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw all of them, one after the other")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")


def add_lights(parser: argparse.ArgumentParser) -> None:
    """Its words."""
    from daemon.lights.looks import LOOKS
    from daemon.lights.palettes import PALETTES

    parser.add_argument("--state", choices=tuple(LOOKS), help="only this one, until Ctrl-C; default: each for a while")
    parser.add_argument("--count", type=int, default=12, choices=range(1, 61), metavar="N", help="lights; default: 12")
    parser.add_argument("--colours", choices=tuple(PALETTES), default="usual", help="default: usual")
    parser.add_argument("--seconds", type=words.seconds, metavar="S", help="how long each; default: 3")


def _add_ears(parser: argparse.ArgumentParser) -> None:
    about = "where install.sh put the models; default: the settings'"
    parser.add_argument("--models", type=Path, metavar="DIR", help=about)


def listen(options: argparse.Namespace) -> int:
    if options.echo:
        return _measure_echo(options.settings)
    from daemon.doctor.hands_on.terminal import LineTerminal
    from daemon.meter.listening import MINUTE_S, Heard, ears_of, listen_live, listen_to_file

    settings = _with_models(options)
    meter = ears_of(settings.wake)
    also = "" if options.file else _echo_on_record(settings)
    heard = Heard(LineTerminal(output=sys.stdout), each_second=not sys.stdout.isatty(), also=also)
    seconds = options.seconds or (MINUTE_S if options.plot else math.inf)
    try:
        if options.file:
            listen_to_file(options.file, meter, heard)
        else:
            run_until_told(listen_live(settings.microphone, meter, heard, seconds))
    finally:
        heard.conclude()
    _plot(options.plot, list(heard.minute), settings, str(options.file or settings.microphone.device))
    return os.EX_OK


def _echo_on_record(settings: Settings) -> str:
    from daemon.hearing.return_loss import MeasuredWith
    from daemon.house.barge_in import on_record_here
    from daemon.meter.meter_lines import echo_line

    return echo_line(on_record_here(os.environ), MeasuredWith.of(settings.microphone, settings.speaker.device))


def _measure_echo(path: Path) -> int:
    """As the doctor does it, who keeps the figure; the service lends its cards meanwhile. The exit status."""
    from daemon.doctor.examining.patient import this_machine
    from daemon.doctor.examining.report import as_text, exit_status, look_of
    from daemon.doctor.hands_on.hands import HANDS_ON, examine_hands_on
    from daemon.doctor.hands_on.terminal import LineTerminal

    site = replace(this_machine(path), settings=settings_or_defaults(path))
    measure = [check for check in HANDS_ON if check.name == "speaker-heard"]
    results = examine_hands_on(site, LineTerminal(output=sys.stdout), measure)
    print(as_text(results, look_of(sys.stdout, os.environ)))
    return exit_status(results)


def wake(options: argparse.Namespace) -> int:
    from daemon.hearing.making import wake_engine_of
    from daemon.hearing.voice_activity import VoiceActivity
    from daemon.meter.scoring import as_json, as_table, score_all, strung

    settings = _with_models(options)
    table = settings.wake
    rows = score_all(options.score, lambda: (wake_engine_of(table), VoiceActivity(table.models_dir)))
    print((as_json if options.json else as_table)(rows))
    _plot(options.plot, strung(rows), settings, ", ".join(path.name for path in options.score))
    return os.EX_OK


def lights(options: argparse.Namespace) -> int:
    from daemon.lights.terminal_lights import Drawn, draw

    drawn = Drawn(states=(options.state,) if options.state else (), count=options.count, palette=options.colours)
    seconds = options.seconds or (math.inf if options.state and sys.stdout.isatty() else 3.0)
    draw(drawn, seconds, sys.stdout)
    return os.EX_OK


def _with_models(options: argparse.Namespace) -> Settings:
    settings = settings_or_defaults(options.settings)
    if options.models is None:
        return settings
    return settings.model_copy(
        update={"wake": settings.wake.model_copy(update={"models_dir": options.models.absolute()})}
    )


def _plot(file: Path | None, moments: Sequence[Moment], settings: Settings, title: str) -> None:
    if file is None or not moments:
        return
    from daemon.errors import UsageError
    from daemon.meter.minute_chart import minute_chart

    try:
        file.write_bytes(minute_chart(moments, settings.wake.threshold, title))
    except OSError as error:
        raise UsageError(
            f"cannot write {file}: {error.strerror}", fix="name a file in a folder that is yours"
        ) from None


COMMANDS: Final = (
    ("listen", listen, add_listen, "Show what the microphone hears: level, room, gate, wake score, voice."),
    ("wake", wake, add_wake, "Tell what the wake word detector makes of recordings."),
    ("lights", lights, add_lights, "Draw in the terminal what a row or ring of lights shows."),
)
"""Of each its name, what it does, its words, and what its help says."""
