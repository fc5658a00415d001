"""A plan as whoever calls the library sees it: to look at, to render, to save and to apply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from reconciler.errors import ReconcilerError, WrongArgument

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reconciler.config.model import Config
    from reconciler.model import plan as data
    from reconciler.model.receipt import Receipt
    from reconciler.plan.file.saved import PlanFile
    from reconciler.plan.planning import Planned


class Refusal(NamedTuple):
    """A guard that blocks a plan: which one, over what, the number found and the one allowed."""

    guard: str
    scope: str
    found: float
    limit: float
    message: str


class TargetPlan:
    """The part of a plan that is about one target; nothing in it changes.

    Example:
        >>> for target in project.plan().targets:
        ...     print(target.name, target.error, len(target.changes))
        demo None 2
    """

    __slots__ = ("_data",)

    def __init__(self, made: data.TargetPlan) -> None:
        self._data = made

    @property
    def name(self) -> str:
        """The target's name in the config."""
        return self._data.name

    @property
    def error(self) -> ReconcilerError | None:
        """Why the target could not be planned at all; None when it could."""
        return None if self._data.error is None else ReconcilerError(self._data.error)

    @property
    def changes(self) -> tuple[data.CaseChange, ...]:
        """What would be written, case by case: `case_id`, `title`, and `fields`.

        Each field has `id`, `name`, `before`, `after`, `change_class` and `source`.
        """
        return tuple(self._data.changes)

    @property
    def unreadable(self) -> tuple[data.UnreadableCase, ...]:
        """The cases that could not be read, each with `case` and `reason`."""
        return tuple(self._data.unreadable)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """The guards that block this plan."""
        return tuple(
            Refusal(str(one.guard), one.scope, one.found, one.limit, one.message)
            for one in self._data.blocked_by
        )

    @property
    def cases_managed(self) -> int:
        """How many cases the specs are about here."""
        return self._data.cases_managed

    @property
    def cases_in_sync(self) -> int:
        """How many of those are as their specs say."""
        return self._data.cases_in_sync

    def __repr__(self) -> str:
        return f"TargetPlan({self.name!r}, {len(self.changes)} changed cases)"


