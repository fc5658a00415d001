"""The story of one case: when, who, which field, from what to what, and which line asked for it."""

from collections.abc import Iterator
from typing import Any

from rich.text import Text

from reconciler.files.canonical import plain
from reconciler.model.history import CaseHistory, HistoryChange, HistoryEvent
from reconciler.model.plan import Sealed, Shown
from reconciler.model.plural import plural
from reconciler.report.attribution import author
from reconciler.report.escaping import visible
from reconciler.report.text.styled import diff_spans, target_line
from reconciler.report.values import LONG, shown

_KINDS = {
    "Case.Created": "created",
    "Case.Updated": "",
    "Case.Merged": "merged",
    "RelatedItem.Created": "related item added",
    "RelatedItem.Updated": "related item changed",
    "RelatedItem.Deleted": "related item removed",
}


def history_text(history: CaseHistory, *, full: bool = False) -> Iterator[Text]:
    """The newest event first; `full` shortens neither names nor texts."""
    title = visible(str(history.title or ""))
    yield Text.assemble(("case ", "dim"), (visible(history.case_id), "bold"), f"  {title}")
    yield target_line(history.target, history.domain_name, history.account, history.region)
    for event in history.events:
        yield Text()
        yield from _event(event, history, full=full)
    yield Text()
    yield Text(f"{plural(len(history.events), 'event')}.", "bold")


def _event(event: HistoryEvent, history: CaseHistory, *, full: bool) -> Iterator[Text]:
    kind = _KINDS.get(event.kind, visible(event.kind))
    yield Text.assemble(
        (_moment(event.at), "bold"),
        "  ",
        f"{kind} by " if kind else "",
        _who(event, full=full),
    )
    if event.subject:
        yield Text.assemble(
            "    ", (visible(event.commit[:7]), "yellow"), f" {visible(event.subject)}",
            (f"  {visible(event.author)}", "dim"),
        )  # fmt: skip
    width = max((len(visible(one.name)) for one in event.changes), default=0)
    for change in event.changes:
        yield Text.assemble(
            "    ", (f"{visible(change.name):<{width}}  ", "cyan"), *_values(change, history, full)
        )


def _who(event: HistoryEvent, *, full: bool) -> str:
    if not event.plan:
        return author(event.by, event.principal, full=full)
    what = "reconcile rollback" if event.rollback else "reconcile apply"
    unknown = f", commit {event.commit[:7]}" if event.commit and not event.subject else ""
    return f"{what} of plan {event.plan}{unknown}"


def _values(
    change: HistoryChange, history: CaseHistory, full: bool
) -> Iterator[tuple[str, str] | str]:
    before, after = change.before, change.after
    long = any(isinstance(one, str) and len(one) > LONG for one in (before, after))
    if long and isinstance(before, str) and isinstance(after, str):
        yield from diff_spans(before, after)
    else:
        yield (_value(change, before, history, full), "red" if before is not None else "dim")
        yield (" → ", "dim")
        yield (_value(change, after, history, full), "green" if after is not None else "dim")
    if change.source is not None:
        yield (f"   {visible(change.source.file)}:{change.source.line}", "dim")


def _value(change: HistoryChange, value: Shown, history: CaseHistory, full: bool) -> str:
    text = shown(value, change.type)
    name = history.options.get(change.id, {}).get(value) if isinstance(value, str) else None
    if name is not None and name != value:
        same = name.casefold() == text.casefold()
        return visible(name) if same else f"{text} ({visible(name)})"
    if full or len(text) <= LONG + 2:
        return text
    return text[:LONG] + ('…"' if text.startswith('"') else "…")


def _moment(at: str) -> str:
    """`2026-11-20 14:03:22 UTC`."""
    return f"{visible(at[:10])} {visible(at[11:19])} UTC"


def history_data(history: CaseHistory) -> dict[str, Any]:
    """The story for programs."""
    return {
        "format_version": "1.0",
        "case_id": history.case_id,
        "title": plain(history.title),
        "target": history.target,
        "domain_name": history.domain_name,
        "account": history.account,
        "region": history.region,
        "events": [_event_data(event) for event in history.events],
    }


def _event_data(event: HistoryEvent) -> dict[str, Any]:
    return {
        "at": event.at,
        "kind": event.kind,
        "by": event.by,
        "principal": event.principal,
        "plan": event.plan,
        "rollback": event.rollback,
        "commit": event.commit,
        "subject": event.subject,
        "author": event.author,
        "changes": [_change_data(change) for change in event.changes],
    }


def _change_data(change: HistoryChange) -> dict[str, Any]:
    at = change.source
    return {
        "id": change.id,
        "name": change.name,
        "type": str(change.type),
        "before": plain(change.before),
        "after": plain(change.after),
        "sensitive": isinstance(change.before, Sealed) or isinstance(change.after, Sealed),
        "source": {"file": at.file, "line": at.line, "column": at.column} if at else None,
    }
