"""What a project makes of live values for authors: specs, rules, tables, a catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.project.opening import Opened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reconciler.config.model import Rate
    from reconciler.project.accepting import Accepted
    from reconciler.project.catalogs import Catalog
    from reconciler.project.exporting import Export
    from reconciler.project.ignoring import NewRules
    from reconciler.project.importing import Imported
    from reconciler.project.plans import Plan

    Names = str | Sequence[str] | None
    Paths = str | Path | Sequence[str | Path] | None


class Editing(Opened):
    """The calls whose result is for authors; none of them touches a live case."""

    def accept(
        self,
        *,
        targets: Names = None,
        cases: Names = None,
        fields: Names = None,
        paths: Paths = None,
        drifted: bool = False,
        dry_run: bool = False,
    ) -> Accepted:
        """Write live values into the specs that differ from them, in place of what they want.

        Args:
            targets, cases, fields: what is accepted, by name or id; at least cases, fields or
                drifted has to be said, and they narrow each other.
            paths: spec files or folders; None for all of the project's.
            drifted: only what somebody changed since it was applied.
            dry_run: decide, and write nothing.

        Raises:
            WrongArgument: nothing was chosen.
            Unwritable: a file cannot be written; then none is.

        Example:
            >>> accepted = project.accept(cases=case_id)
            >>> accepted.count, len(accepted.declined)
            (1, 0)
        """
        from reconciler.project.calls import selectors
        from reconciler.project.edits import accepted_by

        only = selectors(targets=targets, cases=cases, fields=fields)
        return accepted_by(self._home, only, paths, drifted=drifted, dry_run=dry_run)

    def ignore(  # noqa: PLR0913  (one parameter an entry of a rule)
        self,
        plan: Plan,
        *,
        reason: str,
        until: str,
        cases: Names = None,
        fields: Names = None,
        scope: str = "both",
        out: str | Path | None = None,
    ) -> NewRules:
        """Write rules that leave differences of a plan alone, into a spec of kind Ignore.

        Args:
            plan: the differences to choose from.
            reason: one line, which every report shows.
            until: the last day, all of it in UTC (2027-03-31), or a time with an offset.
            cases, fields: which; None for all.
            scope: both, drift or apply.
            out: the spec file; None for ignore.yaml in the specs folder.

        Raises:
            WrongArgument: the reason is no line, the day is past or none, the scope is unknown.

        Example:
            >>> project.ignore(project.plan(), reason="CHG-7", until="2999-12-31").path.name
            'ignore.yaml'
        """
        from reconciler.project.calls import selectors
        from reconciler.project.edits import ignored_by, rule_of

        rule = rule_of(reason, until, scope)
        return ignored_by(self._home, plan, selectors(cases=cases, fields=fields), rule, out)

    def export(  # noqa: PLR0913  (one parameter a way of choosing)
        self,
        *,
        target: str | None = None,
        cases: Names = None,
        where: Names = None,
        template: str | None = None,
        tags: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
        everything: bool = False,
        fields: Names = None,
        format: str = "yaml",
        name: str = "export",
        reason: str | None = None,
        split: str | int = "",
        bom: bool = False,
        limit: int = 10_000,
        mode: str = "balanced",
        folder: str | Path | None = None,
    ) -> Export:
        """Read live cases, as the specs or the table that a person would have written.

        Args:
            target: of the config; None for the default one.
            cases: these, by id; or a selection by where, template and tags; or everything.
            where: conditions, as `status = open` or in YAML.
            fields: only these; None for all that a spec may set and a case holds.
            format: yaml, csv or jsonl.
            name, reason: of the spec; the name is that of its file too.
            split, bom: "template", or cases a file; csv begins as Excel wants UTF-8 to.
            limit: fail when more cases match, from 1.
            mode: strict or balanced.
            folder: where the files are going to be, for the way to their schema.

        Raises:
            WrongArgument, AuthorErrors: not one way of choosing; a wrong condition or field.

        Example:
            >>> exported = project.export(cases=case_id, fields=["severity"])
            >>> list(exported.files)
            ['export.yaml']
        """
        from reconciler.project.edits import exported_by
        from reconciler.project.exporting import Asked, named, pairs

        return exported_by(self._home, target, Asked(
            cases=named("cases", cases), where=named("where", where), template=template,
            tags=pairs(tags), everything=everything, fields=named("fields", fields), format=format,
            name=name, reason=reason, split=str(split), bom=bom, limit=limit, mode=mode,
            folder=folder,
        ))  # fmt: skip

    def import_table(  # noqa: PLR0913  (one parameter a way of reading)
        self,
        path: str | Path,
        *,
        name: str | None = None,
        reason: str = "",
        target: str | None = None,
        catalog: str | Path | None = None,
        format: str = "",
        clear_empty: bool = False,
        null: str | None = None,
        folder: str | Path | None = None,
    ) -> Imported:
        """Make a spec of a .csv or .jsonl table with a row for each case.

        Args:
            path: the table.
            name, reason: of the spec; the name is that of the file where it is None.
            target: of the config, which checks names and types; None to read the table alone.
            catalog: a saved catalog, which checks them without a call.
            format: csv or jsonl; "" for what the suffix says.
            clear_empty: an empty cell clears its field, instead of leaving it alone.
            null: a cell of exactly this text clears its field.
            folder: where the spec is going to be, for the way to its schema.

        Raises:
            AuthorErrors: cells are wrong; `problems` has each with its place.

        Example:
            >>> table = folder / "fixes.csv"
            >>> _ = table.write_text(f"case_id,severity\\n{case_id},Low\\n")
            >>> project.import_table(table).cases
            1
        """
        from reconciler.project.edits import imported_by
        from reconciler.project.importing import Reading

        return imported_by(self._home, Reading(
            path=path, name=name, reason=reason, target=target, catalog=catalog, format=format,
            clear_empty=clear_empty, null=null, folder=folder,
        ))  # fmt: skip

    def catalog(self, target: str | None = None) -> Catalog:
        """The fields, types, options and templates of a target's domain; it holds no case data.

        Args:
            target: of the config; None for the default one.

        Raises:
            ReconcilerError: the target cannot be reached.

        Example:
            >>> project.catalog().save(folder / "catalog.json")
        """
        from reconciler.project.edits import catalog_by

        return catalog_by(self._home, target)

    def quotas(self, target: str | None = None) -> Mapping[str, Rate]:
        """What the target's account may call a second, from Service Quotas.

        Raises:
            ReconcilerError: the target has no account to ask, or may not be asked.

        Example:
            >>> try:
            ...     project.quotas()
            ... except ReconcilerError as error:
            ...     print("documented defaults" in str(error))
            True
        """
        from reconciler.project.edits import quotas_by

        return quotas_by(self._home, target)
