"""The one host more comes from the environment that is given, or from that of the process."""

import pytest

from reconciler.config.endpoint_allowance import allowed_endpoints
from reconciler.config.hosts import ALLOW


@pytest.fixture(autouse=True)
def process(monkeypatch):
    monkeypatch.setenv(ALLOW, "process.example.com")


@pytest.mark.parametrize(
    ("environment", "hosts"),
    [
        pytest.param(None, {"process.example.com"}, id="none-given"),
        pytest.param({ALLOW: "given.example.com"}, {"given.example.com"}, id="given"),
        pytest.param({}, set(), id="given-and-empty"),
        pytest.param({ALLOW: ""}, set(), id="empty"),
    ],
)
def test_the_environment_alone_allows_another_host(environment, hosts):
    assert allowed_endpoints(environment) == hosts
