"""Every field of the SDK's Live types has a row, and every row is true: docs/live-coverage.md is made of them."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import tomllib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.genai import types
from pydantic import BaseModel

from daemon.abilities.sight.settings import CameraSettings
from daemon.broker.settings import BrokerSettings
from daemon.conversation.events import SessionOpened
from daemon.conversation.messages import UsageReported
from daemon.house.file import load_settings
from daemon.house.sessions import live_options
from daemon.house.wiring import wired
from daemon.live.settings import LiveSettings
from daemon.live.setup import client_of
from daemon.offline.rehearsal.scenario import Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.offline.service.faults import SendRaw
from daemon.offline.wire.mapping import parse, read
from daemon.offline.wire.schema import CLIENT_MESSAGE
from tests.daemon.live.line import calling
from tests.daemon.live.telling import options_with
from tests.live_coverage import client_rows, server_rows
from tests.live_coverage.kinds import (
    ABSENT,
    Ignored,
    Proved,
    Read,
    Reason,
    Rows,
    Same,
    Setting,
    Unused,
)
from tests.live_coverage.named_tests import ROOT, exists
from tests.live_coverage.page import BY_MESSAGE, BY_SETTING, PAGE, page, write
from tests.live_coverage.walk import Place, camel, nested, sample, values_at, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from daemon.conversation.messages import SessionMessage

CLIENT, SERVER = client_rows.CLIENT, server_rows.SERVER
CLIENT_PLACES: Final = walk(client_rows.ROOTS, CLIENT)
SERVER_PLACES: Final = walk(server_rows.ROOTS, SERVER)
SETUP_PLACES: Final = walk([types.LiveConnectConfig], CLIENT) | walk([types.LiveClientSetup], CLIENT)
"""Where a type stands in the setup; the SDK's own type for that lacks what `LiveConnectConfig` makes of it."""


def rows_of(kind: type[Any], *tables: Rows) -> list[Any]:
    """Parameters (type, field, row) for every row of a kind, in both tables if none is named."""
    return [
        pytest.param(name, field, row, id=f"{name}.{field}")
        for rows in tables or (CLIENT, SERVER)
        for name, fields in rows.items()
        for field, several in fields.items()
        for row in (several if isinstance(several, tuple) else (several,))
        if isinstance(row, kind)
    ]


# The table is complete, and names nothing that does not exist


def without_a_row(places: dict[str, Place], rows: Rows) -> set[str]:
    declared = {f"{name}.{field}" for name, place in places.items() for field in place.kind.model_fields}
    return declared - {f"{name}.{field}" for name, fields in rows.items() for field in fields}


def without_a_field(places: dict[str, Place], rows: Rows) -> set[str]:
    declared = {f"{name}.{field}" for name, place in places.items() for field in place.kind.model_fields}
    return {f"{name}.{field}" for name, fields in rows.items() for field in fields} - declared


@pytest.mark.parametrize(
    ("places", "rows"), [(CLIENT_PLACES, CLIENT), (SERVER_PLACES, SERVER)], ids=["client", "server"]
)
def test_every_field_of_the_sdk_has_a_row_and_no_row_is_of_another(places: dict[str, Place], rows: Rows) -> None:
    assert without_a_row(places, rows) == set(), "write rows for these fields in tests/live_coverage/"
    assert without_a_field(places, rows) == set(), "there are no such fields, or what holds them has no parts"


def test_a_field_that_a_new_sdk_brings_is_found_and_so_is_one_that_it_lacks() -> None:
    class LiveServerMessage(types.LiveServerMessage):
        mood: str | None = None
        face: types.CustomizedAvatar | None = None

    newer = walk([LiveServerMessage], SERVER)
    new = {"LiveServerMessage.mood", "LiveServerMessage.face"}
    assert without_a_row(newer, SERVER) == new | {"CustomizedAvatar.image_mime_type", "CustomizedAvatar.image_data"}
    older = {name: place for name, place in newer.items() if name != "UrlMetadata"}
    assert without_a_field(older, SERVER) == {"UrlMetadata.retrieved_url", "UrlMetadata.url_retrieval_status"}


def test_the_page_is_current() -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == page(), "run `python -m tests.live_coverage.page`"


