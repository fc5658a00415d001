"""The whole story of one case, as `reconcile history` tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.model.diagnostic import Source
from reconciler.model.plan import Shown
from reconciler.model.value import CaseId, FieldId, FieldType


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryChange:
    """One field of an event; `source` is the line of a spec that asked for the value, if known."""

    id: FieldId
    name: str
    type: FieldType
    before: Shown
    after: Shown
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEvent:
    """One event; plan, commit, subject and author are those of a write of this program."""

    at: str
    kind: str
    by: str
    principal: str
    changes: tuple[HistoryChange, ...]
    plan: str = ""
    rollback: bool = False
    commit: str = ""
    subject: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHistory:
    """Every event of a case, the newest first; `options` names the values of single-selects."""

    case_id: CaseId
    title: Shown
    target: str
    domain_name: str
    account: str
    region: str
    events: tuple[HistoryEvent, ...]
    options: Mapping[FieldId, Mapping[str, str]] = field(default_factory=dict)
