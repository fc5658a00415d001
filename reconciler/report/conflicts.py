"""What every report says of values in conflict: what becomes of them, and the ways out."""

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reconciler.model.event import Conflict
from reconciler.model.guards import Limit
from reconciler.model.plan import Plan, TargetPlan
from reconciler.model.plural import plural
from reconciler.plan.conflicts import conflicts_in, field_conflicts
from reconciler.report.escaping import visible
from reconciler.report.subject import Subject

CAUSE = "changed by the specs and by somebody else since they last agreed"
# A number of values for each target; for all cases of a report that do not know theirs.
ANY = "N"
_FLAG = Limit.CONFLICTS.facts.flag


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a conflict: what it does, the command that does it, and what does it too."""

    what: str
    command: str
    config: str = ""

    def how(self, mark: Callable[[str], str] = str) -> str:
        """The command, or what stands for it in the config; `mark` sets them off."""
        return mark(self.command) + (f", or {mark(self.config)}" if self.config else "")


def ways_out(most: object = ANY, case: str = "", field: str = "") -> tuple[Way, Way, Way]:
    """The three ways out; `most` values in conflict have to be allowed for the first one."""
    one = f" --case {_word(case)}" if case else ""
    one += f" --field {_word(field)}" if field else ""
    return (
        Way(
            "take the spec's value",
            f"reconcile apply {_FLAG} {most}",
            _in_config(most),
        ),
        Way("keep the live one", f"reconcile accept{one}"),
        Way("stop managing it", "reconcile ignore"),
    )


def _in_config(most: object) -> str:
    return f"limits: {{{Limit.CONFLICTS.facts.key}: {most}}}"


def _word(text: str) -> str:
    return shlex.quote(visible(text))


def said(ways: Iterable[Way], mark: Callable[[str], str] = str) -> str:
    """The ways as the end of a sentence; `mark` sets off what is to be typed."""
    return "; ".join(f"to {way.what}: {way.how(mark)}" for way in ways)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of the values of a target that are in conflict; `why` says by what."""

    count: int
    written: bool
    why: str

    @property
    def heading(self) -> str:
        """`! 2 values in conflict`."""
        return f"! {plural(self.count, 'value')} in conflict"

    @property
    def word(self) -> str:
        """Whether they are written, beside one of them."""
        return f"written: {self.why}" if self.written else f"not written{self.why}"

    @property
    def sentence(self) -> str:
        """Whether apply writes them."""
        them, cases = ("it", "its case") if self.count == 1 else ("them", "their cases")
        if self.written:
            return f"Apply writes {them}: {self.why}."
        alone = f"leaves {cases} whole as found"
        return f"Apply does not write {them}{self.why}, {alone}, and does the rest."

    def ways(self, case: str = "", field: str = "") -> tuple[Way, ...]:
        """The ways out that are still to be taken, for one value or each of them."""
        return ways_out(self.count, case, field)[self.written :]


def fate(subject: Subject, target: TargetPlan) -> Fate:
    """What apply does with a target's conflicts, as far as config and command line say it."""
    count = conflicts_in(target)
    if subject.allowed_conflicts is not None:
        most, by = subject.allowed_conflicts, f"{_FLAG} {subject.allowed_conflicts}"
    elif target.name in subject.limits:
        most = subject.limits[target.name].conflicts
        by = _in_config(most)
    else:
        return Fate(count, False, f" unless {_in_config(ANY)} of the config allows as many")
    if count <= most:
        return Fate(count, True, f"{by} allows it")
    return Fate(count, False, f" ({by} allows fewer)" if most else "")


def fates(subject: Subject, plan: Plan) -> dict[str, Fate]:
    """What becomes of the conflicts of each target that has any."""
    return {one.name: fate(subject, one) for one in plan.targets if conflicts_in(one)}


def ways_of(outcome: Conflict) -> str:
    """The ways out for a case that an apply left alone."""
    if not outcome.planned:
        return "to see the new value and decide: plan again"
    return said(ways_out(ANY, outcome.case_id))


def conflicts_data(subject: Subject, plan: Plan) -> list[dict[str, object]]:
    """Every value in conflict for programs: where, by whom, when, and the ways out."""
    return [
        {
            "target": target.name,
            "case_id": change.case_id,
            "title": change.title,
            "id": entry.id,
            "name": entry.name,
            "by": (last.by or last.principal) if (last := entry.last_change) else "",
            "at": last.at if last else "",
            "written": found.written,
            "said": f"! {found.word}",
            "ways_out": [
                {"what": way.what, "how": way.how()}
                for way in found.ways(change.case_id, entry.name)
            ],
        }
        for target in plan.targets
        if (found := fate(subject, target)).count
        for change in target.changes
        for entry in change.fields
        if entry.id in {conflict.field for conflict in field_conflicts(change)}
    ]
