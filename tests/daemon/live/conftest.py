"""A certificate for the raw server, once a run."""

import pytest

from daemon.web.certificate import CertificateFiles, ensure_certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> CertificateFiles:
    return ensure_certificate(tmp_path_factory.mktemp("certificate"))
