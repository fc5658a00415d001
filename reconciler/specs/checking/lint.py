"""Find the mistakes that show only when all specs and the config are seen together."""

from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

from reconciler.config.model import Config
from reconciler.model.diagnostic import Problem, Source, quoted
from reconciler.model.source import Written
from reconciler.model.spec import CasesSpec, Header, Spec, SpecCase, SpecField, SpecSet
from reconciler.model.system_fields import READ_ONLY, TITLE
from reconciler.model.value import NUMBER, exact_number, instant

_WATCHED = READ_ONLY | {TITLE}

_InUse: TypeAlias = list[tuple[Spec, tuple[str, ...]]]


def lint(specs: SpecSet, config: Config, chosen: Collection[str] | None) -> tuple[Problem, ...]:
    """Every such problem, sorted; with chosen targets, fields are checked for those alone."""
    problems = [*_repeated_names(specs.headers)]
    in_use: _InUse = []
    for header in specs.headers:
        problems.extend(_wrong_targets(header, config))
    for spec in specs.specs:
        named = spec.header.about(config.default_target)
        targets = tuple(name for name in named if chosen is None or name in chosen)
        if targets:
            in_use.append((spec, targets))
            problems.extend(_wrong_fields(spec))
    problems.extend(_conflicts(in_use))
    return tuple(sorted(set(problems)))


def _wrong_targets(header: Header, config: Config) -> Iterator[Problem]:
    for position, name in enumerate(header.targets):
        if name not in config.targets:
            at = header.targets_at[position] if header.targets_at else header.at
            yield _unknown_target(name, at, config)
    if not header.targets and config.default_target is None:
        yield Problem(
            header.at,
            "missing-target",
            f"found no target in {quoted(header.name)}, and the config has no default_target",
            "add `target:` to the spec, or `default_target:` to the config",
        )


def _unknown_target(name: str, at: Source, config: Config) -> Problem:
    from reconciler.model.diagnostic import nearest

    return Problem(
        at,
        "unknown-target",
        f"found the target {quoted(name)}, expected one that the config defines",
        nearest(name, config.targets) or "add it to `targets:` in the config",
    )


def _repeated_names(headers: Iterable[Header]) -> Iterator[Problem]:
    first: dict[str, Source] = {}
    for header in headers:
        at = header.name_at or header.at
        # Names are unique over all files: selectors, reports and limits go by them.
        other = first.setdefault(header.name, at)
        if other is not at:
            yield Problem(
                at,
                "repeated-name",
                f"found the name {quoted(header.name)} again, first at {other}",
                "give each spec a name of its own",
            )


def _wrong_fields(spec: Spec) -> Iterator[Problem]:
    file = spec.header.at.file
    many = (case.fields for case in spec.cases) if isinstance(spec, CasesSpec) else (spec.fields,)
    for fields in many:
        for field in fields:
            if field.name in _WATCHED:
                yield from _wrong_field(field, file)


def _wrong_field(field: SpecField, file: str) -> Iterator[Problem]:
    at = Source(file, field.line, field.column)
    if field.name in READ_ONLY:
        yield Problem(
            at,
            "read-only-field",
            f"found {field.name}, which only the service itself writes",
            "remove it; a policy may use it in `where`",
        )
    elif field.value.is_null:
        yield Problem(
            at,
            "required-field",
            f"found an empty {field.name}, and every case must have one",
            "write the text it shall have, or remove the field",
        )


def _conflicts(in_use: _InUse) -> Iterator[Problem]:
    """Fields that two specs set to something else in one case; only repeated cases cost time."""
    repeated = _repeated_cases(in_use)
    first: dict[tuple[str, bool, str, str], tuple[SpecField, str]] = {}
    # A second walk, over repeated cases alone: most runs have none.
    for spec, target, case in _cases(in_use) if repeated else ():
        if (target, case.by_reference, case.key) not in repeated:
            continue
        file = spec.header.at.file
        for field in case.fields:
            name = (target, case.by_reference, case.key, field.name)
            other, other_file = first.setdefault(name, (field, file))
            if _meaning(field) != _meaning(other):
                yield Problem(
                    Source(file, field.line, field.column),
                    "conflicting-values",
                    f"found {quoted(field.name)} of case {quoted(case.key)} again, set to "
                    f"something else at {Source(other_file, other.line, other.column)}",
                    "keep one of the two",
                )


def _repeated_cases(in_use: _InUse) -> set[tuple[str, bool, str]]:
    seen: dict[tuple[str, bool], set[str]] = {}
    repeated: set[tuple[str, bool, str]] = set()
    for _, target, case in _cases(in_use):
        keys = seen.setdefault((target, case.by_reference), set())
        if case.key in keys:
            repeated.add((target, case.by_reference, case.key))
        keys.add(case.key)
    return repeated


def _cases(in_use: _InUse) -> Iterator[tuple[CasesSpec, str, SpecCase]]:
    for spec, targets in in_use:
        if isinstance(spec, CasesSpec):
            for target in targets:
                for case in spec.cases:
                    yield spec, target, case


def _meaning(field: SpecField) -> tuple[object, ...]:
    """What an author asked for, whatever its place."""
    wanted = _as_compared(field.value)
    if field.only_if is None:
        return (wanted,)
    return (wanted, field.only_if.empty, *sorted(map(_as_compared, field.only_if.values)))


def _as_compared(written: Written) -> tuple[str, object]:
    """The meaning of a scalar as far as it can be told without its field's type.

    Spellings that some type calls one value are taken for one here; where the type is known,
    before any case is read, they are compared again.
    """
    if written.is_null:
        return ("empty", "")
    text = written.text
    if NUMBER.fullmatch(text):
        number = exact_number(text)
        return ("text", text) if number is None else ("number", number)
    moment = instant(text)
    return ("text", text.casefold()) if moment is None else ("instant", moment)
