"""What may be said after each command of `pipit`: options, their defaults and their help."""

from __future__ import annotations

import os
from argparse import ArgumentTypeError, BooleanOptionalAction
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.house.file import DEFAULT_PATH
from daemon.own_folder import own_state

if TYPE_CHECKING:
    from argparse import ArgumentParser


def add_verbose(parser: ArgumentParser, name: str) -> None:
    """Counted as `name`."""
    about = "tell more of what happens; twice, or once after `run`, why as well (docs/troubleshooting.md)"
    parser.add_argument("-v", "--verbose", action="count", default=0, dest=name, help=about)


def add_nothing(_parser: ArgumentParser) -> None:
    """For a command that takes no words of its own."""


def add_settings(parser: ArgumentParser) -> None:
    parser.add_argument("--settings", type=Path, default=DEFAULT_PATH, metavar="FILE", help=f"default: {DEFAULT_PATH}")


def _add_models(parser: ArgumentParser) -> None:
    default = Path(os.environ.get("PIPIT_MODELS", "models"))
    parser.add_argument("--models", type=Path, default=default, metavar="DIR", help="where install.sh put the models")


def _add_anyway(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--anyway", action="store_true", help="send the recording even if there is nothing to hear in it"
    )


def add_demo(parser: ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--wav", type=Path, metavar="FILE", help="hear this recording instead of a synthetic voice")
    source.add_argument(
        "--say", action="append", metavar="TEXT", help="have the synthetic voice ask for this; may be repeated"
    )
    _add_anyway(parser)
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="try its devices, inputs, groups and scenes, on played pins"
    )
    source.add_argument("--alsa", action="store_true", help="talk and listen by sound card, until Ctrl-C")
    parser.add_argument("--cloud", action="store_true", help="talk with Google; needs a key")
    parser.add_argument("--out", type=Path, default=Path("demo-output"), metavar="DIR", help="default: demo-output")
    parser.add_argument("--microphone", default="default", metavar="PCM", help="with --alsa: as `arecord -L` prints it")
    parser.add_argument("--speaker", default="default", metavar="PCM", help="with --alsa: as `aplay -L` prints it")
    _add_models(parser)


