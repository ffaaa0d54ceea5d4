"""Lines of keys, for every way in which TOML can write one."""

import pytest

from daemon.settings.positions import lines_of_keys


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("a = 1", ("a",), 1),
        ("# comment\n\n  a = 1", ("a",), 3),
        ("[t]\na = 1", ("t",), 1),
        ("[t]\na = 1", ("t", "a"), 2),
        ("[t]\n\n[t.u]\na = 1", ("t", "u", "a"), 4),
        ("t.u.a = 1", ("t", "u", "a"), 1),
        ("t.u.a = 1", ("t", "u"), 1),
        ("\"a b\" = 1\n'c.d' = 2", ("c.d",), 2),
        ('x = 1\n"\\u00e4" = 1', ("ä",), 2),
        ('x = 1\nt . "u v" .w = 1', ("t", "u v", "w"), 2),
        ('["t x".u]\na = 1', ("t x", "u", "a"), 2),
        ("t = { a = 1, u.b = 2 }", ("t", "u", "b"), 1),
        ("l = [\n  1, # one\n  2,\n]", ("l", 1), 3),
        ("l = [\n  { a = 1 },\n  { b = 2 },\n]", ("l", 1, "b"), 3),
        ('s = """\nb = 1\n[t]\n"""\nb = 2', ("b",), 5),
        ("s = '''\n# b = 1\n'''\nb = 2", ("b",), 4),
        ("[[d]]\na = 1\n[[d]]\na = 2", ("d", 1), 3),
        ("[[d]]\na = 1\n[[d]]\na = 2", ("d", 1, "a"), 4),
        ("[[d]]\n[[d]]\n[d.e]\na = 1", ("d", 1, "e", "a"), 4),
        ("[[d]]\n[[d.e]]\n[[d.e]]\na = 1\n[[d]]\n[[d.e]]\na = 2", ("d", 0, "e", 1, "a"), 4),
        ("[[d]]\n[[d.e]]\n[[d.e]]\na = 1\n[[d]]\n[[d.e]]\na = 2", ("d", 1, "e", 0, "a"), 7),
        ("a = 1\r\nb = 2\r\n", ("b",), 2),
        ("a = 'ü'\nb = 2", ("b",), 2),
        ("[t] # why\na = 1 # because", ("t", "a"), 2),
    ],
)
def test_line_of_a_key(text: str, path: tuple[str | int, ...], line: int) -> None:
    assert lines_of_keys(text)[path] == line


def test_what_stands_in_text_is_no_key() -> None:
    assert ("b",) not in lines_of_keys('s = """\nb = 1\n"""')


def test_an_empty_text_has_no_keys() -> None:
    assert lines_of_keys("# nothing\n") == {}
