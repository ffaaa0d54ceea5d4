"""The tool that ends a conversation: what is said after it is the last, and nothing is listened for."""

from collections.abc import Callable

from daemon.conversation.events import Event, GoodbyeAsked
from daemon.tools.tool import Answer, Tool


class Farewell:
    """Has the tool, and tells the conversation when it was used."""

    def __init__(self) -> None:
        self._report: Callable[[Event], None] | None = None

    def reports_to(self, report: Callable[[Event], None]) -> None:
        """Whom to tell of `GoodbyeAsked`, in the loop's thread; until then the tool changes nothing."""
        self._report = report

    def tools(self) -> list[Tool]:
        return [Tool.of(self.end_conversation)]

    async def end_conversation(self) -> Answer:
        """End the conversation. Call this when the user says goodbye, thanks you in closing or wants you to stop
        listening. You may say a few last words; after them the device listens for its wake word alone.
        """
        if self._report:
            self._report(GoodbyeAsked())
        return {"ok": True}
