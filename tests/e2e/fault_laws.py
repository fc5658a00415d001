"""What must hold after any schedule of faults, judged from the service's own records."""

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.e2e.fault_schedules import WRITES
from tests.e2e.faults import Apply, Seen, Story, Values, Write

ROUND_TRIP = 0.5  # seconds; what may lie between the guard read and the write of one case
FRESH = 3.5  # seconds; a case updated within them may hide another write behind coarse clocks
DONE = ("Applied", "AlreadyDone")
WORDS = {
    "Applied": "applied",
    "AlreadyDone": "already done",
    "Conflict": "in conflict",
    "Failed": "failed",
    "Unknown": "unknown",
    "Unverified": "unverified",
    "NotAttempted": "not attempted",
}
# What the service itself keeps of a case whenever it is changed.
KEPT = (
    "last_updated_datetime",
    "last_updated_user",
    "last_closed_datetime",
    "last_reopened_datetime",
)
STARTED = "Started"


def violations(story: Story) -> list[str]:
    """Every law that was broken; also counts into `story.met` what the schedule met."""
    judge = _Judge(story)
    return [
        *story.trouble,
        *judge.ends(),
        *judge.writes(),
        *judge.repeats(),
        *judge.resends(),
        *judge.written(),
        *judge.accounts(),
        *judge.others(),
        *judge.silence(),
    ]


