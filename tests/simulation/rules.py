"""The rule about repeated writes with one part left out: each must be caught in some world."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from reconciler.apply import bulk, by_field, judging, one_case, resume, run
from reconciler.apply import settling as settle
from reconciler.apply import settling_rule as settling
from reconciler.apply.part import NO_FIELD, Part, recorded
from reconciler.apply.resume import NOTHING
from reconciler.apply.run import Run
from reconciler.apply.settling_rule import Attempt
from reconciler.errors import OutcomeUnknown, Transient
from reconciler.model.event import RunFinished
from reconciler.model.system_fields import UPDATED_AT
from reconciler.read.case import read_case
from tests.simulation import play
from tests.simulation.world import Ports

Patch = Callable[[object, str, object], None]


def any_old_value_is_written_again(patch: Patch) -> None:
    """What was sent without a reply and holds the old value is taken for not written."""
    kept = settling.settled

    def wrong(*given):
        found = kept(*given)
        return settling.Settled.UNTOUCHED if found is settling.Settled.UNTOLD else found

    patch(settle, "settled", wrong)
    patch(one_case, "settled", wrong)


def no_margin(patch: Patch) -> None:
    """The time of the last update is believed however fresh it is."""
    patch(settling, "MARGIN", timedelta(days=-1))


def absence_of_a_stamp_proves(patch: Patch) -> None:
    """Where the history does not show our stamp, the write is taken for not executed."""
    kept = settle.Settling._look

    def wrong(self, *given):
        found = kept(self, *given)
        return NO_FIELD if isinstance(found, settle.LiveCase) else found

    patch(settle.Settling, "_look", wrong)
    patch(one_case, "settled", lambda verdict, *_: _allowing(verdict))


def _allowing(verdict):
    if verdict.conflicts:
        return settling.Settled.CONFLICT
    return settling.Settled.UNTOUCHED if verdict.to_write else settling.Settled.DONE


def settled_by_the_index(patch: Patch) -> None:
    """What became of a lost write is looked up in the search index, which lags."""

    def lagging(reader, case_id, fields, wait):
        world = _ports(reader)._world
        kept, world.physics = world.physics, _behind(world.physics)
        try:
            return read_case(reader, case_id, fields)
        finally:
            world.physics = kept

    patch(settle, "read_guard", lagging)
    patch(one_case, "read_guard", lagging)


def _behind(physics):
    return replace(physics, stale=max(physics.index_lag, physics.stale))


def _ports(reader):
    while not isinstance(reader, Ports):
        reader = reader._inner
    return reader


def told_success_is_forgotten(patch: Patch) -> None:
    """What a batch wrote and a check does not show is handed to the single path."""
    kept = bulk.BatchRun._look_once_more

    def wrong(self, change, request_id):
        read = bulk.try_read(self._bulk.finishing, change.case_id, self._fields)
        known = isinstance(read, bulk.LiveCase)
        if known and bulk.judge(change.fields, read, self._access.sealer).to_write:
            self._alone.append(change)
        else:
            kept(self, change, request_id)

    patch(bulk.BatchRun, "_look_once_more", wrong)
    _without_a_look_at_the_history(patch)


def lost_replies_are_refusals(patch: Patch) -> None:
    """A lost reply is taken for the word that nothing was carried out."""
    kept = Ports._deliver

    def wrong(self, *given):
        try:
            kept(self, *given)
        except OutcomeUnknown:
            raise Transient("lost", code="x") from None

    patch(Ports, "_deliver", wrong)


def no_memory(patch: Patch) -> None:
    """No earlier apply of the plan counts, and no history is looked at."""
    patch(play, "begun_in", lambda *_: {})
    _without_a_look_at_the_history(patch)


def only_runs_cut_short_count(patch: Patch) -> None:
    """A finished run of the plan proves nothing, and no history is looked at."""
    kept = play.begun_in

    def wrong(runs, receipts=()):
        return kept([run for run in runs if not any(isinstance(e, RunFinished) for e in run)])

    patch(play, "begun_in", wrong)
    _without_a_look_at_the_history(patch)


def no_look_at_the_history(patch: Patch) -> None:
    """Without a journal, a case that was updated since the plan is written all the same."""
    _without_a_look_at_the_history(patch)


def _without_a_look_at_the_history(patch: Patch) -> None:
    patch(one_case, "later", lambda *_: False)
    patch(bulk, "later", lambda *_: False)


def a_fresh_update_is_believed(patch: Patch) -> None:
    """A history is read at once, though another update of the same second may follow."""
    patch(one_case, "RESTS", 0)


def open_attempts_are_forgotten(patch: Patch) -> None:
    """What was sent and has no outcome is not settled, by no later apply and by this one."""
    patch(Run, "open", lambda *_: ())
    patch(Run, "begun", lambda *_: NOTHING)
    _without_a_look_at_the_history(patch)


def settled_at_once(patch: Patch) -> None:
    """A write without a reply is looked for before it can have arrived."""
    patch(run, "SETTLE_AFTER", 0.0)


def pages_are_one_state(patch: Patch) -> None:
    """A guard that comes in pages is believed, whatever happens between them."""

    def plain(reader, case_id, fields, wait):
        first = sorted(fields, key=lambda field: field.id != UPDATED_AT)
        return read_case(reader, case_id, first)

    patch(settle, "read_guard", plain)
    patch(one_case, "read_guard", plain)


WRONG = (
    any_old_value_is_written_again,
    no_margin,
    absence_of_a_stamp_proves,
    settled_by_the_index,
    told_success_is_forgotten,
    lost_replies_are_refusals,
    no_memory,
    only_runs_cut_short_count,
    no_look_at_the_history,
    a_fresh_update_is_believed,
    open_attempts_are_forgotten,
    settled_at_once,
    pages_are_one_state,
)


def a_part_closes_nothing(patch: Patch) -> None:
    """What a part of the plan has done is forgotten, and no history is looked at."""
    patch(one_case, "judge", lambda fields, live, sealer, *_: judging.judge(fields, live, sealer))
    patch(settle, "judge", lambda fields, live, sealer, *_: judging.judge(fields, live, sealer))
    _without_a_look_at_the_history(patch)


def only_what_was_sent_is_closed(patch: Patch) -> None:
    """A field that was done already when another was sent may be written afterwards."""
    patch(resume, "_attempt", lambda one: Attempt(one.seen_at, one.read_at, recorded(one.fields)))
    _without_a_look_at_the_history(patch)


def only_our_own_fields_are_closed_by_a_history(patch: Patch) -> None:
    """Without a journal, a field that others changed is free where the plan wrote another one."""

    def wrong(events, fields, stamps, observed_at):
        ours = [field for field in fields if settling.stamped(events, [field], stamps)]
        return Part(frozenset(ours))

    patch(settle, "touched_by_plan", wrong)
    patch(play, "begun_in", lambda *_: {})


WRONG_OF_PARTS = (
    a_part_closes_nothing,
    only_what_was_sent_is_closed,
    only_our_own_fields_are_closed_by_a_history,
)


def any_update_may_be_our_own(patch: Patch) -> None:
    """Between two batches of a case nobody asks who updated it."""
    patch(by_field, "later", lambda *_: False)


def what_was_written_is_not_said(patch: Patch) -> None:
    """A case that is cut short ends as one that was not written."""
    patch(run, "concluded", lambda outcome, *_: outcome)


def a_part_that_was_done_is_open(patch: Patch) -> None:
    """A field that was accepted may be written again, whatever it holds meanwhile."""
    patch(Run, "closed", lambda *_, **__: None)
    patch(run, "after_part", lambda _: NOTHING)
    patch(resume, "after_part", lambda _: NOTHING)


WRONG_BY_FIELD = (
    any_update_may_be_our_own,
    what_was_written_is_not_said,
    a_part_that_was_done_is_open,
)
