"""Which conversation a run takes up."""

from __future__ import annotations

import stat
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import pytest

from daemon.chat.choices import Choices
from daemon.chat.continuity import Continuity, open_state, state_file
from daemon.chat.trial import tried_out
from daemon.conversation.messages import HandleIssued, HandleRefused
from daemon.house.equipment import Drivers
from daemon.house.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from daemon.chat.continuity import How

HOUR = 3600.0
SETTINGS = Settings()


class Runs:
    """Several runs of one user, at times of the test's choosing."""

    def __init__(self, folder: Path) -> None:
        self.environ = {"XDG_STATE_HOME": str(folder)}
        self.now_s = 1_000_000.0

    @asynccontextmanager
    async def continuity(self, how: How, settings: Settings = SETTINGS) -> AsyncIterator[Continuity]:
        drivers = Drivers(environ=self.environ, wall=lambda: self.now_s)
        async with tried_out(settings, Choices(), drivers, partial(open_state, self.environ)) as trial:
            yield Continuity(trial.resumption, how)

    async def run(self, how: How = "", issued: str = "", settings: Settings = SETTINGS) -> tuple[str, str]:
        """The handle that its first session would take up, and the hint."""
        async with self.continuity(how, settings) as continuity:
            handle = continuity.handle
            if issued:
                continuity.received(HandleIssued(issued))
                assert continuity.handle == issued, "later sessions of this run go on"
        return handle, continuity.hint


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path / "state")


async def test_a_run_begins_anew_unless_it_is_told_to_resume(runs: Runs) -> None:
    assert await runs.run(issued="h1") == ("", "")
    runs.now_s += 12 * 60
    assert await runs.run() == ("", "a new conversation; --resume takes up that of 12 min ago")
    assert await runs.run("resume") == ("h1", "takes up the conversation of 12 min ago")


async def test_the_newest_conversation_is_the_one_that_is_taken_up(runs: Runs) -> None:
    await runs.run(issued="h1")
    await runs.run(issued="h2")
    assert (await runs.run("resume", issued="h3"))[0] == "h2"
    assert (await runs.run("resume"))[0] == "h3"


async def test_new_forgets_it_at_once(runs: Runs) -> None:
    await runs.run(issued="h1")
    assert await runs.run("new") == ("", "")
    assert await runs.run("resume") == ("", "there is no conversation to take up: a new one begins")


async def test_a_handle_is_kept_no_longer_than_it_is_good_for(runs: Runs) -> None:
    await runs.run(issued="h1")
    runs.now_s += 2 * HOUR - 1
    assert (await runs.run("resume"))[0] == "h1"
    runs.now_s += 1
    assert (await runs.run("resume"))[0] == ""


@pytest.mark.parametrize("live", [{"model": "gemini-3.1-flash-live-preview"}, {"endpoint": "https://127.0.0.1:8443"}])
async def test_a_handle_is_of_one_model_at_one_place(runs: Runs, live: dict[str, str]) -> None:
    await runs.run(issued="h1")
    assert (await runs.run("resume", settings=Settings.model_validate({"live": live})))[0] == ""


async def test_a_refused_handle_is_forgotten(runs: Runs) -> None:
    await runs.run(issued="h1")
    async with runs.continuity("resume") as continuity:
        continuity.received(HandleRefused())
    assert (await runs.run("resume"))[0] == ""


async def test_nothing_is_taken_up_where_the_settings_forbid_it(runs: Runs) -> None:
    await runs.run(issued="h1")
    forgetful = Settings.model_validate({"live": {"context": {"resume_h": 0}}})
    assert (await runs.run("resume", settings=forgetful))[0] == ""


async def test_the_file_is_the_users_alone(runs: Runs) -> None:
    await runs.run(issued="h1")
    path = state_file(runs.environ)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_a_folder_that_cannot_be_made_costs_the_memory_not_the_conversation(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    runs = Runs(tmp_path / "file")
    assert (await runs.run("resume", issued="h1"))[0] == ""
    assert (await runs.run("resume"))[0] == ""
    assert "cannot be taken up later" in caplog.text


def test_the_place_is_that_of_the_xdg_specification() -> None:
    assert str(state_file({"XDG_STATE_HOME": "/s"})) == "/s/pipit/chat.db"
    assert str(state_file({"XDG_STATE_HOME": "relative", "HOME": "/h"})) == "/h/.local/state/pipit/chat.db"
    assert str(state_file({"HOME": "/h"})) == "/h/.local/state/pipit/chat.db"
