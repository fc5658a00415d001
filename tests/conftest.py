"""What holds for every test: no example is wrong because the machine was slow that day."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "any machine",
    # On a CI system hypothesis has a profile of its own (the same examples each time).
    parent=settings.default,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def s3_server():
    """moto's S3 behind a proxy that looks at requests, for all tests of one process."""
    from tests.s3 import serving

    with serving() as server:
        yield server


@pytest.fixture
def s3(s3_server, monkeypatch):
    """The same with a bucket of its own, as the environment says it; `s3.state` is its address."""
    from tests.s3 import use

    yield use(s3_server, monkeypatch)
    s3_server.rule = lambda _: None
