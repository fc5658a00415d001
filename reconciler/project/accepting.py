"""Plan, and write chosen live values into the specs that differ from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.config.model import Config
from reconciler.edit.accepting import (
    Acceptance,
    Choice,
    Decider,
    Decision,
    Declined,
    chosen,
    unclassified,
    without_contradictions,
)
from reconciler.files.paths import real_path, shown
from reconciler.files.rewriting import Rewriting
from reconciler.files.whole_file import check_place
from reconciler.model.catalog import Catalog
from reconciler.model.fieldtypes.table import TYPES
from reconciler.model.plan import CaseChange, FieldChange, Plan, UnreadableCase
from reconciler.model.progress import Progress
from reconciler.project.connections import Connection, Connections
from reconciler.project.inputs import SpecsRequest, load_specs
from reconciler.project.planning import PlanRequest, plan_now
from reconciler.read.preparing import specs_for
from reconciler.service.catalog import read_fields, with_options
from reconciler.specs.writing import one_line
from reconciler.yaml.edit import edited_where_possible
from reconciler.yaml.splicing import Addition, CannotEditError, Edit


@dataclass(frozen=True, slots=True)
class Accepted:
    """What there is to write, what was declined, and what nobody could tell.

    `also` names files to write that are about a target of which nothing was read.
    `unreadable` are chosen cases that could not be read; `unclassified` counts differing fields
    that would be taken if they drifted, but of which no history was read.
    """

    files: tuple[Rewriting, ...]
    count: int
    declined: tuple[Declined, ...]
    also: tuple[tuple[str, str], ...] = ()
    unreadable: tuple[UnreadableCase, ...] = ()
    unclassified: int = 0

    def write(self) -> None:
        """Write all of the files, or none where one cannot be.

        Raises:
            Unwritable: a file cannot be written.

        Example:
            >>> project.accept(cases=case_id, dry_run=True).write()
        """
        for file in self.files:
            check_place(file.path)
        for file in self.files:
            file.write()


def accept(
    config: Config,
    request: PlanRequest,
    choice: Choice,
    connections: Connections,
    progress: Progress,
) -> Accepted:
    """Everything that accepting would write; nothing is written yet."""
    plan = plan_now(config, request, connections, progress).plan
    specs = load_specs(
        config, SpecsRequest(paths=request.paths, targets=request.targets, digested=False)
    )
    decisions: list[Decision] = []
    for target, entries in chosen(plan, choice).items():
        if not entries:
            continue
        catalog = _catalog(connections.open(config.targets[target]), entries)
        decider = Decider(specs_for(specs, target, config.default_target), entries, catalog)
        decisions.extend(decider.decide(change.case_id, entry) for change, entry in entries)
    found = _written(without_contradictions(decisions), config.root)
    planned = {target.name for target in plan.targets}
    also = {
        (one.at.file, target)
        for one in decisions
        if isinstance(one, Acceptance)
        for target in one.targets
        if target not in planned
    }
    return replace(
        found,
        also=tuple(sorted(also)),
        unreadable=_unreadable(plan, choice),
        unclassified=unclassified(plan, choice),
    )


def _unreadable(plan: Plan, choice: Choice) -> tuple[UnreadableCase, ...]:
    return tuple(
        one
        for target in plan.targets
        for one in target.unreadable
        if not choice.cases or one.case in choice.cases
    )


def _written(decisions: Iterable[Decision], root: Path) -> Accepted:
    """Every file with what was decided for it."""
    by_file: dict[str, list[Acceptance]] = {}
    declined: list[Declined] = []
    for one in decisions:
        if isinstance(one, Declined):
            declined.append(one)
        else:
            by_file.setdefault(one.at.file, []).append(one)
    files: list[Rewriting] = []
    count = 0
    for file, several in sorted(by_file.items()):
        rewriting, refused = _rewritten(root / file, several, root)
        declined.extend(refused)
        count += len(several) - len(refused)
        if rewriting is not None:
            files.append(rewriting)
    return Accepted(tuple(files), count, tuple(declined))


def _catalog(connection: Connection, entries: Sequence[tuple[CaseChange, FieldChange]]) -> Catalog:
    """The fields, and the options of the chosen single-selects."""
    catalog = read_fields(connection.domain, connection.catalog)
    selects = {entry.id for _, entry in entries if TYPES[entry.type].has_options}
    return with_options(catalog, connection.catalog, sorted(selects))


def _rewritten(
    path: Path, several: Sequence[Acceptance], root: Path
) -> tuple[Rewriting | None, tuple[Declined, ...]]:
    """One file with all of these values that can be written into it, and the others."""
    is_json = path.suffix.lower() == ".json"
    before = path.read_bytes()
    changes = {_change(one): one for one in several}
    try:
        after, refused = edited_where_possible(before, list(changes), is_json=is_json)
    except CannotEditError as error:
        return None, tuple(_cannot(one, str(error)) for one in several)
    declined = [_cannot(changes[change], why) for change, why in refused]
    rewriting = Rewriting(path, shown(real_path(path), root), before, after)
    return rewriting if after != before else None, tuple(declined)


def _change(one: Acceptance) -> Edit | Addition:
    at = (one.at.line, one.at.column)
    if one.into_case:
        return Addition(at, one.name, one.text, one.plain)
    return Edit(at, one.text, one.plain)


def _cannot(one: Acceptance, why: str) -> Declined:
    return Declined(
        case_id=one.case_id, change=one.change, reason=why, advice=f"edit {one.at}", paste=one
    )


def pasteable(declined: Declined) -> str:
    """The lines that an author would add, where the value may be shown."""
    one = declined.paste
    if one is None:
        return ""
    value = one.text if one.plain else one_line(one.text)
    return f"  - id: {one_line(one.case_id)}\n    fields:\n      {one_line(one.name)}: {value}"
