"""The fields that a rollback leaves alone, each with who wrote it last or why, as text."""

from collections.abc import Iterator

from rich.text import Text

from reconciler.model.plan import TargetPlan
from reconciler.model.plural import plural
from reconciler.report.escaping import visible


def left_alone_lines(target: TargetPlan) -> Iterator[Text]:
    """One line that counts, and one a field: each of them needs somebody to look at it."""
    count = plural(len(target.ignored), "field is", "fields are")
    yield Text(f"{count} left alone:", "bold red")
    for entry in target.ignored:
        yield Text.assemble(
            ("! ", "bold red"),
            visible(entry.case_id),
            (f"  {visible(entry.name)}  ", "cyan"),
            visible(entry.reason),
        )
    yield Text()