class _Judge:
    def __init__(self, story: Story) -> None:
        self._story = story
        self._lag = story.schedule.lag
        self._met = story.met
        changes = story.plan["targets"][0]["changes"]
        self._planned = {one["case_id"]: one["fields"] for one in changes}
        self._history: dict[str, list[tuple[Seen, Write]]] = {}
        for call in story.seen:
            for write in call.landed:
                self._history.setdefault(write.case, []).append((call, write))

    # -- (1) where every case ends ---------------------------------------------------------

    def ends(self) -> Iterator[str]:
        """In the last apply each case is done and as desired, or in conflict with a foreign value.

        The last apply comes when no index lags any more and nobody else is at work, so nothing is
        exempt. The one before may have called a case done that somebody changed after it looked.
        """
        for apply in self._story.applies:
            for outcome in apply.outcomes:
                yield from self._end(apply, outcome)

    def _end(self, apply: Apply, outcome: dict[str, Any]) -> Iterator[str]:
        case_id, kind = outcome["case_id"], outcome["event"]
        live = self._story.after[case_id]
        where = f"apply {apply.run}: {kind} {case_id}"
        if kind in DONE:
            wrong = [one for one in self._planned[case_id] if live.get(one["id"]) != one["after"]]
            for entry in wrong:
                if not self._changed_later(apply, case_id, entry["id"]):
                    yield f"{where}: {entry['name']} holds {live.get(entry['id'])!r}"
        elif kind == "Conflict":
            self._met[f"conflict in apply {apply.run}"] += 1
            if not self._foreign_conflict(case_id, outcome):
                yield f"{where}: nobody else ever changed {outcome['fields']}"
        elif kind == "Unverified" and self._foreign_conflict(case_id, outcome):
            self._met["foreign edits seen by the check of a write"] += 1
        elif kind == "Unknown" and self._cannot_tell(case_id):
            self._met[f"nobody can tell, in apply {apply.run}"] += 1
        elif apply.run != 1:
            yield f"{where}: without a fault to cause it ({outcome})"
        else:
            self._met[f"{WORDS[kind]} in apply 1"] += 1

    def _foreign_conflict(self, case_id: str, outcome: dict[str, Any]) -> bool:
        """Whether somebody else ever wrote one of the fields that conflict."""
        return any(
            conflict["field"] in write.values and not write.ours
            for conflict in outcome["fields"]
            for _, write in self._history.get(case_id, ())
        )

    def _cannot_tell(self, case_id: str) -> bool:
        """Whether a send got no reply, and the case was updated since, or right before its guard.

        Then nothing proves that the case was not written, and somebody may have put it back.
        """
        history = self._history.get(case_id, ())
        for run, number in self._unanswered(case_id):
            read = self._last_read(case_id, run, number)
            if read is None:
                continue
            since = any(call.number > read.number for call, _ in history)
            updates = [call.ended for call, _ in history if call.number <= read.number]
            if since or read.began - max([*updates, self._story.held_at]) < FRESH:
                return True
        return False

    def _unanswered(self, case_id: str) -> Iterator[tuple[int, int]]:
        """The sends of a case without a reply: in which apply, and before which call's number.

        Of a batch with a reply, those of a case that it did not write.
        """
        for send in self._story.seen:
            about = send.ours and send.operation in WRITES and case_id in send.cases
            landed = any(write.case == case_id for write in send.landed)
            if about and not (send.status == 200 and send.whole and landed):
                yield send.run, send.number
        for apply in self._story.applies:
            started = {one.get("case_id") for one in apply.journal or () if one["event"] == STARTED}
            if apply.killed and case_id in started:
                yield apply.run, len(self._story.seen)

    def _changed_later(self, apply: Apply, case_id: str, name: str) -> bool:
        """Whether somebody else changed a field after this apply last looked at the case."""
        last = self._last_read(case_id, apply.run, len(self._story.seen))
        if apply.run == 3:
            return False
        for call, write in self._history.get(case_id, ()):
            if write.ours or name not in write.values:
                continue
            if last is None or call.number > last.number or not self._index_shows(call, last):
                return last is not None
        return False

    # -- (2) why each write was right ------------------------------------------------------

    def writes(self) -> Iterator[str]:
        """Each write follows a read that showed `before` in what it writes, `after` in the rest.

        So no edit that the guard read could see is overwritten, and nothing is written that is
        already done or in conflict. A read through the index sees what the index shows: in bulk
        mode an edit younger than the index's lag is in the documented window, as everywhere one
        that comes between the guard read and the write.
        """
        for case_id, history in self._history.items():
            for call, write in history:
                if write.ours:
                    yield from self._justified(case_id, call, write)

    def _justified(self, case_id: str, call: Seen, write: Write) -> Iterator[str]:
        where = f"apply {call.run}: call {call.number} wrote {write.values} to {case_id}"
        planned = {entry["id"]: entry for entry in self._planned.get(case_id, ())}
        for name, value in write.values.items():
            if name not in planned or planned[name]["after"] != value:
                yield f"{where}: not what was planned"
                return
        read = self._last_read(case_id, call.run, call.number)
        if read is None:
            yield f"{where}: without a guard read"
            return
        self._met_window(case_id, read, call, write)
        # With more hands than one, others' waits move the clock too.
        window = call.began - read.ended
        if self._story.schedule.hands == 1:
            self._story.windows.append((call.operation, window))
            if call.operation == "UpdateCase" and window > ROUND_TRIP:
                yield f"{where}: {window:.1f} s after the guard read"
        shown = list(self._shown(case_id, read))
        by_field = self._story.schedule.by_field
        if not any(_allows(state, planned, write, by_field=by_field) for state in shown):
            yield f"{where}: call {read.number} had shown {shown}"

    def _last_read(self, case_id: str, run: int, before: int) -> Seen | None:
        for call in reversed(self._story.seen[:before]):
            if call.ours and call.run == run and call.whole and case_id in call.shown:
                return call
        return None

    def _index_shows(self, change: Seen, read: Seen) -> bool:
        """Whether a read came after a change, and late enough for the index if it asked that."""
        if change.number > read.number:
            return False
        return read.operation == "GetCase" or change.ended + self._lag <= read.began

    def _shown(self, case_id: str, read: Seen) -> Iterator[Values]:
        """What a read may have shown: one state, or several while the clock moves under it."""
        state = dict(self._story.before[case_id])
        lag = 0.0 if read.operation == "GetCase" else self._lag
        for call, write in self._history.get(case_id, ()):
            if call.number > read.number:
                break
            if lag and call.began + lag > read.ended:
                break
            if lag and call.ended + lag > read.began:
                yield dict(state)
            state.update(write.values)
        yield state

    def _met_window(self, case_id: str, read: Seen, call: Seen, write: Write) -> None:
        """Count the foreign edits that fell into the documented windows."""
        for other, edit in self._history[case_id]:
            if edit.ours or not other.number < call.number:
                continue
            lost = [
                name
                for name in edit.values
                if name in write.values and edit.values[name] != write.values[name]
            ]
            if lost and other.number > read.number:
                self._met["foreign edits lost between the guard read and the write"] += 1
            elif lost and not self._index_shows(other, read):
                self._met["foreign edits lost within the index's lag"] += 1

    # -- (3) how often each case was written -----------------------------------------------

    def repeats(self) -> Iterator[str]:
        """One write takes effect per changed case, whatever becomes of replies and processes.

        By field it is one per changed field of a case.

        So nobody's edit after it is ever overwritten, also one that puts the old value back.
        """
        for case_id, history in self._history.items():
            ours = [call for call, write in history if write.ours]
            names = {name for _, write in history if write.ours for name in write.values}
            for name in names if self._story.schedule.by_field else [""]:
                about = [
                    call for call, write in history if write.ours and name in ("", *write.values)
                ]
                for one, two in itertools.pairwise(about):
                    yield f"{case_id} {name} was written twice, by calls {one.number}, {two.number}"
            if ours and any(
                not write.ours for call, write in history if call.number > ours[0].number
            ):
                self._met["foreign edits after our write, left alone"] += 1

    def resends(self) -> Iterator[str]:
        """A case is read again before it is sent once more, whatever became of the first send."""
        sent: dict[tuple[int, str], Seen] = {}
        for call in self._story.seen:
            if not call.ours:
                continue
            for case_id in call.shown:
                sent.pop((call.run, case_id), None)
            for case_id in call.cases if call.operation in WRITES else ():
                earlier = sent.get((call.run, case_id))
                if earlier is not None:
                    yield f"call {call.number} repeats call {earlier.number} unread"
                sent[call.run, case_id] = call

    # -- (4) what was said -----------------------------------------------------------------

    def written(self) -> Iterator[str]:
        """What is said to be written was sent, and where nothing else was sent, all is said."""
        for apply in self._story.applies:
            for outcome in apply.outcomes:
                case_id, said = outcome["case_id"], set(outcome.get("written", ()))
                landed = {
                    name
                    for call, write in self._history.get(case_id, ())
                    if write.ours and call.run <= apply.run
                    for name in write.values
                }
                self._met[f"{outcome['event']} of a partly written case"] += bool(said)
                held = {one["id"] for one in self._planned[case_id]}
                if said - held or (said - landed and not [*self._unanswered(case_id)]):
                    yield f"apply {apply.run}: {case_id} is said to be written in {said - landed}"
                quiet = outcome["event"] in ("Failed", "NotAttempted")
                if quiet and landed - said:
                    yield f"apply {apply.run}: of {case_id} {landed - said} is not said"

    def accounts(self) -> Iterator[str]:
        """The journal, the report and the exit status tell the same; the newest journal is last."""
        names = [apply.journal_name for apply in self._story.applies if apply.journal_name]
        if names != sorted(names):
            yield f"the journals are out of order: {names}"
        for apply in self._story.applies:
            status = apply.ran.status
            if apply.killed:
                self._met["kills"] += 1
            elif status in (0, 4):
                yield from self._account(apply)
            elif status != 1 or apply.run != 1:
                yield f"apply {apply.run} ended with {status}: {apply.ran.err}"
            elif any(call.landed and call.ours and call.run == 1 for call in self._story.seen):
                yield "apply 1 ended with 1, and had written"
            else:
                self._met["applies that ended before any write"] += 1

    def _account(self, apply: Apply) -> Iterator[str]:
        where = f"apply {apply.run}"
        ended = Counter(outcome["case_id"] for outcome in apply.outcomes)
        if ended != Counter(self._planned.keys()):
            yield f"{where}: the journal's outcomes are of {ended}"
        counts = Counter(outcome["event"] for outcome in apply.outcomes)
        finished = (apply.journal or [{}])[-1]
        written = {name: count for name, count in finished.get("counts", ()) if count}
        if finished.get("event") != "RunFinished" or written != counts:
            yield f"{where}: the journal ends with {finished}, and holds {counts}"
        said = ", ".join(f"{counts[kind]} {word}" for kind, word in WORDS.items() if counts[kind])
        if f"complete: {said or 'nothing to do'}" not in apply.ran.out:
            yield f"{where}: {said} is not what was reported: {apply.ran.out}"
        done = all(outcome["event"] in DONE for outcome in apply.outcomes)
        if apply.ran.status != (0 if done else 4):
            yield f"{where}: exit status {apply.ran.status} after {counts}"
        self._met["unknown outcomes settled by reading"] += sum(
            bool(outcome.get("settled_by_reading")) for outcome in apply.outcomes
        )

    # -- (5) what is nobody's business -----------------------------------------------------

    def others(self) -> Iterator[str]:
        """What no spec names holds what it held, or what somebody else has put there."""
        for case_id, before in self._story.before.items():
            expected = dict(before)
            for _, write in self._history.get(case_id, ()):
                expected.update(write.values)
            after = self._story.after[case_id]
            for name in (expected.keys() | after.keys()) - set(KEPT):
                if expected.get(name) != after.get(name):
                    yield f"{case_id}: {name} became {after.get(name)!r} without a trace"

    # -- (6) the end -----------------------------------------------------------------------

    def silence(self) -> Iterator[str]:
        """Once everything is settled, the plan asks for no further write.

        But for the first one of a case that somebody had changed, and has made again what it was.
        """
        for call in self._story.seen:
            if call.ours and call.run == 3 and call.operation in WRITES:
                for case_id in call.cases:
                    if not self._restored_before_any_write(case_id, call.number):
                        yield f"apply 3 sent {call.operation} to {case_id}"

    def _restored_before_any_write(self, case_id: str, number: int) -> bool:
        earlier = [one for one in self._history.get(case_id, ()) if one[0].number < number]
        last = max(call.number for call in self._story.seen if call.run in (1, 2))
        again = any(not write.ours and call.number > last for call, write in earlier)
        return again and not any(write.ours for _, write in earlier)


def _allows(
    state: Values, planned: dict[str, dict[str, Any]], write: Write, *, by_field: bool
) -> bool:
    """Whether a state allows a write: `before` in what it writes, and what is right in the rest.

    By field the rest may be still to come.
    """
    return all(
        state.get(name) == entry["before"]
        if name in write.values
        else state.get(name)
        in ((entry["before"], entry["after"]) if by_field else [entry["after"]])
        for name, entry in planned.items()
    )
