"""One call: its turn, its retries, its end."""

import threading

import pytest

from reconciler.config.model import Rate
from reconciler.errors import (
    NotFound,
    OutcomeUnknown,
    Refused,
    Stopped,
    Transient,
    Unauthenticated,
    Unavailable,
)
from reconciler.service.calling import ATTEMPTS, LONGEST_WAIT, CallCounts, Caller, Paces
from tests.fakes import FakeClock

API = "GetCase"


def throttle(**more):
    return Transient("slow down", code="ThrottlingException", throttled=True, **more)


def fault(**more):
    return Transient("500", code="InternalServerException", **more)


class Desk:
    """A caller, and a service that answers from a script."""

    def __init__(self, *script, quotas=None, share=1.0):
        self.clock = FakeClock()
        self.stop = threading.Event()
        self.counts = CallCounts()
        self.paces = Paces(self.clock, quotas, share)
        self.caller = Caller(self.clock, self.paces, self.stop, self.counts)
        self.script = list(script)
        self.attempts = []

    def send(self):
        answer = self.script.pop(0) if self.script else "ok"
        if isinstance(answer, Exception):
            raise answer
        return answer

    def call(self, **more):
        return self.caller.call(API, self.send, **more)


def test_a_call_that_succeeds_is_made_once():
    desk = Desk("answer")
    assert desk.call() == "answer"
    assert (desk.counts.calls[API], desk.counts.retries[API], desk.clock.sleeps) == (1, 0, [])


@pytest.mark.parametrize("faults", range(1, ATTEMPTS))
def test_passing_faults_are_tried_again_and_counted(faults):
    desk = Desk(*[fault()] * faults, "answer")
    assert desk.call() == "answer"
    assert (desk.counts.calls[API], desk.counts.retries[API]) == (faults + 1, faults)
    assert len(desk.clock.sleeps) == faults


def test_a_fault_that_does_not_pass_ends_as_unavailable():
    desk = Desk(*[fault()] * 100)
    with pytest.raises(
        Unavailable, match=rf"500 \(gave up after {ATTEMPTS} attempts, \d+ s\)"
    ) as raised:
        desk.call()
    assert desk.counts.calls[API] == ATTEMPTS
    assert raised.value.code == "InternalServerException"
    assert isinstance(raised.value.__cause__, Transient)


