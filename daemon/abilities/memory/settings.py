"""The settings of what is remembered."""

from pydantic import ValidationInfo, field_validator

from daemon.settings.field import Table, problem, setting


class HistorySettings(Table):
    """What was said, in writing, for `pipit history` and for you to ask. Nothing is kept unless you say so."""

    keep: bool = setting(False, "Keep what is said here, and by whom, in the state file of this machine.")  # noqa: FBT003
    days: int = setting(30, "Delete what is older than so many days.", ge=1, le=3650, fix="try 30")
    tools: bool = setting(
        False,  # noqa: FBT003
        'Let people ask "what do you remember" and say "forget that".',
    )

    @field_validator("tools")
    @classmethod
    def _something_to_tell(cls, tools: bool, info: ValidationInfo) -> bool:
        if tools and info.data.get("keep") is False:
            raise problem("cannot tell what is remembered while keep is false", "write keep = true, or remove it")
        return tools
