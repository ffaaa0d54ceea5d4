"""The settings of timers, alarms, reminders and planned actions."""

from daemon.settings.field import Table, setting


class TimersSettings(Table):
    """Timers, alarms, reminders, and what devices shall do later."""

    enabled: bool = setting(
        True,  # noqa: FBT003
        "Let people set timers, alarms, reminders and planned actions.",
    )
    most: int = setting(100, "How many there may be at a time.", ge=1, le=500, fix="try 100")
    ring_s: float = setting(
        600.0, "How long it rings if nobody stops it; then it is told as missed.", ge=5, le=3600, fix="try 600"
    )
    snooze_min: int = setting(9, "Minutes until a snoozed one rings again.", ge=1, le=120, fix="try 9")
    late_min: int = setting(
        10,
        "An alarm that came due while the device was off still rings if it is so many minutes late at most; later it is"
        " told as missed.",
        ge=0,
        le=720,
        fix="try 10",
    )
    tell_actions: bool = setting(
        True,  # noqa: FBT003
        "Say it when a planned action was done; that one failed is always said.",
    )