class Plan:
    """Everything that an apply may do, decided and frozen.

    One is made by `Project.plan`, `Project.drift` or `Project.rollback`, or opened by `Plan.load`.

    Example:
        >>> plan = project.plan()
        >>> plan.changed_cases
        2
        >>> plan.save(folder / "plan.json")
        >>> Plan.load(folder / "plan.json").changes_digest == plan.changes_digest
        True
    """

    __slots__ = ("_config", "_file", "_made", "_reports", "_retried")

    def __init__(
        self,
        made: Planned,
        *,
        config: Config | None = None,
        file: PlanFile | None = None,
        retried: Receipt | None = None,
        reports: bool = False,
    ) -> None:
        self._made = made
        self._config = config
        self._file = file
        self._retried = retried
        self._reports = reports

    @property
    def data(self) -> data.Plan:
        """The same as plain frozen data, as a plan file has it: for reports of one's own."""
        return self._made.plan

    @property
    def targets(self) -> tuple[TargetPlan, ...]:
        """The plan's targets, in the order in which they are applied."""
        return tuple(map(TargetPlan, self.data.targets))

    @property
    def changed_cases(self) -> int:
        """How many cases would be written."""
        return self.data.changed_cases

    @property
    def changed_fields(self) -> int:
        """How many values would be written."""
        return self.data.changed_fields

    @property
    def classes(self) -> Mapping[str, int]:
        """How many values are of each class: conflict, drift, pending, new, unclassified."""
        return dict(self.data.classes)

    @property
    def drifted(self) -> bool:
        """Whether a value is not as the specs last made it; an edited spec alone is no drift."""
        from reconciler.model.classes import ChangeClass

        return any(self.data.classes[kind] for kind in ChangeClass if kind.facts.drifts)

    @property
    def blocked(self) -> bool:
        """Whether a guard would refuse to apply it."""
        return self.data.blocked

    @property
    def incomplete(self) -> bool:
        """Whether a case or a whole target could not be read."""
        return self.data.incomplete

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was noticed on the way, a sentence each."""
        return tuple(self._made.warnings)

    @property
    def changes_digest(self) -> str:
        """64 hex digits: the same for the same changes, whenever they are planned."""
        from reconciler.plan.file.data import changes_digest

        return changes_digest(self.data)

    @property
    def commit(self) -> str:
        """The commit that the specs are of; empty where nobody knows."""
        return self.data.git.commit

    def render(self, format: str = "text", *, full: bool = False) -> str:
        """The plan as a report.

        Args:
            format: text, json, markdown, html, junit, sarif, codequality, terraform or annotations.
            full: name every case, also in groups of alike changes.

        Raises:
            WrongArgument: there is no such format.

        Example:
            >>> case_id in project.plan().render("markdown")
            True
        """
        from reconciler.report.formats import FORMATS, report
        from reconciler.report.subject import about_plan

        if format not in FORMATS:
            raise WrongArgument("format", f"found {format!r}, expected one of {', '.join(FORMATS)}")
        command = "drift" if self._reports else "plan"
        return report(format, about_plan(command, self.data, self._config, full=full))

    def save(self, path: str | Path) -> None:
        """Write the plan file, mode 0600, for `Plan.load` and for `reconcile apply FILE`.

        Args:
            path: the file, which is replaced whole.

        Raises:
            Unwritable: it cannot be written.

        Example:
            >>> project.plan().save(folder / "plan.json")
        """
        from pathlib import Path

        from reconciler.plan.file.data import to_save
        from reconciler.plan.file.disk import save_plan
        from reconciler.secrets.vouching import signed_here

        if self._file is not None:
            saved: Mapping[str, Any] = self._file.data
        elif self._config is not None:
            saved = signed_here(to_save(self.for_file().data), self._config)
        else:
            saved = to_save(self.data)
        save_plan(saved, Path(path))

    def differences(self, other: Plan) -> tuple[str, ...]:
        """In words, how the changes of another plan differ from these; empty where they do not.

        Example:
            >>> project.plan().differences(project.plan())
            ()
        """
        from reconciler.plan.compare import differences

        return tuple(differences(self.data, other.data))

    def joined_with(self, *others: Plan) -> Plan:
        """One plan of several that were made of the same specs, each about other targets.

        Raises:
            ReconcilerError: they are of different specs, or two are about one target.

        Example:
            >>> project.plan().joined_with().changed_cases
            2
        """
        from reconciler.plan.joining import joined
        from reconciler.plan.planning import Planned

        return Plan(Planned(joined([self.data, *(one.data for one in others)]), {}))

    def for_file(self) -> Plan:
        """The part that a file can hold: no sensitive value that a rollback would restore.

        Example:
            >>> project.plan().for_file().changed_cases
            2
        """
        from dataclasses import replace

        from reconciler.apply.inverse import without_sealed

        if not self.data.rollback_of:
            return self
        return Plan(replace(self._made, plan=without_sealed(self.data)), config=self._config)

    @classmethod
    def load(cls, path: str | Path, *, environment: Mapping[str, str] | None = None) -> Plan:
        """The plan in a file, whole and unedited.

        Whether it was made with the right seal key is looked at where it is applied.

        Args:
            path: a file that `Plan.save` or the command wrote.
            environment: where RECONCILE_SEAL_KEY is looked for at once; None to look later.

        Raises:
            PlanMisfit: it is no plan, was edited, or is of another format.

        Example:
            >>> project.plan().save(folder / "plan.json")
            >>> Plan.load(folder / "plan.json").changed_cases
            2
        """
        from pathlib import Path

        from reconciler.plan.file.saved import opened_plan
        from reconciler.plan.planning import Planned

        plan, file = opened_plan(Path(path), environment)
        return cls(Planned(plan, {}), file=file)

    def __repr__(self) -> str:
        return f"Plan({self.changed_cases} changed cases on {len(self.data.targets)} targets)"
