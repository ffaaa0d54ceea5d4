"""Who is measured: the local brain, and hassil alone with the sentences of home-assistant-intents."""

import importlib.util
from collections.abc import Awaitable, Callable, Mapping

from daemon.brain.brain import UserTurn
from daemon.brain.nearest import Nearest
from daemon.brain.sentence_vectors import installed
from daemon.brain.thinking import thought
from tests.benchmarks.understanding.house import NOW, House, functions_of

Contestant = Callable[[str, House], Awaitable[str]]
"""Is told a sentence, works the house, and says something."""


def pipit(nearest: Nearest | None) -> Contestant:
    """The local brain, as it thinks of what was typed."""

    async def thinks(text: str, house: House) -> str:
        turn = UserTurn(text=text, functions=functions_of(house.language), language=house.language)
        return await thought(text, turn, house.call, lambda: NOW, nearest)

    return thinks


def contestants() -> Mapping[str, Contestant]:
    """Those that are installed."""
    found: dict[str, Contestant] = {}
    if installed():
        found["pipit"] = pipit(Nearest.loaded())
    found["pipit, rules"] = pipit(None)
    if importlib.util.find_spec("home_assistant_intents"):
        from tests.benchmarks.understanding.hassil_alone import hassil_alone

        found["hassil alone"] = hassil_alone
    return found
