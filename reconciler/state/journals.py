"""Read what earlier applies of a plan put on record."""

from collections.abc import Callable, Iterator
from pathlib import Path

from reconciler.model.event import Event, RunStarted
from reconciler.state.event_data import event_from
from reconciler.state.journal_file import journal_lines, journals, says_plan

MOST_TOLD = 5  # of one journal; a damaged one may have thousands of lines


def runs_of(
    plan_digest: str, folder: Path, told: Callable[[str], None]
) -> Iterator[Iterator[Event]]:
    """The events of each journal that may be of the plan, newest first.

    Lines that say nothing to this version are passed over and told. That a line is missing never
    leads to a second write: a case that no line speaks of is looked at like one that another
    machine may have written.
    """
    for path in journals(folder, plan_digest):
        yield _events(path, plan_digest, _few(path, told))


def _events(path: Path, plan_digest: str, told: Callable[[str], None]) -> Iterator[Event]:
    ours = says_plan(path)  # also where its first line is lost
    for number, data in journal_lines(path, told):
        event = event_from(data)
        if event is None:
            told(f"{path}:{number}: passed over a line of the journal that this version cannot use")
        elif isinstance(event, RunStarted) and event.plan_digest != plan_digest:
            return
        elif ours or isinstance(event, RunStarted):
            ours = True
            yield event
        else:
            told(f"{path}: passed over a journal that does not say of which plan it is")
            return


def _few(path: Path, told: Callable[[str], None]) -> Callable[[str], None]:
    count = 0

    def tell(message: str) -> None:
        nonlocal count
        count += 1
        if count <= MOST_TOLD:
            told(message)
        elif count == MOST_TOLD + 1:
            told(f"{path}: and more such lines")

    return tell
