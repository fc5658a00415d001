"""An address leads to AWS, to this machine, or nowhere unless the environment names it."""

import pytest
from botocore.endpoint_provider import EndpointProvider
from botocore.loaders import Loader
from hypothesis import given
from hypothesis import strategies as st

from reconciler.config.hosts import (
    allowed_hosts,
    cases_hosts,
    endpoint_of,
    host_problem,
    is_of_aws,
    is_on_this_machine,
)

REGION = "us-west-2"
LOADER = Loader()
PARTITIONS = LOADER.load_data("partitions")
REGIONS = sorted(
    region
    for partition in PARTITIONS["partitions"]
    for region in partition["regions"]
    if "global" not in region
)


def from_botocore(region):
    rules = LOADER.load_service_model("connectcases", "endpoint-rule-set-1")
    provider = EndpointProvider(rules, PARTITIONS)
    return {
        provider.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dual).url
        for fips in (False, True)
        for dual in (False, True)
    }


@pytest.mark.parametrize("region", [*REGIONS, "us-newland-7"])
def test_the_hosts_of_a_region_are_those_of_botocores_own_rules(region):
    urls = from_botocore(region)
    assert {f"https://{host}" for host in cases_hosts(region)} == urls
    assert all(host_problem(url, region, ()) == "" for url in urls)
    assert all(host_problem(url, None, ()) == "" for url in urls)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8181",
        "http://127.0.0.1",
        "http://127.8.9.1:1",
        "http://localhost:8181",
        "http://LOCALHOST:8181/",
        "HTTP://localhost:8181/prefix",
        "https://localhost",
        "http://[::1]:8181",
    ],
)
def test_this_machine_may_be_asked(url):
    assert is_on_this_machine(url)
    assert host_problem(url, REGION, ()) == ""


@pytest.mark.parametrize(
    "url",
    [
        "https://cases.us-west-2.amazonaws.com",
        "https://cases.us-west-2.amazonaws.com:443/",
        "https://CASES.us-west-2.amazonaws.com",
        "https://cases-fips.us-west-2.api.aws",
        "https://vpce-0a1b-2c3d.cases.us-west-2.vpce.amazonaws.com",
    ],
)
def test_the_service_may_be_asked(url):
    assert host_problem(url, REGION, ()) == ""
    assert not is_on_this_machine(url)


REFUSED = [
    "http://cases.us-west-2.amazonaws.com",
    "https://cases.us-west-2.amazonaws.com:8443",
    "https://cases.us-east-1.amazonaws.com",
    "https://cases.us-west-2.amazonaws.com.evil.example",
    "https://cases.us-west-2.amazonaws.com.",
    "https://evilcases.us-west-2.amazonaws.com",
    "https://cases.us-west-2.evil.example",
    "https://x.cases.us-west-2.amazonaws.com",
    "https://cases.us-west-2.s3.amazonaws.com",
    "https://vpce-1.evil.cases.us-west-2.vpce.amazonaws.com",
    "https://vpce-1.cases.us-east-1.vpce.amazonaws.com",
    "https://vpce-1.cases.us-west-2.vpce.amazonaws.com.evil.example",
    "http://vpce-1.cases.us-west-2.vpce.amazonaws.com",
    "https://proxy.example.com",
    "http://evil.example",
    "http://127.0.0.1@evil.example",
    "http://evil.example#127.0.0.1",
    "http://evil.example/?127.0.0.1",
    "http://127.0.0.1:80@evil.example",
    "http://127.0.0.1\\@evil.example",
    "http://127.0.0.1.",
    "http://127.1",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://localhost.",
    "http://0.0.0.0:8181",
    "http://0:8181",
    "http://[::]:8181",
    "http://[::ffff:127.0.0.1]",
    "http://[::1%25eth0]",
    "http://2130706433",
    "http://0x7f000001",
    "http://0177.0.0.1",
    "http://0127.0.0.1",
    "http://169.254.169.254",
    "http://10.0.0.1",
    "http://１２７.0.0.1",
    "http://ⓛocalhost",
    "http://localhost:0",
    "http://localhost:65536",
    "http://localhost:",
    "http://",
    "https:///x",
    "ftp://localhost",
    "file:///etc/passwd",
    "localhost:8181",
    "http:/localhost",
    "http://localhost\n",
    " http://localhost",
    "http://local host",
    "http://localhost\x00",
    "http://localhost/%2e%2e",
    "",
]


@pytest.mark.parametrize("url", REFUSED, ids=repr)
def test_any_other_host_is_refused(url):
    assert host_problem(url, REGION, ())
    assert not is_on_this_machine(url)


def test_without_a_region_any_region_is_the_service():
    assert host_problem("https://cases.eu-west-2.amazonaws.com", None, ()) == ""
    assert host_problem("https://vpce-1.cases.eu-west-2.vpce.amazonaws.com", None, ()) == ""
    assert host_problem("https://cases.evil.example", None, ())
    assert host_problem("https://cases.us-west-2.amazonaws.com.cn", None, ())


@pytest.mark.parametrize(
    ("url", "allow", "good"),
    [
        ("https://proxy.example.com", "proxy.example.com", True),
        ("https://proxy.example.com/prefix", "proxy.example.com", True),
        ("https://proxy.example.com:443", "proxy.example.com", True),
        ("https://proxy.example.com", "proxy.example.com:443", True),
        ("https://PROXY.example.com", "other.example, Proxy.Example.com ,", True),
        ("http://proxy.example.com", "proxy.example.com", True),
        ("http://proxy.example.com:8080", "proxy.example.com:8080", True),
        ("http://[fd00::1]:8080", "[fd00::1]:8080", True),
        ("http://proxy.example.com:8080", "proxy.example.com", False),
        ("https://proxy.example.com", "proxy.example.com:8443", False),
        ("https://proxy.example.com", "*.example.com", False),
        ("https://proxy.example.com", "example.com", False),
        ("https://proxy.example.com", "*", False),
        ("https://proxy.example.com", "https://proxy.example.com", False),
        ("https://proxy.example.com", "", False),
    ],
)
def test_the_environment_may_name_exactly_one_more_host(url, allow, good):
    assert (host_problem(url, REGION, allowed_hosts(allow)) == "") is good
    assert is_of_aws(url, allowed_hosts(allow)) is good


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://sts.us-west-2.amazonaws.com", True),
        ("https://sts.amazonaws.com", True),
        ("https://sts.us-west-2.api.aws", True),
        ("http://sts.amazonaws.com", False),
        ("https://amazonaws.com.evil.example", False),
        ("https://evilamazonaws.com", False),
        ("http://127.0.0.1", False),
    ],
)
def test_other_services_are_asked_at_aws_alone(url, good):
    assert is_of_aws(url, ()) is good


@given(st.text(max_size=60))
def test_whatever_is_written_is_decided_without_a_fault(text):
    for url in (text, f"http://{text}", f"https://{text}", f"http://127.0.0.1{text}"):
        refused = host_problem(url, REGION, ())
        endpoint = endpoint_of(url)
        assert refused or (
            endpoint is not None
            and (endpoint.on_this_machine or endpoint.host in cases_hosts(REGION))
        )
