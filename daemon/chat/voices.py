"""`pipit voices`: the prebuilt voices in words, and each in its own sound: one session a voice, one after the other."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, get_args

from daemon.chat.account import Account, money
from daemon.chat.choices import Choices, as_chosen
from daemon.chat.ending import run_attended
from daemon.chat.line import connected
from daemon.chat.recordings import keep_reply
from daemon.chat.screen import Look, Screen, tidied
from daemon.chat.talk import Spoken
from daemon.chat.wire import WireView
from daemon.errors import UsageError
from daemon.house.sessions import options_maker
from daemon.live.proxies import is_loopback
from daemon.live.settings import Voice
from daemon.speech.loudspeaker import loudspeaker
from daemon.spending.prices import Billed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from daemon.chat.turn_and_reply import Exchange
    from daemon.house.settings import Settings
    from daemon.live.options import LiveOptions
    from daemon.speech.loudspeaker import Loudspeaker

NAMES: Final[tuple[str, ...]] = get_args(Voice)

DESCRIPTIONS: Final = {
    "Achernar": "soft", "Achird": "friendly", "Algenib": "gravelly", "Algieba": "smooth", "Alnilam": "firm",
    "Aoede": "breezy", "Autonoe": "bright", "Callirrhoe": "easy-going", "Charon": "informative", "Despina": "smooth",
    "Enceladus": "breathy", "Erinome": "clear", "Fenrir": "excitable", "Gacrux": "mature", "Iapetus": "clear",
    "Kore": "firm", "Laomedeia": "upbeat", "Leda": "youthful", "Orus": "firm", "Pulcherrima": "forward",
    "Puck": "upbeat", "Rasalgethi": "informative", "Sadachbia": "lively", "Sadaltager": "knowledgeable",
    "Schedar": "even", "Sulafat": "warm", "Umbriel": "easy-going", "Vindemiatrix": "gentle", "Zephyr": "bright",
    "Zubenelgenubi": "casual",
}  # fmt: skip
"""The word that Google's speech generation documentation has for each (2026-10)."""

SAMPLE: Final = "Hello, this is {name}. Good evening. The lamp in the kitchen is on, and the kettle will boil soon."
INSTRUCTION: Final = "You read aloud. Say exactly what you are given, in the language it is in, and nothing else."

SAMPLE_S: Final = 8.0
"""How long a sample lasts, when nobody has heard it yet."""
SPEECH_TOKENS_PER_S: Final = 25
"""The Live API's rate for sound (its capabilities guide, 2026-10)."""
PROMPT_TOKENS: Final = 80
"""Instruction and sample, some four characters a token."""


MANY: Final = 5
"""So many voices are heard without a question whether they may cost what they do."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which voices (none: all), saying what; `keep` is a folder for a WAV of each, and then nothing is played."""

    names: Sequence[str] = ()
    text: str = SAMPLE
    keep: Path | None = None
    listed: bool = False
    """Only in words."""
    agreed: bool = False
    """Whatever it costs."""


def named(given: Sequence[str]) -> list[str]:
    """The voices meant, each once, in the order given; all for none. Raises UsageError for an unknown name."""
    by_folded = {name.casefold(): name for name in NAMES}
    strangers = [name for name in given if name.casefold() not in by_folded]
    if strangers:
        raise UsageError(f'there is no voice "{strangers[0]}"', fix=f"choose of {', '.join(NAMES)}")
    return list(dict.fromkeys(by_folded[name.casefold()] for name in given)) or list(NAMES)


def voice_line(name: str) -> str:
    return f"{name:<14} {DESCRIPTIONS[name]}"


def estimate(count: int, account: Account) -> str:
    """`about 4 min of speech, 0.0744 USD`: what `count` samples come to."""
    audio = round(SAMPLE_S * SPEECH_TOKENS_PER_S)
    cost = account.cost(Billed(text_in=count * PROMPT_TOKENS, text_out=count * PROMPT_TOKENS, audio_out=count * audio))
    seconds = count * SAMPLE_S
    lasts = f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
    price = "for a price that is not known here" if cost is None else f"{money(cost, account.currency)}"
    return f"about {lasts} of speech, {price}"


def voices(settings: Settings, choices: Choices, wanted: Wanted, environ: Mapping[str, str]) -> int:
    """The command, of the settings that were `chosen`; the exit status. Raises PipitError, also in a group."""
    names = named(wanted.names)
    if wanted.listed:
        print("\n".join(map(voice_line, names)))
        return os.EX_OK
    account = Account.of(settings, datetime.now().astimezone().date().isoformat())
    options = as_chosen(options_maker(settings, environ)(), choices)
    if not is_loopback(options.live.endpoint) and not _agreed(names, wanted, estimate(len(names), account)):
        return os.EX_OK
    if choices.show_wire:
        options = WireView(Screen(Look.fitting(labelled=True)).note).watching(options)
    status = run_attended(lambda _: _speak_all(options, names, wanted, settings, account))
    if account.total.total:
        print(f"in all {account.words(account.total)}", file=sys.stderr)
    return status


def _agreed(names: Sequence[str], wanted: Wanted, what: str) -> bool:
    """Say what it will come to, and ask where that is more than somebody may have thought of."""
    voices_ = "1 voice" if len(names) == 1 else f"{len(names)} voices"
    print(f"{voices_}: {what}", file=sys.stderr, flush=True)
    if wanted.agreed or len(names) <= MANY:
        return True
    if not sys.stdin.isatty():
        raise UsageError(f"{voices_} would be {what}", fix="add --yes, name a few, or read the --list for nothing")
    print("Go on? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


async def _speak_all(
    options: LiveOptions, names: Sequence[str], wanted: Wanted, settings: Settings, account: Account
) -> None:
    async with AsyncExitStack() as stack:
        speaker = None if wanted.keep else await stack.enter_async_context(loudspeaker(settings.speaker))
        await speak_voices(options, names, wanted, account, speaker)


async def speak_voices(
    options: LiveOptions, names: Sequence[str], wanted: Wanted, account: Account, speaker: Loudspeaker | None = None
) -> None:
    """Say the sample in each voice, to its end. Raises SessionFailed, HardwareError or AudioFileError, in a group."""
    for name in names:
        print(voice_line(name), flush=True)
        own = options.with_live(voice=name)
        session = replace(own, system_instruction=INSTRUCTION, resumable=False, tools=())
        exchange = await _speak(session, wanted.text.replace("{name}", name), speaker)
        await _keep(name, exchange, wanted)
        account.add(exchange.usage)


async def _speak(options: LiveOptions, text: str, speaker: Loudspeaker | None) -> Exchange:
    spoken = Spoken(speaker) if speaker else None
    async with connected(lambda: options, witnesses=[spoken] if spoken else []) as line:
        if spoken:
            spoken.turn = line.exchange.turn + 1
        exchange = await line.ask_in_writing(text)
        if spoken and exchange.audio:
            await spoken.speaker.played()
    return exchange


async def _keep(name: str, exchange: Exchange, wanted: Wanted) -> None:
    if not exchange.audio:
        print(f"               it said nothing aloud: {tidied(exchange.said) or '-'}", flush=True)
    elif wanted.keep:
        path = wanted.keep / f"{name}.wav"
        await asyncio.to_thread(keep_reply, path, exchange.reply)
        print(f"               {path}", flush=True)
