"""Decide from change windows whether apply may run now, and if not, when it may again.

Where the clocks change, a forbidding window is taken at its longest and an allowing one at its
shortest: in doubt apply does not run.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from reconciler.config.window_model import Weekly, Window
from reconciler.model.argument import argument
from reconciler.model.diagnostic import quoted

HORIZON = timedelta(days=400)  # no opening is looked for beyond
_DAY = timedelta(days=1)
_NEAR = range(-2, 16)  # days around a moment that hold the stretch it is in and the next one


@dataclass(frozen=True, slots=True)
class ClosedWindow:
    """A window that is in the way, and when apply may run again (None: not foreseeable)."""

    window: Window
    until: datetime | None
    opening: datetime | None

    def __str__(self) -> str:
        """The sentence for people, with the argument that lifts it."""
        name, zone = quoted(self.window.name), self.window.zone
        reason = f" ({self.window.reason})" if self.window.reason else ""
        if self.until is not None:
            said = f"window {name} forbids it until {_shown(self.until, zone)}{reason}"
        else:
            said = f"it is outside window {name}{reason}"
        when = f"from {_shown(self.opening, zone)}" if self.opening else "at no foreseeable time"
        return f"{said}; it may run {when}; to apply all the same: {argument('windows')} {name}"


def closed_windows(
    windows: Sequence[Window], now: datetime, overridden: Collection[str] = ()
) -> tuple[ClosedWindow, ...]:
    """What is in the way of an apply at this moment, less what is overridden by name."""
    forbidding = [one for one in windows if not one.allows and one.name not in overridden]
    allowing = [one for one in windows if one.allows]
    if any(one.name in overridden for one in allowing):
        allowing = []
    opening = _opening(forbidding, allowing, now)
    found = [
        ClosedWindow(one, end, opening) for one in forbidding if (end := _end(one, now)) is not None
    ]
    if allowing and not any(_end(one, now) for one in allowing):
        first = min(allowing, key=lambda one: (_start(one, now) or now + HORIZON, one.name))
        found.append(ClosedWindow(first, None, opening))
    return tuple(found)


def _opening(
    forbidding: Sequence[Window], allowing: Sequence[Window], now: datetime
) -> datetime | None:
    """The first moment from now on at which nothing is in the way."""
    moment = now
    while moment < now + HORIZON:
        ends = [end for one in forbidding if (end := _end(one, moment))]
        if ends:
            moment = max(ends)
        elif not allowing or any(_end(one, moment) for one in allowing):
            return moment
        else:
            starts = [start for one in allowing if (start := _start(one, moment))]
            if not starts:
                return None
            moment = min(starts)
    return None


def _end(window: Window, now: datetime) -> datetime | None:
    """When the window closes, if it is open."""
    return max((end for start, end in _stretches(window, now) if start <= now < end), default=None)


def _start(window: Window, now: datetime) -> datetime | None:
    return min((start for start, _ in _stretches(window, now) if start > now), default=None)


def _stretches(window: Window, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The window's open times around a moment, in UTC."""
    schedule = window.schedule
    if isinstance(schedule, Weekly):
        today = now.astimezone(window.zone).date()
        days = [today + number * _DAY for number in _NEAR]
        # From 22:00 to 06:00 ends on the next day.
        over = _DAY if schedule.end <= schedule.start else timedelta()
        local = [
            (datetime.combine(day, schedule.start), datetime.combine(day + over, schedule.end))
            for day in days
            if day.weekday() in schedule.days
        ]
    else:
        local = [(schedule.start, schedule.end)]
    # A wall clock's hour may come twice: in doubt apply does not run.
    start_of, end_of = (max, min) if window.allows else (min, max)
    for start, end in local:
        first, last = start_of(_instants(start, window.zone)), end_of(_instants(end, window.zone))
        if first < last:
            yield first, last


def _instants(local: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """What a wall clock's time can mean; two different moments only where the clocks change."""
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second


def _shown(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} {zone}"
