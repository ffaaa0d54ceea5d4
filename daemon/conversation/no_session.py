"""Why there can be no session: the errors that the household is told as a cause."""

from typing import Final

from daemon.conversation.causes import Cause
from daemon.errors import PipitError

EX_NOPERM: Final = 77
EX_TEMPFAIL: Final = 75
"""As sysexits.h has them: nothing here may need an operating system."""


class NoSession(PipitError):
    """There can be no session, for a reason that the household is told as `cause`."""

    cause: Cause


class KeyMissing(NoSession):
    """No API key where the settings say it is, or a file that others may read."""

    cause = Cause.KEY_MISSING
    exit_status = EX_NOPERM


class SecretMissing(NoSession):
    """No secret for the token broker where the settings say it is, or a file that others may read."""

    cause = Cause.BROKER_REFUSED
    exit_status = EX_NOPERM


class BudgetSpent(NoSession):
    """What the settings allow to be spent in a day or a month is spent."""

    cause = Cause.BUDGET
    exit_status = EX_TEMPFAIL