def _add_session(parser: ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("--key-file", metavar="FILE", help="file of mode 0600 that holds the API key")
    parser.add_argument("--model", help="the Live model")
    parser.add_argument("--endpoint", metavar="URL", help="https://127.0.0.1:8443 for `pipit live-server`")
    parser.add_argument("--ca-file", metavar="FILE", help="the certificate authority of that endpoint")
    parser.add_argument("--show-wire", action="store_true", help="show every message both ways; no sound, no keys")


def _add_manner(parser: ArgumentParser) -> None:
    """How the model speaks, and what it may do."""
    parser.add_argument("--voice", help="the voice of the reply; `pipit voices --list` has them")
    parser.add_argument("--language", metavar="TAG", help="the language of the reply, such as de or pt-BR")
    parser.add_argument("--system", metavar="TEXT|@FILE", help="the system instruction, or a file that holds it")
    parser.add_argument("--tools", action="store_true", help="let it work the devices of the settings")


def _add_speaker(parser: ArgumentParser) -> None:
    parser.add_argument("--speaker", metavar="PCM", help="as `aplay -L` prints it; default: the settings'")


def add_chat(parser: ArgumentParser) -> None:
    _add_session(parser)
    _add_manner(parser)
    parser.add_argument(
        "--text",
        action="store_true",
        dest="written",
        help="read the replies: no sound; in text where the model writes, else as the transcript of its speech",
    )
    parser.add_argument("--audio", action="store_true", help="talk by microphone: Enter begins, Enter ends")
    parser.add_argument("--hands-free", action="store_true", help="… without Enter: the end of speech is found here")
    about = "with --hands-free: where install.sh put the models; default: the settings'"
    parser.add_argument("--models", type=Path, metavar="DIR", help=about)
    parser.add_argument("--silent", action="store_true", help="do not play the replies, but have them spoken (--keep)")
    _add_speaker(parser)
    parser.add_argument("--microphone", metavar="PCM", help="as `arecord -L` prints it; default: the settings'")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep each reply as a WAV file")
    begin = parser.add_mutually_exclusive_group()
    for how, text in (("resume", "take up the last conversation"), ("new", "forget it, and begin anew")):
        begin.add_argument(f"--{how}", action="store_const", const=how, default="", dest="how", help=text)


def add_ask(parser: ArgumentParser) -> None:
    _add_session(parser)
    _add_manner(parser)
    question = parser.add_mutually_exclusive_group(required=True)
    question.add_argument(
        "question", type=Path, nargs="?", metavar="FILE", help="WAV, FLAC or OGG; - for standard input"
    )
    question.add_argument("--text", type=_words, metavar="QUESTION", help="ask this, in writing")
    _add_anyway(parser)
    parser.add_argument("-o", "--reply", type=Path, metavar="FILE", help="the spoken reply, as .wav, .flac or .ogg")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text (docs/chat.md)")
    parser.add_argument("--timeout", type=seconds, default=60.0, metavar="S", help="for the whole reply; default: 60")


def add_voices(parser: ArgumentParser) -> None:
    _add_session(parser)
    _add_speaker(parser)
    parser.add_argument("names", nargs="*", metavar="VOICE", help="hear these; default: all 30")
    parser.add_argument("--list", action="store_true", help="only in words, which costs nothing")
    parser.add_argument("--text", type=_words, metavar="SENTENCE", help="what they say; {name} is the voice's name")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write each to a WAV file there, and play none")
    parser.add_argument("--yes", action="store_true", help="do not ask whether it may cost that")


def _words(text: str) -> str:
    if not text.strip():
        raise ArgumentTypeError("must not be empty")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ArgumentTypeError("must be UTF-8")
    return text.strip()


def seconds(text: str) -> float:
    """An argument that says how long."""
    try:
        length = float(text)
    except ValueError:
        length = 0.0
    if not 0 < length <= 3_600:
        raise ArgumentTypeError(f'must be more than 0 and at most 3600 seconds, not "{text}"')
    return length


def add_state(parser: ArgumentParser) -> None:
    """systemd names the folder for the service; people look at the one it had."""
    default = Path(os.environ.get("STATE_DIRECTORY", "").partition(":")[0] or "/var/lib/pipit")
    parser.add_argument("--state", type=Path, default=default, metavar="DIR", help=f"default: {default}")


def add_usage(parser: ArgumentParser) -> None:
    add_settings(parser)
    add_state(parser)
    period = parser.add_mutually_exclusive_group()
    for flag, text in (("today", "only today"), ("month", "only this month"), ("by-day", "a line and a bar a day")):
        shown = flag.replace("-", "_")
        period.add_argument(f"--{flag}", action="store_const", const=shown, default="both", dest="shown", help=text)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text; money in millionths")


def add_live_server(parser: ArgumentParser) -> None:
    state = own_state(os.environ) / "pipit"
    parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
    parser.add_argument("--port", type=int, default=8443, help="for TLS; default: 8443, 0: any free one")
    parser.add_argument("--plain-port", type=int, metavar="PORT", help="also serve without TLS, for JavaScript clients")
    parser.add_argument("--scenario", type=Path, metavar="FILE", help="play this scenario (docs/scenarios.md)")
    about = "let pages of this origin open sessions, besides those of this machine; *: all. May be given several times"
    parser.add_argument("--allow-origin", action="append", default=[], metavar="ORIGIN", dest="origins", help=about)
    about = "end a turn when its sound is sent, not, as Google's service does, when it would have been heard"
    parser.add_argument("--quick", action="store_true", help=about)
    about = "auto: unknown words by the model of the extra, where it is installed; rules: never (default: auto)"
    parser.add_argument("--understanding", choices=("auto", "rules"), default="auto", help=about)
    parser.add_argument("--certificates", type=Path, default=state, metavar="DIR", help=f"default: {state}")
    _add_models(parser)
    _add_home_server(parser)


def _add_home_server(parser: ArgumentParser) -> None:
    add_settings(parser)
    about = "serve the devices of a house (docs/home-server.md); without HOST:PORT where [home_server] says"
    parser.add_argument("--listen", nargs="?", const="", metavar="HOST:PORT", help=about)
    folder = os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
    state = Path(folder) if folder else own_state(os.environ) / "pipit-home-server"
    about = f"where devices, certificate and usage of --listen are kept; default: {state}"
    parser.add_argument("--state", type=Path, default=state, metavar="DIR", help=about)
    about = "Make a secret for a device and print it, this once; a device that has one gets another."
    _add_device_actions(parser, about, "Let this device open no more sessions.", "let it in no more")


def add_token_broker(parser: ArgumentParser) -> None:
    add_settings(parser)
    folder = os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
    state = Path(folder) if folder else own_state(os.environ) / "pipit-token-broker"
    about = f"where devices and certificate are kept; default: {state}"
    parser.add_argument("--state", type=Path, default=state, metavar="DIR", help=about)
    about = "address to listen on; default: [broker] host, which is this machine alone (127.0.0.1) unless you change it"
    parser.add_argument("--host", help=about)
    parser.add_argument("--port", type=_port, help="default: [broker] port; 0: any free one")
    about = "Make a secret for a device and print it, this once; a device that has one gets another."
    _add_device_actions(parser, about, "Give this device no more tokens.", "give it no more tokens")


def _add_device_actions(parser: ArgumentParser, adding: str, removing: str, help_removing: str) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    add = actions.add_parser("add-device", help="make a secret for a device", description=adding)
    remove = actions.add_parser("remove-device", help=help_removing, description=removing)
    for action in (add, remove):
        action.add_argument("name", metavar="NAME", help='such as "kitchen"')
    actions.add_parser("devices", help="list the devices", description="List the devices that have a secret.")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= 65_535):
        raise ArgumentTypeError(f'must be 0 to 65535, not "{text}"')
    return int(text)


