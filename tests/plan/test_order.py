"""How far each lane is, where there are several."""

from reconciler.config.model import Target
from reconciler.plan.order import PlanOrder
from tests.plan.test_planning import an_order

HERE = {"domain": "d", "account": "111122223333", "region": "us-west-2"}


def told(names):
    said = []
    asked: PlanOrder = an_order(progress=lambda *given: said.append(given), names=names)
    asked.progress_of(Target(name="t", **HERE))("reading", 1, 2)
    return said


def test_with_several_lanes_each_tells_how_far_it_is():
    assert told(("111122223333/us-west-2", "unpinned")) == [
        ("111122223333/us-west-2: reading", 1, 2)
    ]


def test_one_lane_is_not_named():
    assert told(("unpinned", "unpinned")) == [("reading", 1, 2)]
