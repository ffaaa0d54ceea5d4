"""A recogniser that cannot stop is cut where it begins again, and people who repeat a word are not."""

import pytest

from daemon.brain.recognition.repetition import until_repeated


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Liese Lampe 30% Liese Lampe 30% Liese Lampe 30% L", "Liese Lampe 30%"),
        ("Ist das Licht aus? Ist das Licht aus?", "Ist das Licht aus?"),
        ("Blampe für 10 Minuten an. Blampe für 10 Minuten an. Blam", "Blampe für 10 Minuten an."),
        ("Est-ce allumé ? Est-ce allu", "Est-ce allumé ?"),
        ("mach an mach an", "mach an"),
        ("very very bright", "very very bright"),
        ("noch heller, noch dunkler", "noch heller, noch dunkler"),
        ("mach die Lampe an und mach die Heizung aus", "mach die Lampe an und mach die Heizung aus"),
        ("", ""),
    ],
)
def test_it_is_cut_at_the_first_repetition(written: str, kept: str) -> None:
    assert until_repeated(written) == kept
