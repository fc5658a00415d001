"""How far a run has come: a bar on a terminal, a line now and then in a log."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from reconciler.model.calls import CallCounts
from reconciler.model.plural import plural
from reconciler.report.view import duration

MOST_LANES = 20
EVERY = 30.0  # seconds between two lines of a log


def sentence(done: int, total: int, counts: CallCounts, seconds: float) -> str:
    """How far, at what rate, what was in the way, and how long it will still take."""
    calls = sum(counts.calls.values())
    parts = [f"{done:,} of {total:,} cases", f"{calls:,} calls"]
    if seconds >= 1:
        parts.append(f"{calls / seconds:.1f} calls/s")
    throttled = sum(counts.throttles.values())
    if throttled:
        parts.append(f"{throttled:,} throttled")
    if done and done < total and seconds >= 1:
        parts.append(f"{duration(seconds / done * (total - done))} left")
    return " · ".join(parts)


def account(counts: CallCounts, seconds: float) -> str:
    """At the end: calls by API, what had to be repeated, and how much of the time was waiting."""
    calls = " + ".join(f"{count:,} {api}" for api, count in sorted(counts.calls.items())) or "none"
    parts = [f"calls: {calls}"]
    if retries := sum(counts.retries.values()):
        throttled = sum(counts.throttles.values())
        parts.append(f"{retries:,} repeated ({throttled:,} throttled)")
    if counts.seconds_waited >= 1:
        waited = min(counts.seconds_waited, seconds)
        parts.append(f"took {seconds:,.0f} s, and in {waited:,.0f} s of it calls waited for quotas")
    return "; ".join(parts)


def lane_accounts(counts: CallCounts) -> Iterator[str]:
    """The same of each lane, where calls went to several, and how many were at work at once."""
    used = {name: one for name, one in counts.lanes.items() if one.calls}
    if len(used) < 2:
        return
    most = counts.lanes_at_once or len(used)
    how = "at once" if most >= len(used) else "one at a time" if most == 1 else f"{most} at a time"
    yield f"{len(used):,} lanes {how}"
    # The slowest tell what a run waited for; each of hundreds tells nobody anything.
    slowest = sorted(used, key=lambda name: -used[name].seconds)[:MOST_LANES]
    for name, one in used.items():
        if name not in slowest:
            continue
        said = account(replace(one, seconds_waited=0.0), one.seconds)
        yield f"lane {name}: {said}; {one.seconds:,.1f} s from the first call to the last"
    if len(used) > len(slowest):
        yield f"and {plural(len(used) - len(slowest), 'lane')} that took no longer"


@dataclass(slots=True)
class Lines:
    """Says where the run is, at most every half minute; nothing at all of a short one."""

    say: Callable[[str], None]
    now: Callable[[], float]
    counts: CallCounts
    began: dict[str, float] = field(default_factory=dict)
    last: float | None = None

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Take note, and say so when it is time to."""
        now = self.now()
        began = self.began.setdefault(phase, now)
        if self.last is None:
            self.last = now
        if now - self.last >= EVERY:
            self.last = now
            self.say(f"{phase}: {sentence(done, total, self.counts, now - began)}")

    def close(self) -> None:
        """Nothing is left on the screen."""


class Bars:
    """A bar a phase, on the terminal that stderr is; gone when the phase is over."""

    def __init__(self, now: Callable[[], float], counts: CallCounts, *, colour: bool) -> None:
        self._now = now
        self._counts = counts
        self._began: dict[str, float] = {}
        self._tasks: dict[str, TaskID] = {}
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[said]}", markup=False),
            console=Console(stderr=True, no_color=not colour),
            transient=True,
        )
        self._bars.start()

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Move the phase's bar."""
        began = self._began.setdefault(phase, self._now())
        said = sentence(done, total, self._counts, self._now() - began)
        if phase not in self._tasks:
            self._tasks[phase] = self._bars.add_task(phase, total=total, said=said)
        self._bars.update(self._tasks[phase], completed=done, total=total, said=said)
        if done >= total:
            self._bars.update(self._tasks[phase], visible=False)

    def close(self) -> None:
        """Give the terminal back."""
        self._bars.stop()
