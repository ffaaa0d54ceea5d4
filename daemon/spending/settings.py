"""The settings of what may be spent, and of what things cost."""

from datetime import date

from pydantic import field_validator

from daemon.settings.field import Table, problem, setting, zero_or_more


class UsageSettings(Table):
    """What may be spent on the service; `pipit usage` shows what was (docs/usage.md)."""

    daily_limit: float = setting(
        0.0, "Money for a day; when it is spent no session is opened. 0 is no limit.", ge=0, le=1e6, fix="try 0.5, or 0"
    )
    monthly_limit: float = setting(0.0, "Money for a calendar month; 0 is no limit.", ge=0, le=1e6, fix="try 5, or 0")
    warn_at: float = setting(
        0.8, "Share of a limit at which a warning is spoken, once a day or month.", ge=0.01, le=1, fix="try 0.8"
    )
    currency: str = setting(
        "USD",
        "What the prices are in; the built-in ones are US dollars, and are not converted.",
        min_length=1,
        max_length=10,
        fix='write "USD" or "EUR"',
    )
    recycle_tokens: int = setting(
        0,
        "A conversation that has grown beyond this is not taken up again after a rest: the next begins anew, and does"
        " not pay for it again. 0 always takes it up.",
        ge=0,
        le=1_000_000,
        fix="try 10000, or 0",
    )

    @field_validator("daily_limit", "monthly_limit")
    @classmethod
    def _countable(cls, limit: float) -> float:
        """Money is counted in millionths: less than one would be 0, which is no limit."""
        return zero_or_more(0.001, limit)


class PriceSettings(Table):
    """What a million tokens of a model cost, if it is not what this release knows."""

    model: str = setting(
        ..., "Beginning of the model's name.", min_length=1, max_length=100, fix='write "gemini-3.8-live"'
    )
    since: str = setting(
        "", "First day of this price, YYYY-MM-DD; empty is always.", max_length=10, fix='write "2026-10-09"'
    )
    text_in: float = setting(..., "Text that goes to the service.", ge=0, le=1e6, fix="write 0.75")
    audio_in: float = setting(..., "Sound that goes to the service.", ge=0, le=1e6, fix="write 3.0")
    image_in: float = setting(..., "Pictures that go to the service.", ge=0, le=1e6, fix="write 1.0")
    text_out: float = setting(..., "Text that comes back: transcripts, thoughts, calls.", ge=0, le=1e6, fix="write 4.5")
    audio_out: float = setting(..., "Sound that comes back.", ge=0, le=1e6, fix="write 12.0")

    @field_validator("since")
    @classmethod
    def _a_day(cls, since: str) -> str:
        try:
            valid = not since or date.fromisoformat(since).isoformat() == since
        except ValueError:
            valid = False
        if not valid:
            raise problem(f'must be a day as YYYY-MM-DD, not "{since}"', 'write "2026-10-09"')
        return since
