"""What stands before everything else about a target, in Markdown: its error, its conflicts."""

from collections.abc import Iterator

from reconciler.engine.conflicts import conflicts_in
from reconciler.model.plan import TargetPlan
from reconciler.model.plural import plural
from reconciler.report.markdown_text import code, words


def failed(target: TargetPlan) -> Iterator[str]:
    """Why a target could not be planned."""
    yield "> [!CAUTION]"
    name, why = code(target.name, 60), words(target.error or "")
    yield f"> **Target {name} could not be planned:** {why}"
    yield ""


def conflicts(target: TargetPlan, limit: int) -> Iterator[str]:
    """Values that apply leaves alone, and the three ways out."""
    count = conflicts_in(target)
    if not count:
        return
    said = "changed by the specs and by somebody else since they last agreed"
    fate = "They are written, since the limit allows as many."
    if count > limit:
        fate = (
            f"Apply does not write them, and does the rest. To take the specs' values: "
            f"`reconcile apply --allow-conflicts {count}`; to keep the live ones: `reconcile "
            "accept`; to stop managing them: `reconcile ignore`."
        )
    yield "> [!CAUTION]"
    yield f"> **! {plural(count, 'value')} in conflict:** {said}. {fate}"
    yield ""
