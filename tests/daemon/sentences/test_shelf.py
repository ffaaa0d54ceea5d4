"""Which file a household's language gets."""

import pytest

from daemon.sentences.shelf import FALLBACK, nearest, primary_of, written_languages


def test_the_languages() -> None:
    assert {"de", "en", "es", "fr", "it", "nl", "pl", "pt-BR"} <= set(written_languages())
    assert FALLBACK in written_languages()


@pytest.mark.parametrize(
    ("language", "file"),
    [
        *(("de", "de"), ("de-CH", "de"), ("DE-at", "de"), ("en-GB", "en")),
        *(("pt-BR", "pt-BR"), ("pt-br", "pt-BR"), ("pt", "pt-BR"), ("pt-PT", "pt-BR")),
        *(("sv", None), ("zh-Hant-TW", None), ("", None), ("den", None), ("e", None)),
    ],
)
def test_a_region_falls_back_to_its_language(language: str, file: str | None) -> None:
    assert nearest(language) == file


def test_the_language_of_a_tag() -> None:
    assert primary_of("zh-Hant-TW") == "zh"


def test_of_two_regions_it_is_ones_own() -> None:
    portuguese = ["pt-BR", "pt-PT"]
    assert nearest("pt-pt", portuguese) == "pt-PT"
    assert nearest("pt-AO", portuguese) == "pt-BR"
    assert nearest("pt-PT", ["pt", *portuguese]) == "pt-PT"
    assert nearest("pt-AO", ["pt-BR", "pt"]) == "pt"
