"""The server on a real socket: who may ask, how much, for how long; and it answers whatever is asked."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from daemon.control_socket.control_lines import LONGEST_BYTES
from daemon.control_socket.control_server import MOST, ControlServer
from daemon.control_socket.peer import Peer
from daemon.errors import UsageError
from tests.daemon.control_socket.controlled import hello, serving
from tests.fuzzing import any_of, data, doubles, fuzzed, integers, keyed, letters, mapped, sampled, several

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


async def test_requests_of_one_connection_are_answered_in_their_order(tmp_path: Path) -> None:
    async with serving(tmp_path / "c") as served:
        someone = await served.caller()
        someone.writer.write(b'{"verb": "hello", "n": 1}\n{"verb": "hello",')
        assert await someone.hears() == {"ok": True, "n": 1}
        assert await someone.says(b' "n": 2}\n') == {"ok": True, "n": 2}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b"\n", "no JSON"),
        (b"status\n", "no JSON"),
        (b"\xff\xfe\n", "no JSON"),
        (b'{"verb": "hello", "n": NaN}\n', "no JSON"),
        (b'{"n": ' + b"9" * 5000 + b"}\n", "no JSON"),
        (b"[" * 15_000 + b"\n", "no JSON"),
        (b'["hello"]\n', "no JSON object"),
        (b"{}\n", 'no "verb"'),
        (b'{"verb": ["hello"]}\n', 'no "verb"'),
        (b'{"verb": "sing"}\n', "there is no verb 'sing', the verbs are: hello"),
        (b'{"verb": "\\u001b[31m"}\n', "there is no verb '\\u001b[31m'"),
    ],
)
async def test_what_is_no_request_is_told_so_and_the_next_is_answered(tmp_path: Path, line: bytes, what: str) -> None:
    async with serving(tmp_path / "c") as served:
        someone = await served.caller()
        answer = await someone.says(line)
        assert what in answer["error"]
        assert answer["fix"]
        assert answer["exit_status"] == os.EX_USAGE
        assert await someone.asks("hello") == {"ok": True}


async def test_a_request_is_as_long_as_it_may_be_and_no_longer(tmp_path: Path) -> None:
    empty = len(b'{"verb": "hello", "x": ""}\n')
    async with serving(tmp_path / "c") as served:
        someone = await served.caller()
        assert len((await someone.asks("hello", x="x" * (LONGEST_BYTES - empty)))["x"]) == LONGEST_BYTES - empty
        long = b'{"verb": "hello", "x": "' + b"x" * (LONGEST_BYTES - empty + 1) + b'"}\n'
        answer = await someone.says(long)
        assert "longer than 16384 bytes" in answer["error"]
        assert await someone.is_let_go()
        other = await served.caller()
        assert await other.says(b'{"verb": "hello"}\n' + long) == {"ok": True}
        assert "longer" in (await other.hears())["error"], "where its pieces are others"


async def test_a_hundred_kilobytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    async with serving(tmp_path / "c") as served:
        someone = await served.caller()
        assert "longer" in (await someone.says(b"x" * 100_000))["error"], "though the line never ends"
        assert await someone.is_let_go()


@pytest.mark.parametrize(
    ("peer", "allowed"),
    [
        (Peer(0, frozenset({0})), True),
        (Peer(os.geteuid(), frozenset({12_345})), True),
        (Peer(1_001, frozenset({1_001, os.getegid()})), True),
        (Peer(1_001, frozenset({1_001})), False),
    ],
)
async def test_root_the_services_user_and_its_group_may_ask_and_nobody_else(
    tmp_path: Path, peer: Peer, allowed: bool
) -> None:
    async with serving(tmp_path / "c", who=lambda _: peer) as served:
        someone = await served.caller()
        answer = await someone.asks("hello")
        if allowed:
            assert answer == {"ok": True}
        else:
            assert answer["error"] == "user 1001 may not control this appliance"
            assert "usermod -aG pipit" in answer["fix"]
            assert answer["exit_status"] == os.EX_NOPERM
            assert await someone.is_let_go()


async def test_of_whom_nothing_is_known_is_refused(tmp_path: Path) -> None:
    def gone(_: object) -> Peer:
        raise OSError(107, "not connected")

    async with serving(tmp_path / "c", who=gone) as served:
        assert (await (await served.caller()).hears())["exit_status"] == os.EX_NOPERM


async def test_one_too_many_is_told_so_and_room_is_made_again(tmp_path: Path) -> None:
    async with serving(tmp_path / "c") as served:
        crowd = [await served.caller() for _ in range(MOST)]
        for each in crowd:
            await each.asks("hello")
        late = await served.caller()
        answer = await late.hears()
        assert "8 others" in answer["error"]
        assert answer["exit_status"] == os.EX_TEMPFAIL
        crowd[0].leaves()
        await served.until_present(MOST - 1)
        assert await (await served.caller()).asks("hello") == {"ok": True}


async def test_who_dawdles_is_let_go(tmp_path: Path) -> None:
    async with serving(tmp_path / "c", idle_s=0.01) as served:
        silent, slow = await served.caller(), await served.caller()
        slow.writer.write(b'{"verb": ')
        assert await silent.is_let_go()
        assert await slow.is_let_go()


async def test_what_takes_too_long_is_answered_all_the_same(tmp_path: Path) -> None:
    async def never(_: Mapping[str, Any]) -> Mapping[str, Any]:
        await asyncio.Event().wait()
        return {}

    async with serving(tmp_path / "c", {"never": never, "hello": hello}, request_s=0.1) as served:
        someone = await served.caller()
        answer = await someone.asks("never")
        assert "not done within 0.1 s" in answer["error"]
        assert answer["exit_status"] == os.EX_TEMPFAIL
        assert await someone.asks("hello") == {"ok": True}


async def test_who_reads_no_answers_is_let_go(tmp_path: Path) -> None:
    async def much(_: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"ok": "x" * 4_000_000}

    async with serving(tmp_path / "c", {"much": much, "hello": hello}, request_s=0.1) as served:
        someone = await served.caller()
        await someone.asks("hello")
        assert served.server.present == 1
        someone.writer.transport.pause_reading()  # type: ignore[attr-defined]
        someone.writer.write(b'{"verb": "much"}\n')
        await served.until_present(0)


async def test_a_refusal_and_a_fault_are_answers(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def no(_: Mapping[str, Any]) -> Mapping[str, Any]:
        raise UsageError("that is no name", fix="give it another")

    async def broken(_: Mapping[str, Any]) -> Mapping[str, Any]:
        raise KeyError("secret words")

    async def odd(_: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"ok": object()}

    async with serving(tmp_path / "c", {"no": no, "broken": broken, "odd": odd}) as served:
        someone = await served.caller()
        assert await someone.asks("no") == {"error": "that is no name", "fix": "give it another", "exit_status": 64}
        for verb in ("broken", "odd"):
            answer = await someone.asks(verb)
            assert "internal fault" in answer["error"]
            assert answer["exit_status"] == os.EX_SOFTWARE
    assert "KeyError at test_control_server.py" in caplog.text
    assert "secret" not in caplog.text


async def test_without_a_place_for_it_the_appliance_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    await ControlServer(tmp_path / "nowhere" / "c", dict).run()
    assert "no control socket" in caplog.text


async def test_its_end_ends_connections_and_removes_the_file(tmp_path: Path) -> None:
    async with serving(tmp_path / "c") as served:
        someone = await served.caller()
        await someone.asks("hello")
        await served.stops()
        assert await someone.is_let_go()
        assert not await asyncio.to_thread(os.path.lexists, tmp_path / "c")


VALUES = any_of(sampled(True, None, "", "hello", [], {}, -1, 2**70), doubles, letters(8), integers(-9, 9))
PIECES = sampled(
    *(b"{", b"}", b'"verb"', b'"hello"', b":", b",", b"[", b"]", b"null", b"NaN", b"1e999", b'"\\ud800"', b"\x00"),
)
LINES = any_of(
    data(60),
    mapped(lambda text: text.encode("utf-8", "surrogatepass"), letters(40)),
    mapped(lambda given: json.dumps(given).encode(), keyed(any_of(sampled("verb"), letters(6)), VALUES, 4)),
    mapped(lambda pieces: b"".join(pieces), several(PIECES, 12)),
)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as loop:
        yield loop


@fuzzed(line=LINES)
def test_whatever_a_line_holds_it_is_answered_by_a_line(line: bytes, runner: asyncio.Runner) -> None:
    told = runner.run(ControlServer(Path("c"), lambda: {"hello": hello}).answer(line))
    assert told.endswith(b"\n")
    assert told.count(b"\n") == 1
    answer = json.loads(told)
    assert ("ok" in answer) != ("error" in answer)
    assert answer.get("error", "-").isprintable()
