"""Read the histories of cases that differ while other cases are still being read.

Histories have a quota of their own, the slowest of those that planning uses: whatever else is read
beside them takes no time.
"""

from typing import TYPE_CHECKING

from reconciler.model.progress import Progress
from reconciler.model.value import CaseId
from reconciler.parallel import Begun
from reconciler.read.preparing import Prepared

if TYPE_CHECKING:
    from reconciler.history.attribution import AttributionOrder, Histories, History

MOST = 1_000  # histories that wait in memory for the plan to be made


class Ahead:
    """The histories of one target's cases, each asked for once it is known to differ."""

    def __init__(self, prepared: Prepared, most: int, progress: Progress) -> None:
        self._prepared = prepared
        self._most = most
        self._progress = progress
        self._histories: Histories | None = None
        # Few at once: where planning fails, so many calls are still waited for.
        self._begun: Begun[CaseId, History] = Begun(self._of, workers=8)

    def order(self) -> "AttributionOrder":
        """What is asked of the histories."""
        # Loaded only now: a plan in which nothing differs needs none of it.
        from reconciler.history.attribution import AttributionOrder

        one = self._prepared
        return AttributionOrder(
            target=one.access.target.name,
            default=one.default,
            specs=one.specs,
            catalog=one.catalog,
            resolution=one.resolution,
            sealer=one.sealer,
            most=self._most,
            progress=self._progress,
        )

    def found(self, case_id: CaseId) -> None:
        """The case was read just now, and differs: its history is begun, unless too many are."""
        open_history = self._prepared.access.history
        if open_history is None or len(self._begun) >= min(self._most, MOST):
            return
        if self._histories is None:
            from reconciler.history.attribution import Histories

            self._histories = Histories(self.order(), open_history())
        self._begun.begin(case_id)

    def __contains__(self, case_id: CaseId) -> bool:
        """Whether the history of the case was begun."""
        return case_id in self._begun

    def opened(self) -> "Histories | None":
        """Where the histories that were begun come from."""
        return self._histories

    def of(self, case_id: CaseId) -> "History":
        """The history of a case, begun or not; to be asked for once."""
        if case_id in self._begun:
            return self._begun.result(case_id)
        return self._of(case_id)

    def _of(self, case_id: CaseId) -> "History":
        assert self._histories is not None
        return self._histories.of(case_id)

    def close(self) -> None:
        """Begin nothing more."""
        self._begun.close()
