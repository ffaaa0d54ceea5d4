"""What a support bundle may show of a setting: by its type, unless its field says more."""

from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, create_model

from daemon.settings.field import Share, Table, setting
from daemon.settings.pin import HeaderPin
from daemon.settings.sharing import share_of

Word = Literal["up", "down"]


def shared(kind: Any, share: Share | None = None) -> Share | None:
    """Of a new setting of this type, in a table as any other."""
    table = create_model("New", __base__=Table, new=(kind, setting(..., "It is new.", share=share)))
    return share_of(table.model_fields["new"])


@pytest.mark.parametrize(
    "kind",
    [bool, int, float | None, Word, Literal["a", 1], tuple[Word, ...], tuple[int, Word], HeaderPin, HeaderPin | None],
)
def test_numbers_switches_and_words_of_a_list_are_harmless(kind: Any) -> None:
    assert shared(kind) == "harmless"


@pytest.mark.parametrize(
    "kind",
    [
        *(str, str | None, Path, bytes, object, Any, Word | str, tuple[str, ...], list[str], dict[str, int]),
        *(
            Annotated[str, Field(pattern="^a$")],
            tuple[Annotated[str, Field(max_length=1)], ...],
            tuple[int, str],
            tuple,
        ),
    ],
)
def test_a_new_text_is_left_out_without_anybodys_doing(kind: Any) -> None:
    assert shared(kind) is None


def test_a_text_is_what_its_field_says() -> None:
    assert shared(str, "pcm") == "pcm"
    assert shared(tuple[str, ...], "wake words") == "wake words"


def test_a_field_of_another_make_is_left_out() -> None:
    table = create_model("Foreign", __base__=Table, text=(str, ""))
    assert share_of(table.model_fields["text"]) is None
