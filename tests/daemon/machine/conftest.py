"""The machine that the doctor's tests have too."""

from tests.daemon.doctor.conftest import machine

__all__ = ["machine"]
