"""The calls about what was applied before; none of them asks anything of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.project.opening import Opened

if TYPE_CHECKING:
    from pathlib import Path

    from reconciler.project.past import RunStory
    from reconciler.project.running import Receipt
    from reconciler.state.runs import PastRun


class LookingBack(Opened):
    """What the state holds of runs, of all machines that share it."""

    def runs(self, most: int = 20) -> tuple[PastRun, ...]:
        """The runs that began last, the newest first.

        Raises:
            ReconcilerError: the state cannot be read.

        Example:
            >>> with project.apply(project.plan()) as run:
            ...     done = list(run)
            >>> [(one.run_id == run.receipt.run_id, one.left) for one in project.runs()]
            [(True, 0)]
        """
        from reconciler.project.past import runs_of

        return runs_of(self._home, most)

    def run(self, name: str) -> RunStory:
        """One run by its name, by as much of it as no other begins with, or "last".

        Raises:
            ReconcilerError: there is no such run.

        Example:
            >>> with project.apply(project.plan()) as run:
            ...     done = list(run)
            >>> len(project.run("last").outcomes)
            2
        """
        from reconciler.project.past import story_of

        return story_of(self._home, name)

    def receipt(self, path: str | Path) -> Receipt:
        """The receipt in a file, whole and unedited; or that of a run by its name, or "last".

        Raises:
            PlanMisfit: it is none, was edited, or lacks the right seal; the run left none.

        Example:
            >>> with project.apply(project.plan()) as run:
            ...     done = list(run)
            >>> project.receipt(run.receipt.path).run_id == run.receipt.run_id
            True
        """
        from reconciler.project.calls import receipt_of

        return receipt_of(self._home, path)
