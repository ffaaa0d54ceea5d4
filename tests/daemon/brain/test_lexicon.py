"""That each language says what every other does."""

import tomllib

import pytest

from daemon.brain.lexicon import FOLDER, lexicon, lexicon_languages, nearest_lexicon

ENGLISH = tomllib.loads((FOLDER / "en.toml").read_text("utf-8"))


@pytest.mark.parametrize("tag", lexicon_languages())
def test_no_language_lacks_a_kind(tag: str) -> None:
    own = tomllib.loads((FOLDER / f"{tag}.toml").read_text("utf-8"))
    assert own.keys() == ENGLISH.keys()
    assert ENGLISH["concepts"].keys() - own["concepts"].keys() <= {"start", "by", "to", "run"}
    for table in ("day", "repeat", "half", "parts"):
        assert own[table].keys() == ENGLISH[table].keys(), table


@pytest.mark.parametrize("tag", lexicon_languages())
def test_what_forbids_to_act_is_never_polite(tag: str) -> None:
    kinds = {kind: pattern for pattern, kind, _ in lexicon(tag).phrases}
    own = tomllib.loads((FOLDER / f"{tag}.toml").read_text("utf-8"))["concepts"]
    for kind in ("not", "if", "past"):
        assert not [word for word in own[kind] if word.isalpha() and kinds["filler"].fullmatch(word)], kind


def test_the_nearest_language() -> None:
    assert [nearest_lexicon(tag) for tag in ("pt", "pt-PT", "de-AT", "", "nl", "EN-GB")] == [
        "pt-BR",
        "pt-BR",
        "de",
        "en",
        "en",
        "en",
    ]
