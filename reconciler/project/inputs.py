"""What a run is given: the config, the specs and the targets, from disk alone."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from reconciler.clock import SystemClock
from reconciler.config.file import find_config, read_config
from reconciler.config.model import Config, Target
from reconciler.errors import AuthorErrors, ReconcilerError
from reconciler.model.argument import argument
from reconciler.model.diagnostic import Problem
from reconciler.model.spec import IgnoreSpec, Spec, SpecSet
from reconciler.specs.checking.limits import generous
from reconciler.specs.checking.lint import lint
from reconciler.specs.reading.files import read_specs

CONFIG_NAME = "reconcile.yaml"
AnySpec = TypeVar("AnySpec", bound=Spec | IgnoreSpec)


def load_config(path: Path | None) -> Config:
    """The config given, or the nearest one upwards."""
    config = config_if_any(path)
    if config is None:
        raise ReconcilerError(
            f"there is no {CONFIG_NAME} here or in a folder above; "
            f"start with `reconcile init`, or name one with {argument('config')}"
        )
    return config


def config_if_any(path: Path | None) -> Config | None:
    """The config given, or the nearest one upwards if there is one."""
    found = path or find_config(Path.cwd())
    return None if found is None else read_config(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecsRequest:
    """Which specs are read, and what they are checked against.

    With `allowed_owners`, what only a spec of another owner than those may change is a problem
    too: plans have a guard for that, which can be lifted. Rules and dates are judged at `now`.
    """

    paths: Sequence[Path] = ()
    targets: Sequence[str] = ()
    catalog: Path | None = None
    digested: bool = True
    allowed_owners: Collection[str] | None = None
    now: datetime | None = None


def load_specs(config: Config, request: SpecsRequest) -> SpecSet:
    """Every spec below the paths; all problems that can be found offline are raised together."""
    specs, problems = found_specs(config, request)
    if problems:
        raise AuthorErrors(problems)
    return specs


def found_specs(config: Config, request: SpecsRequest) -> tuple[SpecSet, tuple[Problem, ...]]:
    """Every spec below the paths, and all problems that can be found offline.

    Specs that come with problems are for further checks alone, never for a plan.
    """
    targets, allowed = request.targets, request.allowed_owners
    for name in targets:
        _target(config, name)
    check_owners(config, allowed or ())
    specs, problems = read_specs(
        request.paths or [config.specs],
        root=config.root,
        digested=request.digested,
        # What a plan is about may be narrowed by paths; what it must leave alone may not.
        ignores=config.specs if request.paths and request.digested else None,
    )
    chosen = frozenset(targets) if targets else None
    found: list[Problem] = [*problems, *lint(specs, config, chosen)]
    if specs.ignores:
        found.extend(_wrong_rules(specs, config, targets, request.now))
    if allowed is not None and config.owners:
        from reconciler.specs.checking.owners import not_owners

        found.extend(not_owners(specs, config.owners, allowed))
    if request.catalog is not None:
        found.extend(_against_catalog(specs, config, request.catalog, targets))
    return specs, tuple(found)


def _wrong_rules(
    specs: SpecSet, config: Config, targets: Sequence[str], now: datetime | None
) -> Iterable[Problem]:
    from reconciler.specs.checking.ignore_rules import expired, repeated

    about = _about(targets, specs.ignores, config)
    yield from expired(about, now or SystemClock().now())
    yield from repeated(about, config.default_target)


def warnings_of(
    specs: SpecSet, config: Config, targets: Sequence[str], now: datetime | None = None
) -> tuple[Problem, ...]:
    """What authors should look at soon, though it is no problem yet."""
    found = [*specs.passed_over, *generous(specs.specs, config, targets)]
    if specs.ignores:
        from reconciler.specs.checking.ignore_rules import expiring

        found.extend(expiring(_about(targets, specs.ignores, config), now or SystemClock().now()))
    return tuple(sorted(found))


def about_chosen(specs: SpecSet, config: Config, targets: Sequence[str]) -> SpecSet:
    """Those of the specs that are about one of the targets; all when none is named."""
    return replace(
        specs,
        specs=_about(targets, specs.specs, config),
        ignores=_about(targets, specs.ignores, config),
    )


def _about(
    targets: Collection[str], specs: Iterable[AnySpec], config: Config
) -> tuple[AnySpec, ...]:
    """The specs that are about one of the targets; about any when none is named."""
    default = config.default_target
    return tuple(
        one for one in specs if not targets or set(one.header.about(default)) & set(targets)
    )


def _against_catalog(
    specs: SpecSet, config: Config, path: Path, targets: Sequence[str]
) -> Iterable[Problem]:
    """Problems with names, types and options, from a catalog saved earlier."""
    from reconciler.service.catalog_data import catalog_from
    from reconciler.service.catalog_file import open_catalog
    from reconciler.specs.ignoring import resolve_rules
    from reconciler.specs.names import fields_called
    from reconciler.specs.resolve import resolve

    catalog = catalog_from(open_catalog(path))
    chosen = targets or [
        name
        for name in config.targets
        if name == config.default_target or any(name in each.targets for each in specs.headers)
    ]
    known = (config.targets[name] for name in chosen if name in config.targets)
    sensitive = fields_called((name for target in known for name in target.sensitive), catalog)
    about = _about(chosen, specs.specs, config)
    _, of_rules = resolve_rules(_about(chosen, specs.ignores, config), catalog, sensitive)
    return (*resolve(about, catalog, sensitive).problems, *of_rules)


def chosen_targets(config: Config, names: Sequence[str], specs: SpecSet) -> tuple[Target, ...]:
    """The targets asked for, else every one that the specs are about, else the default.

    They come in the config's order, in which they are planned, shown and applied.
    """
    about: Collection[str] = [_target(config, name).name for name in names]
    if not about:
        about = {name for spec in specs.specs for name in spec.header.about(config.default_target)}
    if not about and config.default_target:
        about = {config.default_target}
    if not about:
        raise ReconcilerError(
            "no target: no spec names one, and reconcile.yaml has no default_target; "
            f"name one with {argument('targets')}"
        )
    return tuple(target for name, target in config.targets.items() if name in about)


def check_owners(config: Config, names: Iterable[str]) -> None:
    """Whoever is let pass must be an owner of the config: a name mistyped would do nothing."""
    known = dict.fromkeys(rule.owner for rule in config.owners)
    for name in names:
        if name not in known:
            listed = ", ".join(known) or "none"
            raise ReconcilerError(
                f'{argument("owners")} {name}: reconcile.yaml has no owner "{name}"; it has: '
                f"{listed}"
            )


def target_of(config: Config, name: str | None) -> Target:
    """The target named, else the default one."""
    chosen = name or config.default_target
    if chosen is None:
        known = ", ".join(config.targets)
        raise ReconcilerError(
            "no target: reconcile.yaml has no default_target; "
            f"name one with {argument('targets')}, of these: {known}"
        )
    return _target(config, chosen)


def _target(config: Config, name: str) -> Target:
    if name not in config.targets:
        known = ", ".join(config.targets) or "none"
        raise ReconcilerError(
            f'{argument("targets")} {name}: reconcile.yaml has no target "{name}"; it has: {known}'
        )
    return config.targets[name]
