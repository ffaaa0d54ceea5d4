"""Names that sound alike are one name."""

import pytest

from daemon.names import folded


@pytest.mark.parametrize(
    "written",
    [
        "Küche 1",
        "ku\u0308che 1",  # as a Mac's keyboard and file system write it
        "KÜCHE 1",
        "Ｋüche\u3000１",  # full width
        "  küche \u00a0 1 ",
        "kü\u00adche 1",
        "kü\u200bche\ufe0e 1",
        "kü\u034fche\U000e0100 1\u180b",
        "kü\u3164che\uffa0 1\u115f",  # fillers count as letters
    ],
)
def test_one_name_in_many_spellings(written: str) -> None:
    assert folded(written) == "küche 1"


@pytest.mark.parametrize(("one", "other"), [("Straße", "STRASSE"), ("ﬁre", "FIRE"), ("Σίσυφος", "ΣΊΣΥΦΟΣ")])
def test_case_is_that_of_unicode(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("lamp", "lamps"), ("lamp", "lаmp"), ("o", "ö"), ("lamp 1", "lamp1")])
def test_others_are_others(one: str, other: str) -> None:
    """A look-alike of another alphabet is another name, too."""
    assert folded(one) != folded(other)
