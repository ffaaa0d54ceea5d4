#!/usr/bin/env bash
# Numbers in words by unicode-rbnf (by which hassil, the sentence matcher of Home Assistant, expands its ranges), beside the
# same numbers by ICU itself; both go by the rules of Unicode's CLDR.
#
# The good guess: the words may differ in style, for the two carry CLDR of different years, but they say the same number.
# Seen with unicode-rbnf 2.4.1, and icu-rbnf 0.2.0 with ICU 78.3: in Lithuanian 100 000 is the word for 100, and 2 500 000 says
# "two million five hundred". In Polish, Russian, Kazakh and Kyrgyz everything behind the decimal point is lost: 1.5, 1.1 and
# 1.75 are all "one point zero". That is the `text` of the result; in Polish and Russian the cases that nobody asked for are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet unicode-rbnf==2.4.1 icu-rbnf==0.2.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import icu_rbnf
from unicode_rbnf import RbnfEngine

PAIRS = [("lt", 100, 100_000), ("lt", 2_000_500, 2_500_000), *((language, 1.1, 1.5) for language in ("pl", "ru", "kk", "ky"))]
OTHERS = ["cs", "de", "en", "es", "fr", "it", "nl", "pt", "sv", "tr", "uk"]


def words(language, number):
    return RbnfEngine.for_language(language).format_number(number).text


print(f"unicode-rbnf {version('unicode-rbnf')}, icu-rbnf {version('icu-rbnf')} with ICU {icu_rbnf.icu_version()}")
confused = []
for language, one, other in PAIRS:
    ours, theirs = [[say(number) for number in (one, other)] for say in (
        lambda number: words(language, number),
        lambda number: icu_rbnf.spellout(number, language),
    )]
    print(f"{language} {one} and {other}: {ours}, by ICU {theirs}")
    confused.append(ours[0] == ours[1] and theirs[0] != theirs[1])
told_apart = all(words(language, one) != words(language, other) for language in OTHERS for _, one, other in PAIRS)
print(f"told apart in {', '.join(OTHERS)}: {told_apart}")
if not all(confused) or not told_apart:
    sys.exit("this has changed")
PYTHON
