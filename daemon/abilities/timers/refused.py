"""What is not set, planned or changed, and why."""

from daemon.errors import PipitError


class Refused(PipitError):
    """A timer, alarm, reminder or planned action that cannot be as it was asked for."""
