"""What each call about specs, rules and tables asks of the rooms below."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconciler.config.model import Rate
from reconciler.edit.accepting import Choice
from reconciler.errors import WrongArgument
from reconciler.model.ignore import NewRule, Scope, end_of
from reconciler.model.selectors import Selectors
from reconciler.plan.file.saved import vouched_for
from reconciler.project.accepting import Accepted, accept
from reconciler.project.calls import mode_of
from reconciler.project.catalogs import Catalog
from reconciler.project.exporting import Asked, Export, chosen_of, export_now, order_for, shape_of
from reconciler.project.home import Home
from reconciler.project.ignoring import IgnoreRequest, NewRules, ignore_now
from reconciler.project.importing import (
    Imported,
    ImportRequest,
    Reading,
    import_now,
)
from reconciler.project.inputs import target_of
from reconciler.project.planning import PlanRequest
from reconciler.project.plans import Plan
from reconciler.project.project import HISTORIES_OF_DRIFT
from reconciler.service.catalog import read_whole
from reconciler.tables.rows import TableRules


def accepted_by(
    home: Home, only: Selectors, paths: Any, *, drifted: bool, dry_run: bool
) -> Accepted:
    """What accepting writes, written unless it is only to be shown."""
    home.check_open()
    if not (only.cases or only.fields or drifted):
        raise WrongArgument("cases", "say what is accepted: cases, fields or drifted")
    request = PlanRequest(
        paths=home.paths(paths),
        targets=only.targets,
        only=only,
        for_drift=True,
        attribution=HISTORIES_OF_DRIFT if drifted else 0,
        commit=home.ways.commit,
    )
    choice = Choice(
        cases=frozenset(only.cases), fields=frozenset(only.fields), drifted_only=drifted
    )
    found = accept(home.config, request, choice, home.connections, home.ways.progress)
    if not dry_run:
        found.write()
    return found


def rule_of(reason: str, until: str, scope: str) -> NewRule:
    """What every new rule has in common, checked."""
    if not reason.strip() or not reason.isprintable():
        raise WrongArgument("reason", "write why this is left alone, on one line")
    if end_of(until) is None:
        raise WrongArgument(
            "until",
            f'"{until}" is neither a day, such as 2026-12-31, nor a time with an offset',
        )
    if scope not in list(Scope):
        raise WrongArgument("scope", f"found {scope!r}, expected one of {', '.join(Scope)}")
    return NewRule(field="", name="", case="", reason=reason, until=until, scope=Scope(scope))


def ignored_by(
    home: Home, plan: Plan, only: Selectors, rule: NewRule, out: str | Path | None
) -> NewRules:
    """The rules, written."""
    home.check_open()
    if plan._file is not None:
        vouched_for(plan.data, plan._file, home.config)
    request = IgnoreRequest(
        plan=plan.data,
        out=None if out is None else Path(out),
        cases=only.cases,
        fields=only.fields,
        rule=rule,
    )
    return ignore_now(request, home.config, home.connections.clock.now())


def exported_by(home: Home, name: str | None, asked: Asked) -> Export:
    """The cases as they are now, in an author's words."""
    home.check_open()
    chosen = chosen_of(asked)
    target = target_of(home.config, name)
    shape = shape_of(asked, home.config, target, chosen)
    order = order_for(chosen, asked.fields, shape, mode_of(asked.mode), asked.limit)
    found = export_now(target, order, home.connections, home.ways.progress)
    return Export(found, target.name, shape)


def imported_by(home: Home | None, reading: Reading) -> Imported:
    """The spec of a table; without a project, of the table alone or with a saved catalog."""
    path = Path(reading.path)
    request = ImportRequest(
        path=path,
        format=reading.format,
        name=reading.name or path.stem,
        reason=reading.reason,
        target=reading.target,
        catalog=None if reading.catalog is None else Path(reading.catalog),
        rules=TableRules(clear_empty=reading.clear_empty, null=reading.null),
        schema=reading.schema(None if home is None else home.config),
    )
    if home is None:
        return import_now(request, None, None)
    home.check_open()
    offline = request.target is None or request.catalog is not None
    return import_now(request, home.config, None if offline else home.connections)


def catalog_by(home: Home, name: str | None) -> Catalog:
    """What the target's domain offers, all of it."""
    home.check_open()
    connection = home.connections.open(target_of(home.config, name))
    return Catalog(read_whole(connection.domain, connection.catalog))


def quotas_by(home: Home, name: str | None) -> Mapping[str, Rate]:
    """The account's own quotas."""
    from reconciler.service.aws.account_quotas import account_quotas

    home.check_open()
    connection = home.connections.open(target_of(home.config, name))
    return account_quotas(connection.service.quotas_client())
