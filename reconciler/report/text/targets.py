"""The targets of a config by lane, as text."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from rich.cells import cell_len

from reconciler.config.model import Config, Target
from reconciler.report.escaping import visible


class Group(Protocol):
    """Targets that share a job."""

    @property
    def lane(self) -> str: ...

    @property
    def targets(self) -> tuple[str, ...]: ...


def targets_text(groups: Iterable[Group], config: Config) -> Iterator[str]:
    """Each lane, and under it a line for each of its targets, their domains in one column."""
    groups = tuple(groups)
    width = max((cell_len(visible(name)) for one in groups for name in one.targets), default=0)
    for group in groups:
        yield f"lane {group.lane}"
        for name in group.targets:
            yield f"  {_line(config.targets[name], width, default=name == config.default_target)}"


def _line(target: Target, width: int, *, default: bool) -> str:
    name = visible(target.name)
    parts = [name + " " * (width - cell_len(name)), f"domain {visible(target.domain)}"]
    if target.sandbox is not None:
        parts.append("sandbox")
    if target.after:
        parts.append(f"after {', '.join(map(visible, target.after))}")
    if default:
        parts.append("default")
    return "   ".join(parts)
