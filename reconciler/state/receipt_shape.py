"""What a receipt must be to the letter, before any of it is believed."""

from collections.abc import Mapping
from typing import Any, get_args

from reconciler.files.shapes import (
    Misshapen,
    Shape,
    count,
    each,
    expected,
    mapped,
    matching,
    one_of,
    optional,
    record,
    text,
    truth,
)
from reconciler.model.event import Outcome
from reconciler.model.plan import Mode
from reconciler.model.value import instant
from reconciler.plan.file.shape import HEAD, SHARED, digest, once_each, target_shape
from reconciler.state.event_data import event_from

_KINDS = one_of(kind.__name__ for kind in get_args(Outcome))
_run_id = matching(r"[!-~]{1,200}", "the id of a run")


def _moment(value: Any) -> None:
    if type(value) is not str or instant(value) is None:
        raise expected(value, "a time with an offset")


def _outcome(value: Any) -> None:
    if type(value) is not dict:
        raise expected(value, "an object")
    _KINDS(value.get("event"))
    if value.keys() & {"target", "case_id"} or event_from({**value, **_ABOUT}) is None:
        raise Misshapen(f"found no outcome of the kind {value['event']}")


_ABOUT: Mapping[str, str] = {"target": "", "case_id": ""}
_run = record(
    {
        "run_id": _run_id,
        "started_at": _moment,
        "finished_at": _moment,
        "complete": truth,
        "actor": text,
        "tool_version": text,
        "ci_run": text,
        "overridden_windows": each(text, "windows"),
        "retry_of": text,
        "mode": one_of(Mode),
    }
)
_receipt: Shape = record(
    {
        "format_version": text,
        "run": _run,
        "plan": record(HEAD, may_have={"part_of": digest}),
        "plan_digest": digest,
        **SHARED,
        "targets": each(target_shape(outcome=optional(_outcome)), "targets"),
        "counts": mapped(count, "a number for each outcome"),
        "digest": digest,
    },
    may_have={"unclassified_written": count},
)


def check_receipt(data: Any) -> None:
    """Raises Misshapen at the first thing that no receipt of this program holds."""
    _receipt(data)
    once_each(data["targets"])
