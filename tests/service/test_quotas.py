"""The quotas that pace a run."""

from reconciler.config.model import Rate
from reconciler.service.aws.session import READS
from reconciler.service.quotas import DEFAULT_QUOTAS, quotas_with


def test_what_the_config_says_replaces_the_default_of_that_call_alone():
    quotas = quotas_with({"UpdateCase": Rate(20, 40)})
    assert quotas["UpdateCase"] == Rate(20, 40)
    assert quotas["GetCase"] == DEFAULT_QUOTAS["GetCase"]


def test_every_call_that_is_ever_made_has_a_quota():
    assert set(DEFAULT_QUOTAS) == READS | {"UpdateCase", "BatchUpdateCase"}


def test_the_documented_defaults():
    assert (DEFAULT_QUOTAS["UpdateCase"], DEFAULT_QUOTAS["GetCase"]) == (Rate(2, 2), Rate(4, 10))
    assert DEFAULT_QUOTAS["SearchCases"].rate == 2
