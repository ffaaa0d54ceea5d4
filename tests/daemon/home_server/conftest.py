"""What the tests of the home server share."""

import pytest

from daemon.web.certificate import CertificateFiles, ensure_certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> CertificateFiles:
    """Of a service that does exactly what a test says."""
    return ensure_certificate(tmp_path_factory.mktemp("certificate"))