@pytest.mark.parametrize(
    "error",
    [
        NotFound("m", code="c"),
        Refused("m", code="c"),
        OutcomeUnknown("m", code="c"),
        ValueError("a bug"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_other_failures_are_not_tried_again(error):
    desk = Desk(error)
    with pytest.raises(type(error)):
        desk.call()
    assert desk.counts.calls[API] == 1


EXPIRED = Unauthenticated("GetCase of c1: expired", code="ExpiredToken", reason="sign in again")


@pytest.mark.parametrize("waited", [False, True])
@pytest.mark.parametrize("finish", [False, True])
def test_once_the_credentials_are_refused_nothing_more_is_sent(waited, finish):
    desk = Desk(EXPIRED, quotas={API: Rate(0.001, 1)})
    with pytest.raises(Unauthenticated):
        desk.call()
    seen = []
    with pytest.raises(Unauthenticated, match="not sent: GetCase of c1") as raised:
        desk.call(waited=waited, finish=finish, before_send=seen.append)
    with pytest.raises(Unauthenticated):
        desk.caller.await_turn(API)
    assert (raised.value.reason, raised.value.code) == ("sign in again", "ExpiredToken")
    assert (desk.counts.calls[API], desk.clock.sleeps, seen) == (1, [], [])


def test_waits_between_attempts_are_bounded():
    desk = Desk(*[fault()] * 100)
    with pytest.raises(Unavailable):
        desk.call()
    assert all(0 <= wait <= LONGEST_WAIT for wait in desk.clock.sleeps)


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        pytest.param(7.0, 7.0, 7.0, id="honoured"),
        pytest.param(3_600.0, LONGEST_WAIT, LONGEST_WAIT, id="capped"),
        pytest.param(0.0, 0.0, 0.5, id="zero"),
        pytest.param(-5.0, 0.0, 0.5, id="negative"),
        pytest.param(None, 0.0, 0.5, id="nothing-asked"),
        pytest.param(float("inf"), LONGEST_WAIT, LONGEST_WAIT, id="infinite"),
        pytest.param(float("nan"), 0.0, LONGEST_WAIT, id="nonsense"),
    ],
)
def test_the_service_says_how_long_to_wait_within_reason(asked, least, most):
    desk = Desk(fault(retry_after=asked))
    desk.call()
    [waited] = desk.clock.sleeps
    assert least <= waited <= most


QUOTAS = {API: Rate(2, 1)}


def test_calls_keep_to_the_quota():
    desk = Desk(quotas=QUOTAS)
    for _ in range(4):
        desk.call()
    assert desk.clock.sleeps == [0.5, 0.5, 0.5]
    assert desk.counts.seconds_waited == 1.5


def test_waits_side_by_side_are_told_as_the_time_that_they_took():
    counts = CallCounts()
    for now, seconds in [(0.0, 2.0), (0.5, 1.0), (1.0, 3.0), (10.0, 1.0), (10.5, 0.25)]:
        counts.waits(now, seconds)
    assert counts.seconds_waited == 5.0  # from 0 to 4, and from 10 to 11


def test_only_a_share_of_the_quota_is_used():
    desk = Desk(quotas={API: Rate(4, 2)}, share=0.5)
    for _ in range(3):
        desk.call()
    assert desk.clock.sleeps == [0.5, 0.5]


def test_each_api_has_its_own_quota():
    desk = Desk(quotas=QUOTAS)
    desk.call()
    desk.caller.call("SearchCases", desk.send)
    assert desk.clock.sleeps == []


def test_without_quotas_nothing_waits():
    desk = Desk()
    for _ in range(50):
        desk.call()
    assert desk.clock.sleeps == []


def test_a_throttle_halves_the_pace_and_is_counted():
    desk = Desk(throttle(retry_after=1.0), quotas=QUOTAS)
    desk.call()
    desk.clock.sleeps.clear()
    desk.call()
    desk.call()
    assert desk.counts.throttles[API] == 1
    assert desk.clock.sleeps[-1] > 0.75


def test_a_fault_that_is_no_throttle_leaves_the_pace_alone():
    desk = Desk(fault(retry_after=5.0), quotas=QUOTAS)
    desk.call()
    desk.clock.sleeps.clear()
    desk.call()
    assert desk.counts.throttles[API] == 0
    assert desk.clock.sleeps == [pytest.approx(0.5)]


def test_every_attempt_waits_its_turn():
    desk = Desk(fault(retry_after=0.001), fault(retry_after=0.001), quotas={API: Rate(0.001, 1)})
    desk.call()
    assert desk.counts.seconds_waited > 1_900


def test_what_is_to_be_done_before_sending_is_done_before_every_attempt():
    desk = Desk(fault(), throttle())
    seen = []
    desk.call(before_send=lambda attempt: seen.append((attempt, desk.counts.calls[API])))
    assert seen == [(1, 0), (2, 1), (3, 2)]


def test_what_cannot_be_put_on_record_is_not_sent():
    desk = Desk()

    def full(_):
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        desk.call(before_send=full)
    assert desk.counts.calls[API] == 0


def test_a_run_that_was_asked_to_stop_sends_nothing_more():
    desk = Desk()
    desk.stop.set()
    seen = []
    with pytest.raises(Stopped, match="not sent"):
        desk.call(before_send=seen.append)
    assert desk.counts.calls[API] == 0
    assert seen == []


def test_a_stop_while_waiting_for_the_turn_is_heard():
    desk = Desk(quotas=QUOTAS)
    desk.call()
    desk.clock.while_asleep = desk.stop.set
    with pytest.raises(Stopped):
        desk.call()
    assert desk.counts.calls[API] == 1


def test_a_stop_between_two_attempts_is_heard():
    desk = Desk(fault())
    desk.clock.while_asleep = desk.stop.set
    with pytest.raises(Stopped):
        desk.call()
    assert desk.counts.calls[API] == 1


def test_what_is_in_flight_is_brought_to_its_end():
    desk = Desk(fault(), "answer")
    desk.stop.set()
    assert desk.call(finish=True) == "answer"


def test_counts_are_true_when_many_threads_call():
    desk = Desk()
    threads = [threading.Thread(target=lambda: [desk.call() for _ in range(50)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.counts.calls[API] == 400


def test_a_pace_is_shared_by_all_callers_that_hold_it():
    desk = Desk(quotas=QUOTAS)
    other = Caller(desk.clock, desk.paces, desk.stop, desk.counts)
    desk.call()
    other.call(API, desk.send)
    assert desk.clock.sleeps == [0.5]


class Slow(Desk):
    """A service whose every reply takes a while."""

    def __init__(self, *script, seconds, **more):
        super().__init__(*script, **more)
        self.seconds = seconds
        self.told = []
        self.caller = Caller(self.clock, self.paces, self.stop, self.counts, self.told.append)

    def send(self):
        self.clock.seconds += self.seconds
        return super().send()


@pytest.mark.parametrize("seconds", [0.0, 1.0, 5.0, 10.0, 19.9])
@pytest.mark.parametrize("asked", [None, 3.0, 1e9])
def test_a_call_takes_no_more_than_a_minute_however_it_fails(seconds, asked):
    desk = Slow(*[fault(retry_after=asked)] * 100, seconds=seconds)
    with pytest.raises(Unavailable, match="gave up after"):
        desk.call()
    assert desk.clock.seconds <= 60
    assert desk.counts.calls[API] <= ATTEMPTS


def test_the_wait_for_a_quota_is_no_part_of_that_minute():
    desk = Desk(fault(retry_after=1.0), quotas={API: Rate(0.01, 1)})
    assert desk.call() == "ok"
    assert desk.clock.seconds > 60


def test_who_waits_for_a_call_that_is_tried_again_is_told_once_in_a_while():
    desk = Slow(*[fault(retry_after=1.0)] * 3, seconds=0.5)
    desk.call()
    assert desk.told == [f"retrying 3 of {ATTEMPTS}: {API}: InternalServerException"]


def test_a_call_that_comes_through_at_once_is_not_spoken_of():
    desk = Slow(fault(retry_after=0.1), seconds=0.5)
    desk.call()
    assert desk.told == []


def test_the_words_of_the_network_are_told_and_those_of_the_service_are_not():
    unreachable = Transient("could not connect to http://x", code="connection", retry_after=3.0)
    desk = Slow(unreachable, fault(retry_after=3.0), seconds=0)
    desk.call()
    assert desk.told == [
        f"retrying 2 of {ATTEMPTS}: could not connect to http://x",
        f"retrying 3 of {ATTEMPTS}: {API}: InternalServerException",
    ]
