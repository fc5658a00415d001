"""Every change as a diff in a fold, as far as there is room."""

from collections.abc import Iterator

from reconciler.model.classes import TOUCHED
from reconciler.model.plan import CaseChange, FieldChange, TargetPlan
from reconciler.model.plural import plural
from reconciler.report.escaping import cut, visible
from reconciler.report.markdown.escaping import fence, size
from reconciler.report.values import both, is_long, word_diff
from reconciler.report.view import Group, groups

_NAMED = 10  # cases named below a change that many share, where not all of them fit
_TITLE = 80  # characters
_LINE = 100  # of a case with its title, about
_AROUND = 400  # characters of the fold itself


def diff(target: TargetPlan, room: int, *, full: bool) -> list[str]:
    """The fold, or nothing where there is no room for one change."""
    lines: list[str] = []
    told, total = 0, len(target.changes)
    room -= _AROUND
    full = full or _LINE * total <= room
    for group in groups(target, by_class=True):
        for wanted in (True, False) if full else (False,):
            block = list(_block(group, full=wanted))
            taken = sum(size(line) + 1 for line in block)
            if taken <= room:
                break
        if taken > room:
            break
        room -= taken
        lines.extend(block)
        told += len(group.cases)
    if not lines:
        return []
    count = plural(total, "case") if told == total else f"{told:,} of {total:,} cases"
    missing = "" if told == total else "; the others do not fit here"
    return [
        f"<details><summary>The changes of {count} as a diff{missing}</summary>",
        "",
        *fence(lines),
        "",
        "</details>",
        "",
    ]


def _block(group: Group, *, full: bool) -> Iterator[str]:
    """No line begins with anything but its mark, whatever the values hold."""
    alone = len(group.cases) == 1
    kinds = {entry.change_class for entry in group.fields}
    touched = "".join(f"{kind}: " for kind in TOUCHED if kind in kinds)
    name = _case(group.cases[0]) if alone else f"{len(group.cases):,} cases"
    yield f"@@ {touched}{name} @@"
    for entry in group.fields:
        yield from _entry(entry)
    if alone:
        return
    named = group.cases if full else group.cases[:_NAMED]
    # Four spaces, so that none of these lines could end the fence.
    yield from (f"    {_case(case)}" for case in named)
    if len(group.cases) > len(named):
        yield f"    and {len(group.cases) - len(named):,} more"


def _case(case: CaseChange) -> str:
    title = f"  {cut(visible(case.title), _TITLE)}" if case.title else ""
    return f"{visible(case.case_id)}{title}"


def _entry(entry: FieldChange) -> Iterator[str]:
    name = visible(entry.name)
    if is_long(entry) and isinstance(entry.before, str) and isinstance(entry.after, str):
        pieces = word_diff(entry.before, entry.after)
        yield f"- {name}: {''.join(one.text for one in pieces if one.kind != 'added')}"
        yield f"+ {name}: {''.join(one.text for one in pieces if one.kind != 'removed')}"
        return
    texts = both(entry.before, entry.after, entry.type)
    for mark, value, text in zip("-+", (entry.before, entry.after), texts, strict=True):
        if value is not None:
            yield f"{mark} {name}: {text}"
