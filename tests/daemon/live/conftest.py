"""A certificate for the raw server, once a run, and a reader of what the service says."""

import pytest

from daemon.live.incoming import Reader
from daemon.web.certificate import CertificateFiles, ensure_certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> CertificateFiles:
    return ensure_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def reader() -> Reader:
    """A reader of a session in which turn 1 was asked."""
    reader = Reader()
    reader.asked(1)
    return reader
