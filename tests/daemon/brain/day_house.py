"""A house with timers, volumes and quiet: its functions as Pipit declares them, and answers of their form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from daemon.brain.abilities import abilities
from tests.daemon.offline.offline_house import DEVICES, FUNCTIONS, House, choice, function

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)

TEXT: Mapping[str, Any] = {"type": "string"}
COUNT: Mapping[str, Any] = {"type": "integer"}
OF = choice("voice", "alarm", "announcements")
CHANGES = choice("cancel", "pause", "resume", "extend", "snooze", "skip_next")

DAY_FUNCTIONS = (
    function("set_timer", seconds=COUNT, name=TEXT),
    function("set_alarm", at=TEXT, repeat=TEXT, name=TEXT),
    function("set_reminder", text=TEXT, seconds=COUNT, at=TEXT, repeat=TEXT),
    function("plan_device", device=choice(*DEVICES), state=choice("on", "off"), seconds=COUNT, at=TEXT, repeat=TEXT),
    function("list_timers"),
    function("change_timer", which=TEXT, change=CHANGES, seconds=COUNT),
    function("set_volume", percent=COUNT, of=OF),
    function("change_volume", direction=choice("louder", "quieter"), percent=COUNT, of=OF),
    function("get_volume", of=OF),
    function("do_not_disturb", until=TEXT, seconds=COUNT, on={"type": "boolean"}),
    function("end_conversation"),
)
ALL_FUNCTIONS = (*FUNCTIONS, *DAY_FUNCTIONS)
ALL_ABLE = abilities(ALL_FUNCTIONS)


def row(number: int, kind: str, due: str, state: str = "running", **more: Any) -> dict[str, Any]:
    at = datetime.fromisoformat(f"{due}+00:00")
    left = (at - NOW).total_seconds()
    return {"number": number, "kind": kind, "name": "", "due": at.isoformat(), "left_s": left, "state": state, **more}


def rows() -> list[dict[str, Any]]:
    return [
        row(3, "timer", "2026-11-22T14:10", name="pasta"),
        row(5, "timer", "2026-11-22T14:25", "paused", name="tea"),
        row(8, "alarm", "2026-11-23T07:00", repeat="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        row(11, "reminder", "2026-11-22T20:00", text="call mum"),
    ]


@dataclass
class DayHouse(House):
    """What is called is written down in `calls`, and answered as the tools do."""

    timers: list[dict[str, Any]] = field(default_factory=rows)

    async def call(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        if name in {one.name for one in FUNCTIONS}:
            return await super().call(name, arguments)
        self.calls.append((name, dict(arguments)))
        if name in self.refusals:
            return self.refusals[name]
        if name == "list_timers":
            return {"ok": True, "now": NOW.isoformat(), "timers": self.timers}
        if name.endswith("_volume"):
            return {"ok": True, "of": arguments["of"], "percent": arguments.get("percent", 40), "largest": 90}
        if name in ("set_timer", "set_alarm", "set_reminder", "plan_device"):
            return self.due(arguments)
        return {"ok": True}

    def due(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        at = arguments.get("at")
        due = datetime.fromisoformat(f"{at}+00:00") if at else NOW + timedelta(seconds=arguments["seconds"])
        left = (due - NOW).total_seconds()
        return {"ok": True, "number": 9, "name": arguments.get("name", ""), "due": due.isoformat(), "left_s": left}
