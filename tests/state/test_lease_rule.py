"""Who may write, as a rule, and in worlds that are against it."""

import itertools

import pytest

from reconciler.state.lease_rule import TERM, Holding, Lease, Seen, Step, Watch, next_step
from tests.state.lease_world import played

THEIRS = Seen("e1", Lease(owner="them", run="r1", who="jane"))
FREE = Seen("e2", Lease(run="r1"))


@pytest.mark.parametrize(
    ("seen", "watch", "now", "step"),
    [
        pytest.param(None, Watch(), 5.0, Step.CREATE, id="there is none"),
        pytest.param(FREE, Watch(), 5.0, Step.TAKE, id="it was given back"),
        pytest.param(FREE, Watch("e1", 1.0), 5.0, Step.TAKE, id="given back while one waits"),
        pytest.param(THEIRS, Watch(), 5.0, Step.WAIT, id="seen for the first time"),
        pytest.param(THEIRS, Watch("e1", 5.0), 5.0 + TERM, Step.WAIT, id="seen for just a term"),
        pytest.param(THEIRS, Watch("e1", 5.0), 5.1 + TERM, Step.TAKE, id="seen for a whole term"),
        pytest.param(THEIRS, Watch("e0", 5.0), 6.0, Step.GIVE_UP, id="it was renewed"),
        pytest.param(THEIRS, Watch("e0", 5.0), 999.0, Step.GIVE_UP, id="renewed, seen late"),
        pytest.param(None, Watch("e0", 5.0), 6.0, Step.GIVE_UP, id="it was removed"),
        pytest.param(Seen("e", Lease(owner="me")), Watch(), 5.0, Step.HELD, id="it is ours"),
    ],
)
def test_the_next_step(seen, watch, now, step):
    assert next_step(seen, "me", watch, now)[0] is step


def test_a_holder_writes_only_while_a_whole_call_still_fits():
    holding = Holding(THEIRS, since=100.0)
    assert not holding.may_write(219.9).lost
    late = holding.may_write(220.0)
    assert "renewed in time" in late.lost
    assert late.renewed(THEIRS, 230.0).may_write(231.0).lost, "what is lost stays lost"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, "removed"),
        (FREE, "taken over by run r1, which has ended"),
        (Seen("e", Lease(owner="x", who="joe", run="r9")), "taken over by joe, run r9"),
    ],
)
def test_a_lease_that_is_somebody_elses_is_lost(found, said):
    assert said in Holding(THEIRS, since=0.0).trying(5.0).settled(found).lost


def test_a_renewal_whose_reply_was_lost_counts_from_its_first_try():
    holding = Holding(THEIRS, since=0.0).trying(20.0)
    unmoved = holding.settled(THEIRS).trying(80.0)
    assert unmoved.since == 0.0
    came_late = Seen("e9", unmoved.next_lease())
    assert unmoved.settled(came_late).since == 20.0


def test_never_do_two_write_whatever_is_stopped_killed_late_or_lost():
    held = lost = 0
    for seed in range(300):
        world = played(seed)
        spans = {}
        for name, sent, arrives in world.writes:
            first, last = spans.get(name, (sent, arrives))
            spans[name] = (min(first, sent), max(last, arrives))
        ordered = sorted(spans.values())
        for (_, last), (first, _) in itertools.pairwise(ordered):
            assert last <= first, f"seed {seed}: {spans}"
        held += len(spans)
        lost += sum(end == "lost" for end in world.ends.values())
    assert held > 200, "the lease goes on to the next one"
    assert lost > 100, "and is lost by some"
