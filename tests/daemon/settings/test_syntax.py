"""Text that is no TOML, or one of a later version: where, in words, and what to do."""

import pytest

from tests.daemon.settings.files import Write, problems_of


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[wake]\nmodels = ["x\n', "2: column 13: not valid TOML: illegal character '\\n'. Fix: close the quotes"),
        (
            "[wake]\nthreshold = 0,5\n",
            "2: column 14: not valid TOML: expected newline or end of document after a statement. Fix: one key a line",
        ),
        ("[speaker]\nvolume = loud", "2: column 10: not valid TOML: invalid value. Fix: put text in"),
        ("[wake]\n[wake]\n", "2: column 6: not valid TOML: cannot declare ('wake',) twice. Fix: keep one of"),
        ("a = 1\na = 2\n", "2: column 6: not valid TOML: cannot overwrite a value. Fix: keep one of the two lines"),
        (
            "volume 3",
            "1: column 8: not valid TOML: expected '=' after a key in a key/value pair. Fix: write key = value",
        ),
        ("? = 3", "1: column 1: not valid TOML: invalid statement. Fix: write key = value"),
        (b"[speaker]\nname = '\xff'", "2: is not UTF-8 text. Fix: save it as UTF-8"),
        (b"\xff\xfe[\x00", "1: is not UTF-8 text"),
        (
            "[wake]\nx = {\n  a = 1 }",
            "2: column 6: not valid TOML: an inline table { … } must stand on one line. Fix: write",
        ),
        ("x = {a = 1,\n b = 2}", "1: column 12: not valid TOML: an inline table { … } must stand on one line"),
        ("x = {a = 1, # c\r\n b = 2}", "1: column 13: not valid TOML: an inline table { … } must stand on one line"),
        ("x = {a = [1,\n2]\n}", "2: column 3: not valid TOML: an inline table { … } must stand on one line"),
        ("x = {a = 1, }", "1: column 13: not valid TOML: an inline table { … } ends with a comma. Fix: remove the"),
        ("x = {a = 1; b = 2}", "1: column 11: not valid TOML: unclosed inline table. Fix: check quotes and brackets"),
        ('x = "\\e"', "1: column 8: not valid TOML: \\e is an escape of TOML 1.1, and 1.0 is read here. Fix: write \\"),
        ("x = 1\n" + "a." * 120 + "a = 1", "2: has a key of 100 parts or more. Fix: shorten it"),
        ("[" + "a." * 40 + "a]", " is nested too deep to be read"),
        ("a = 0x" + "f" * 5000, "1: a: unknown key"),
        ("[wake]\nthreshold = 0x" + "f" * 5000, "2: wake.threshold: must be "),
        ("a = [", " at the end of the file: not valid TOML: invalid value"),
        ("a = 1" + "0" * 5000, " holds a number with thousands of digits"),
        ("a = " + "[" * 100_000, " is nested too deep to be read"),
    ],
)
def test_text_that_is_no_toml(write: Write, text: str | bytes, problem: str) -> None:
    (line,) = problems_of(write(text))
    assert line.startswith(f"pipit.toml:{problem}"), line
    assert ". Fix: " in line
