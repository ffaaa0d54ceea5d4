"""What passes over the socket: read and written in one place."""

import pytest

from daemon.control_socket.control_lines import Asked, ControlError, line_of, read_request, refusal, verb_of
from daemon.errors import SettingsError


def test_a_request_is_a_verb_and_its_arguments() -> None:
    assert read_request(b' {"text": "dinner", "verb": "say"} \r') == Asked("say", {"text": "dinner"})
    assert read_request('{"verb": "say", "text": "é"}'.encode()).arguments == {"text": "é"}


def test_a_verb_of_a_newer_command_is_named_with_those_there_are() -> None:
    with pytest.raises(ControlError, match="no verb 'dance', the verbs are: say, ring") as refused:
        verb_of(Asked("dance", {}), {"say": 1, "ring": 2})
    assert "systemctl restart pipit" in refused.value.fix
    assert verb_of(Asked("ring", {}), {"say": 1, "ring": 2}) == 2


def test_a_refusal_keeps_sentence_fix_and_status() -> None:
    told = refusal(SettingsError("that cannot be", fix="mend it"))
    assert told == {"error": "that cannot be", "fix": "mend it", "exit_status": 78}


def test_a_line_is_one_whatever_is_in_it() -> None:
    assert line_of({"a": "x\ny\u2028é\ud800"}) == b'{"a": "x\\ny\\u2028\\u00e9\\ud800"}\n'
    with pytest.raises(ValueError, match="JSON"):
        line_of({"a": float("nan")})
