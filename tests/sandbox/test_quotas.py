"""Calls above an API's quota are throttled, API by API and Region by Region."""

import pytest

from reconciler.sandbox.quotas import QUOTAS, Quotas
from reconciler.sandbox.service_model import IMPLEMENTED


@pytest.fixture
def limited(start, clock):
    return start(clock=clock, fast=False)


def admitted(client, domain, calls):
    """How many of some ListFields calls in a row get through."""
    through = 0
    for _ in range(calls):
        try:
            client.list_fields(domainId=domain)
            through += 1
        except client.exceptions.ThrottlingException:
            pass
    return through


def test_every_operation_has_a_quota_but_the_one_with_a_switch():
    assert set(QUOTAS) == set(IMPLEMENTED) - {"BatchUpdateCase"}


def test_a_burst_is_followed_by_the_steady_rate(limited, connect, seeded, clock):
    client = connect(limited.url)
    assert admitted(client, seeded.domain, 8) == 5
    clock.advance(0.49)
    assert admitted(client, seeded.domain, 2) == 0
    clock.advance(0.01)
    assert admitted(client, seeded.domain, 2) == 1
    clock.advance(1)
    assert admitted(client, seeded.domain, 4) == 2
    clock.advance(1000)
    assert admitted(client, seeded.domain, 8) == 5


def test_each_api_has_a_quota_of_its_own(limited, connect, seeded, refused):
    client = connect(limited.url)
    admitted(client, seeded.domain, 6)
    client.list_domains()
    with refused("ThrottlingException") as error:
        client.list_fields(domainId=seeded.domain)
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_each_region_has_a_quota_of_its_own(limited, connect, seeded):
    assert admitted(connect(limited.url), seeded.domain, 6) == 5
    elsewhere = connect(limited.url, region="eu-west-2")
    elsewhere.list_domains()
    for _ in range(4):
        elsewhere.list_domains()
    with pytest.raises(elsewhere.exceptions.ThrottlingException):
        elsewhere.list_domains()
    connect(limited.url).list_domains()


def test_a_call_is_charged_even_when_it_is_refused(limited, connect, refused):
    client = connect(limited.url)
    for _ in range(2):
        with refused("ResourceNotFoundException"):
            client.update_case(domainId="x", caseId="x", fields=[])
    with refused("ThrottlingException"):
        client.update_case(domainId="x", caseId="x", fields=[])


@pytest.mark.parametrize("scale", [25, 2, 0.4, 0.01])
def test_a_scale_multiplies_the_rate_and_leaves_the_burst(start, connect, seeded, clock, scale):
    client = connect(start(clock=clock, fast=False, quota_scale=scale).url)
    assert admitted(client, seeded.domain, 12) == 5
    clock.advance(1 / 2 / scale)
    assert admitted(client, seeded.domain, 2) == 1


def test_fast_lifts_all_quotas(start, connect, seeded, clock):
    assert admitted(connect(start(clock=clock, fast=True).url), seeded.domain, 40) == 40


def test_small_steps_of_time_add_up_to_whole_calls():
    quotas, key = Quotas(), ("a", "r", "UpdateCase")
    taken = sum(quotas.take(key, (1, 1), step * 0.1) for step in range(0, 1001))
    assert taken == 2 + 200
