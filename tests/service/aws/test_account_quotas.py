"""The account's own quotas are read from Service Quotas, in pairs of rate and burst."""

import boto3
import pytest
from botocore.stub import Stubber

from reconciler.config.model import Rate
from reconciler.errors import Refused
from reconciler.service.aws.account_quotas import account_quotas


@pytest.fixture
def stub():
    client = boto3.client(
        "service-quotas",
        region_name="us-west-2",
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )
    with Stubber(client) as stubber:
        yield stubber


def quota(name, value):
    return {"QuotaName": name, "Value": value, "ServiceCode": "cases"}


def test_rates_and_bursts_of_every_page_are_put_together(stub):
    first = [quota("GetCase rate quota", 40.0), quota("Layouts per domain", 100.0)]
    second = [quota("GetCase burst quota", 150.0), quota("UpdateCase rate quota", 20.0)]
    asked = {"ServiceCode": "cases", "MaxResults": 100}
    stub.add_response("list_service_quotas", {"Quotas": first, "NextToken": "t"}, asked)
    stub.add_response("list_service_quotas", {"Quotas": second}, {**asked, "NextToken": "t"})
    assert account_quotas(stub.client) == {"GetCase": Rate(40.0, 150)}


def test_without_the_permission_it_says_so(stub):
    stub.add_client_error("list_service_quotas", "AccessDeniedException", http_status_code=403)
    with pytest.raises(Refused, match="AccessDenied"):
        account_quotas(stub.client)
