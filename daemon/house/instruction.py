"""The system instruction: the settings' template, filled with what is so when the session opens."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from daemon.live.languages import english_name

if TYPE_CHECKING:
    from datetime import datetime

    from daemon.house.settings import Settings


def instruction(settings: Settings, now: datetime) -> str:
    """What the model is told; `now` is local time.

    The household's name and its room are told even where the template does not name them: they are settings of their
    own, whose meaning must not depend on another.
    """
    home = settings.household
    template = Template(settings.live.system_instruction)
    named = template.get_identifiers()
    text = template.substitute(
        household=home.name or "the household",
        room=home.room or "the room",
        devices=", ".join(device.name for device in settings.devices) or "none",
        language=english_name(settings.reply_language),
        date=f"{now:%A}, {now.day} {now:%B %Y}",
        time=f"{now:%H:%M}",
    )
    facts = [f"The household is called {home.name}."] if home.name and "household" not in named else []
    facts += [f"You stand in the {home.room}."] if home.room and "room" not in named else []
    return "\n".join([text, *facts])
