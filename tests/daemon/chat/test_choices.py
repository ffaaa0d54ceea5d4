"""What becomes of the words of the command line together with the settings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from daemon.chat.choices import LONGEST_SYSTEM, Choices, as_chosen, chosen, system_text
from daemon.conversation.no_session import KeyMissing
from daemon.errors import UsageError
from daemon.house.sessions import options_maker
from daemon.house.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.live.options import LiveOptions

KEY = {"GEMINI_API_KEY": "AIza-test-key"}
HALF_CASCADE = "gemini-2.0-flash-live-001"


def told(live: dict[str, Any] | None = None, **choices: Any) -> LiveOptions:
    made = Choices(**choices)
    settings = chosen(Settings.model_validate({"live": live or {}}), made)
    return as_chosen(options_maker(settings, KEY)(), made)


def test_what_is_not_chosen_the_settings_say() -> None:
    options = told({"voice": "Puck", "language": "de", "model": HALF_CASCADE})
    assert (options.live.voice, options.language, options.live.model) == ("Puck", "de", HALF_CASCADE)
    assert options.system_instruction.startswith("You are Pipit")


def test_what_is_chosen_outranks_them() -> None:
    options = told({"voice": "Puck"}, voice="Kore", language="pt-BR", model=HALF_CASCADE, ca_file="ca.pem")
    assert (options.live.voice, options.language, options.live.model) == ("Kore", "pt-BR", HALF_CASCADE)
    assert told(voice="zephyr").live.voice == "Zephyr", "nobody remembers where a star has its capitals"
    assert options.live.ca_file.startswith("/"), "a path may be relative on a command line"


def test_written_replies_are_text_where_the_family_writes_and_a_transcript_where_it_only_speaks() -> None:
    assert told(written=True, model=HALF_CASCADE).modality == "TEXT"
    speaking = told({"transcription": {"output": False}}, written=True)
    assert (speaking.modality, speaking.live.transcription.output) == ("AUDIO", True)
    assert told(written=True, model="my-own-model").modality == "AUDIO", "nobody knows what it can do"


def test_an_instruction_is_taken_word_for_word(tmp_path: Path) -> None:
    assert told(system="You owe me $5. $devices").system_instruction == "You owe me $5. $devices"
    (tmp_path / "pirate.txt").write_text("Talk like a pirate.\n")
    assert told(system=f"@{tmp_path}/pirate.txt").system_instruction == "Talk like a pirate."
    assert told(system="Antworte auf Deutsch.").language == "", "the household's would contradict it"
    assert told(system="Be brief.", language="de").language == "de"
    assert told(system="").system_instruction == "", "none at all is a choice, too"


def test_an_instruction_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"\xe4")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "long").write_text("x" * 90_000)
    for system, what in (
        *(("@/nowhere", "/nowhere"), (f"@{tmp_path}/latin", "UTF-8"), ("x" * 30_000, "30000")),
        *(("@/dev/zero", "is a device"), (f"@{tmp_path}/pipe", "is a named pipe"), (f"@{tmp_path}", "is a folder")),
        *((f"@{tmp_path}/long", "is larger than"), ("@~nobody at all/x", "does not exist"), ("@", "is a folder")),
    ):
        with pytest.raises(UsageError, match=what):
            system_text(system)
    assert len(system_text("x" * LONGEST_SYSTEM)) == LONGEST_SYSTEM


@pytest.mark.parametrize(
    ("choices", "what", "fix"),
    [
        ({"voice": "Kora"}, "--voice", 'did you mean "Kore"?'),
        ({"language": "klingon!"}, "--language", "BCP 47"),
        ({"endpoint": "http://example.org"}, "--endpoint", "https://"),
    ],
)
def test_a_wrong_word_is_told_in_the_words_of_the_command(choices: dict[str, str], what: str, fix: str) -> None:
    with pytest.raises(UsageError, match=what) as raised:
        told(**choices)
    assert fix in raised.value.fix


def test_a_model_that_cannot_do_what_the_settings_say_is_refused() -> None:
    thinking = {"model": "gemini-3.1-flash-live-preview", "thinking": {"level": "high"}}
    assert told(thinking).live.thinking.level == "high"
    with pytest.raises(UsageError, match=r"live\.thinking\.level does not go with gemini-3\.8-live"):
        told(thinking, model="gemini-3.8-live")


def test_without_a_key_nothing_begins() -> None:
    with pytest.raises(KeyMissing):
        options_maker(chosen(Settings(), Choices()), {})()


def test_a_key_that_is_named_takes_the_place_of_the_settings_and_of_a_broker(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("AIza-named\n")
    (tmp_path / "key").chmod(0o600)
    options = told({"credential": {"broker": "https://127.0.0.1:8444"}}, key_file=f"{tmp_path}/key")
    assert (options.api_key, options.tokens) == ("AIza-named", None)
    assert told({"credential": {"broker": "https://127.0.0.1:8444"}}).tokens is not None


def test_an_instruction_of_half_a_character_is_refused() -> None:
    with pytest.raises(UsageError, match="--system: is no text in UTF-8"):
        system_text("be kind \udcff")
