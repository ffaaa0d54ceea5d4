"""A text for each number: by the plural forms of a language, and words of its own where a number has them."""

from collections.abc import Mapping
from typing import TypeAlias

Forms: TypeAlias = Mapping[str, str]
"""By categories of CLDR ("one", "few", "many", "other"), and by numbers, which win: "1", "21"."""


def form_of(forms: Forms, number: int, tag: str) -> str:
    """What `forms` have for `number` of 0 or more, in the language `tag`; "other" serves for a category they lack."""
    own = forms.get(str(number))
    if own is not None:
        return own
    if set(forms) & {"zero", "one", "two", "few", "many"}:
        return forms.get(plural_category(number, tag), forms["other"])
    return forms["other"]


def plural_category(number: int, tag: str) -> str:
    """CLDR's category of a whole number. Of an int alone: Babel's Decimal("1.0") is plural in most languages."""
    from babel.core import Locale

    return Locale.parse(tag, sep="-").plural_form(number)
