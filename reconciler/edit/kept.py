"""The cases of an export: kept out of memory as they are read, shown sorted by id."""

import json
from collections.abc import Iterable, Iterator

from reconciler.files.spool import Spool
from reconciler.model.case import LiveCase
from reconciler.model.value import CaseId, FieldId, TemplateId


class Kept:
    """Live cases without their tags; `held` are the fields of which one of them held a value."""

    def __init__(self, cases: Iterable[LiveCase] = ()) -> None:
        self._spool = Spool()
        self.held: set[FieldId] = set()
        for live in cases:
            self.add(live)

    def __len__(self) -> int:
        """How many cases."""
        return len(self._spool)

    def __iter__(self) -> Iterator[LiveCase]:
        """Every case, by its id."""
        return map(self.of, self.ids())

    def ids(self) -> list[CaseId]:
        """The ids, sorted."""
        return [CaseId(key) for key in self._spool]

    def add(self, live: LiveCase) -> None:
        """Keep a case as it was read."""
        self.held.update(live.values)
        record = json.dumps([live.template_id, dict(live.values)], separators=(",", ":"))
        self._spool.put(live.case_id, record.encode())

    def drop(self, case_id: CaseId) -> None:
        """What was read of the case does not count."""
        self._spool.drop(case_id)

    def of(self, case_id: CaseId) -> LiveCase:
        """One case as it was kept."""
        template, values = json.loads(self._spool.get(case_id))
        return LiveCase(
            case_id,
            TemplateId(template),
            {FieldId(key): value for key, value in values.items()},
        )
