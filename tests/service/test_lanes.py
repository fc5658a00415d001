"""Lanes are accounts and Regions; what does not say where it is shares one."""

import pytest

from reconciler.config.model import Rate, Target
from reconciler.service.lanes import UNPINNED, is_paced, lane_of, lanes_of

ROLE = "arn:aws:iam::222233334444:role/reconcile"


def target(name="t", **more):
    return Target(name=name, domain="d", **more)


@pytest.mark.parametrize(
    ("given", "lane"),
    [
        ({"account": "111122223333", "region": "us-west-2"}, "111122223333/us-west-2"),
        ({"role_arn": ROLE, "region": "us-west-2"}, "222233334444/us-west-2"),
        (
            {"role_arn": ROLE, "account": "111122223333", "region": "eu-west-2"},
            "111122223333/eu-west-2",
        ),
        (
            {"role_arn": ROLE.replace("aws:iam", "aws-us-gov:iam"), "region": "us-gov-west-1"},
            "222233334444/us-gov-west-1",
        ),
        ({"account": "111122223333"}, UNPINNED),
        ({"region": "us-west-2"}, UNPINNED),
        ({"role_arn": ROLE}, UNPINNED),
        ({}, UNPINNED),
        ({"profile": "connect-prod", "region": "us-west-2"}, UNPINNED),
    ],
)
def test_a_lane_is_the_account_of_the_pin_or_of_the_role_and_the_region(given, lane):
    assert lane_of(target(**given)) == lane


def test_lanes_come_in_the_order_of_the_targets_and_have_all_of_theirs():
    here, there = {"account": "1" * 12, "region": "r-1"}, {"account": "2" * 12, "region": "r-1"}
    found = lanes_of(
        [target("a", **here), target("b"), target("c", **there), target("d", **here), target("e")]
    )
    assert {name: lane.targets for name, lane in found.items()} == {
        "111111111111/r-1": ("a", "d"),
        UNPINNED: ("b", "e"),
        "222222222222/r-1": ("c",),
    }


def test_the_smallest_share_and_the_lowest_stated_quota_hold_for_all_of_a_lane():
    [lane] = lanes_of(
        [
            target("a", share=0.5, quotas={"GetCase": Rate(10, 20)}),
            target("b", share=0.9, quotas={"GetCase": Rate(8, 30), "UpdateCase": Rate(5, 5)}),
            target("c"),
        ]
    ).values()
    assert lane.share == 0.5
    assert lane.quotas["GetCase"] == Rate(8, 20)
    assert lane.quotas["UpdateCase"] == Rate(5, 5)
    assert lane.quotas["SearchCases"] == Rate(2, 10)


def test_an_embedded_service_without_quotas_slows_nobody_down(tmp_path):
    demo = target("demo", sandbox=tmp_path, share=0.1)
    assert not is_paced(demo)
    assert is_paced(target("x", sandbox=tmp_path, quotas={"GetCase": Rate(1, 1)}))
    assert lanes_of([demo, target("prod", share=0.7)])[UNPINNED].share == 0.7
