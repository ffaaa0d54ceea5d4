"""The files of settings that their own tests have too."""

from tests.daemon.settings.conftest import write

__all__ = ["write"]