def test_the_page_is_written(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    write(tmp_path)
    assert (tmp_path / PAGE).read_text(encoding="utf-8") == page()


def test_every_named_test_exists() -> None:
    rows = [param.values for param in rows_of(Proved)]
    assert [(name, field) for name, field, row in rows if not row.tests] == []
    assert [(name, test) for name, _, row in rows for test in row.tests if not exists(test)] == []
    assert [test for test in (BY_SETTING, BY_MESSAGE) if not exists(test)] == []


def test_a_test_that_does_not_exist_is_found() -> None:
    assert not exists(BY_SETTING + "s")
    assert not exists("tests/nowhere.py::test_nothing")


def test_another_place_has_a_row() -> None:
    for name, field, row in (param.values for param in rows_of(Same)):
        kind, _, other = row.row.partition(".")
        assert not isinstance(CLIENT[kind][other], Same), (name, field)


KEY: Final = re.compile(r"`(\[[\w.\[\]]+\] \w+)`")
CREDENTIAL: Final = "[live.credential]"
"""What it holds travels in a header."""


def keys_of(table: type[BaseModel], name: str) -> Iterator[str]:
    """Every key of a table of the settings and of those within, as `[table] key`."""
    for key, detail in table.model_fields.items():
        if isinstance(detail.annotation, type) and issubclass(detail.annotation, BaseModel):
            yield from keys_of(detail.annotation, f"{name}.{key}")
        else:
            yield f"[{name}] {key}"


def test_every_key_of_the_live_settings_has_a_field_and_every_named_key_exists() -> None:
    named = set(KEY.findall(page()))
    keys = set(keys_of(LiveSettings, "live"))
    others = {*keys_of(CameraSettings, "camera"), *keys_of(BrokerSettings, "broker"), "[[device]] kind"}
    assert named - keys - others == set()
    assert {key for key in keys - named if not key.startswith(CREDENTIAL)} == set()


# Why a field is not used


def described(name: str, field: str) -> str:
    return (CLIENT_PLACES | SERVER_PLACES)[name].kind.model_fields[field].description or ""


def of_reason(reason: Reason) -> list[Any]:
    return [param for param in rows_of(Unused) if param.values[2].reason is reason]


@pytest.mark.parametrize(("name", "field", "row"), of_reason(Reason.VERTEX))
async def test_what_is_said_to_be_of_vertex_the_sdk_refuses(name: str, field: str, row: Unused) -> None:  # noqa: ARG001
    """By its description, or by an error before it connects anywhere."""
    if "not supported in Gemini API" in described(name, field):
        return
    place = SETUP_PLACES[name]
    value = sample(field, place.kind.model_fields[field].annotation)
    config = nested(place.path, {field: value}, types.LiveConnectConfig)
    client = client_of(options_with(api_key="k", endpoint="https://127.0.0.1:1"))
    with pytest.raises(ValueError, match="only supported in Gemini Enterprise"):
        async with client.aio.live.connect(model="m", config=types.LiveConnectConfig.model_validate(config)):
            pass
    await client.aio.aclose()


def test_what_is_said_to_be_deprecated_the_sdk_calls_so() -> None:
    for name, field, _ in (param.values for param in of_reason(Reason.DEPRECATED)):
        told = "deprecat" in described(name, field).lower()
        assert told or field in {"media_chunks", "generation_config"}, (name, field)


async def test_what_is_not_used_is_not_sent(folder: Path) -> None:
    """Whatever may be chosen, as far as one model takes it."""
    keys = {**client_rows.NATIVE_2_5, **client_rows.AUTOMATIC}
    rows = [param.values[2] for param in rows_of(Setting, CLIENT)]
    keys |= {row.key: row.value for row in rows if row.beside.items() <= keys.items() and row.wire is not ABSENT}
    setup = await setup_with(folder, keys | client_rows.NATIVE_2_5)
    unused = {
        camel((*SETUP_PLACES[name].path, field))
        for name, field, _ in (param.values for param in rows_of(Unused, CLIENT))
        if name in SETUP_PLACES and name not in {"LiveConnectConfig", "HttpOptions"}
    }
    assert len(unused) > 30
    assert [place for place in sorted(unused) if values_at(setup, place)] == []


# What Pipit says


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("coverage")


async def setup_with(folder: Path, keys: Mapping[str, Any]) -> dict[str, Any]:
    """The setup that the service receives for a settings file with these keys, in camelCase throughout."""
    async with LiveServer(ScriptedBrain(Scenario()), certificate_dir=folder) as server:
        file = folder / "pipit.toml"
        place = {"[live] endpoint": server.url, "[live] ca_file": str(server.ca_file)}
        file.write_text(toml(BASE | place | keys), encoding="utf-8")
        settings = load_settings(file)
        with wired(settings) as wiring:
            async with calling(live_options(settings, "key", wiring.toolbox)) as line:
                await line.until(SessionOpened)
        frame = (await server.session()).first_frame
    return dict(read(CLIENT_MESSAGE, parse(frame))["setup"])


BASE: Final = {
    "[gpio] factory": "mock",
    "[[device]] name": "lamp",
    "[[device]] kind": "led",
    "[[device]] pin": 17,
}


def toml(keys: Mapping[str, Any]) -> str:
    """A settings file that sets `"[table] key"` to the values."""
    tables: dict[str, list[str]] = {}
    for key, value in keys.items():
        table, _, name = key.partition(" ")
        tables.setdefault(table, []).append(f"{name} = {json.dumps(value)}")
    text = "\n".join(f"{table}\n" + "\n".join(lines) for table, lines in tables.items())
    assert tomllib.loads(text)
    return text


@pytest.fixture(scope="module")
def without_the_key() -> dict[str, dict[str, Any]]:
    """The setups with nothing but what goes beside a key, by the text of that: many keys have the same."""
    return {}


@pytest.mark.parametrize(("name", "field", "row"), rows_of(Setting, CLIENT))
async def test_a_setting_reaches_its_field_on_the_wire(
    name: str, field: str, row: Setting, folder: Path, without_the_key: dict[str, dict[str, Any]]
) -> None:
    place, beside = row.at or camel((*SETUP_PLACES[name].path, field)), toml(BASE | row.beside)
    if beside not in without_the_key:
        without_the_key[beside] = await setup_with(folder, row.beside)
    without = values_at(without_the_key[beside], place)
    found = values_at(await setup_with(folder, {**row.beside, row.key: row.value}), place)
    if row.wire is ABSENT:
        assert without
        assert not found
    else:
        assert row.wire not in without
        assert row.wire in found


# What the service says


MARK: Final = UsageReported(total=1_000_000)
"""A report that cannot be mistaken: what stands between two of them is of the message between them."""
MARKING: Final = {"usageMetadata": {"totalTokenCount": MARK.total}}
TURN_OVER: Final = {"serverContent": {"turnComplete": True, "interactionStatus": "IDLE"}}


CALLS_OVER: Final = {"toolCallCancellation": {"ids": ["", "fc_1"]}}
"""Those of the message before: a call with the id of one that runs is refused."""


async def reports_of(folder: Path, model: str, messages: list[dict[str, Any]]) -> list[list[SessionMessage]]:
    """What a session of `model` reports of each of `messages`, none of them in the middle of a reply or of a call."""
    script = [part for message in messages for part in (TURN_OVER, CALLS_OVER, MARKING, message, MARKING)]
    plot = Scenario(turns=[[SendRaw(message) for message in script]])
    async with LiveServer(ScriptedBrain(plot), certificate_dir=folder) as server:
        options = options_with(api_key="k", model=model, endpoint=server.url, ca_file=str(server.ca_file))
        async with calling(options) as line:
            line.session.send_text(1, "Tell me all.")
            while line.reports.count(MARK) < 2 * len(messages):
                await line.until(UsageReported)
    pieces: list[list[SessionMessage]] = [[]]
    for report in line.reports:
        if report == MARK:
            pieces.append([])
        else:
            pieces[-1].append(report)
    return pieces[1::2]


def pair(name: str, field: str, row: Read | Ignored) -> tuple[dict[str, Any], dict[str, Any]]:
    """A message with the field and one without, as the SDK knows them apart."""
    place = SERVER_PLACES[name]
    value = getattr(row, "value", None) or sample(field, place.kind.model_fields[field].annotation)
    with_field = nested(place.path, {**row.given, camel((field,)): value}, types.LiveServerMessage)
    without = nested(place.path, dict(row.given), types.LiveServerMessage)
    parsed = types.LiveServerMessage.model_validate_json
    assert parsed(json.dumps(with_field)) != parsed(json.dumps(without))
    return with_field, without


SAID: Final = [*rows_of(Read, SERVER), *rows_of(Ignored, SERVER)]


class Skipped(logging.Handler):
    """Collects what the session says that it could not read."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


@contextmanager
def nothing_skipped() -> Iterator[None]:
    skipped, log = Skipped(), logging.getLogger("daemon.live.connection")
    log.addHandler(skipped)
    try:
        yield
    finally:
        log.removeHandler(skipped)
    assert skipped.told == []


@pytest.fixture(scope="module")
def difference(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[list[Any], list[Any]]]:
    """What is reported with each field and without, of one session for each model."""
    folder = tmp_path_factory.mktemp("difference")
    found: dict[tuple[str, str], tuple[list[Any], list[Any]]] = {}
    for model in {getattr(param.values[2], "model", "gemini-3.8-live") for param in SAID}:
        cases = [p.values for p in SAID if getattr(p.values[2], "model", "gemini-3.8-live") == model]
        messages = [message for case in cases for message in pair(*case)]
        with nothing_skipped():
            reports = asyncio.run(reports_of(folder, model, messages))
        assert len(reports) == len(messages)
        for number, (name, field, _) in enumerate(cases):
            found[name, field] = reports[2 * number], reports[2 * number + 1]
    return found


def test_what_the_service_says_makes_the_difference_it_should(
    difference: dict[tuple[str, str], tuple[list[Any], list[Any]]],
) -> None:
    """None of it ends the session: the messages after it are read, too."""
    for name, field, row in (param.values for param in SAID):
        with_field, without = difference[name, field]
        assert (with_field != without) is isinstance(row, Read), (name, field)