def add_history(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, dest="action", metavar="ACTION")
    show = actions.add_parser("show", help="print it", description="Print what was said.")
    show.add_argument("--days", type=_days, metavar="N", help="of the last N days alone")
    show.add_argument("--json", action="store_true", help="one JSON object instead of text")
    about = "Write everything to a new file, one JSON object a line."
    export = actions.add_parser("export", help="write it to a file", description=about)
    export.add_argument("file", metavar="FILE", help='"-" is standard output')
    for action in (show, export):
        add_settings(action)
    about = "Forget for good; a running service forgets, too. Its next session begins anew."
    forget = actions.add_parser("forget", help="remove it for good", description=about)
    what = forget.add_mutually_exclusive_group(required=True)
    what.add_argument("--all", action="store_true", help="everything")
    what.add_argument("--since", metavar="DATE", help="what was said on that day or later, as 2026-01-31")
    what.add_argument("--containing", metavar="TEXT", help="every exchange in which TEXT was said, in any case")
    for action in (show, export, forget):
        action.add_argument("--state", type=Path, metavar="DIR", help="default: $STATE_DIRECTORY, else /var/lib/pipit")


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 36_500):
        raise ArgumentTypeError(f'must be 1 to 36500 days, not "{text}"')
    return int(text)


def add_doctor(parser: ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    parser.add_argument("--fix", action="store_true", help="mend what is safe to mend, and say what was done")
    parser.add_argument("--bench", action="store_true", help="measure this machine instead; takes a minute")
    asked = "default: asked on a terminal"
    parser.add_argument(
        "--check-key",
        action=BooleanOptionalAction,
        help=f"ask the service, for free, whether it takes the key; {asked}",
    )
    parser.add_argument(
        "--hands-on", action=BooleanOptionalAction, help=f"try microphone, speaker, button and light; {asked}"
    )


def add_support_bundle(parser: ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("--output", type=Path, metavar="FILE", help="default: pipit-support-DATE.tar.gz here")
