"""Read the change windows of a config."""

import re
from datetime import datetime, time, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from reconciler.config.window_model import Span, Weekly, Window
from reconciler.model.diagnostic import quoted
from reconciler.model.source import Written
from reconciler.yaml.checks import Page, described, listed, position
from reconciler.yaml.reader import MapNode, Node

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_KEYS = ("name", "allow", "deny", "time_zone", "reason")
_SCHEDULE = ("days", "from", "to")
_DAY = "|".join(DAYS)
_DAYS = re.compile(rf"({_DAY})(?:\.\.({_DAY}))?")
_TIME = (r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", "a time of day", 'write it as "08:00"')
_MOMENT = (
    r"2[0-9]{3}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]",
    "a date and time without an offset",
    "write it as 2026-12-20T00:00; for hours that come every week add `days:`",
)


class WindowReader:
    """Reads the windows of one config; a name may stand in it once, since overrides name it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._positions: dict[str, tuple[int, int]] = {}

    def read(self, node: Node) -> tuple[Window, ...]:
        """The windows that `windows` of the config or of a target lists."""
        listing = self._page.listing(node, "windows")
        found = [self._window(item) for item in (listing.items if listing else ())]
        return tuple(window for window in found if window is not None)

    def _window(self, node: Node) -> Window | None:
        mapping = self._page.mapping(node, "name, allow or deny, and time_zone")
        if mapping is None:
            return None
        self._page.only(mapping, _KEYS, "a window")
        name = self._name(self._page.required(mapping, "name", "a window"))
        zone = self._zone(self._page.required(mapping, "time_zone", "a window"))
        reason = mapping.entries.get("reason")
        said = None if reason is None else self._page.name(reason[2], "the reason of the window")
        allows, schedule = self._rule(mapping)
        if not name or zone is None or schedule is None:
            return None
        return Window(
            name=name,
            allows=allows,
            schedule=schedule,
            zone=zone,
            reason="" if said is None else said.text,
        )

    def _name(self, node: Node) -> str:
        written = self._page.name(node, "the name of the window")
        if written is None:
            return ""
        first = self._positions.setdefault(written.text, position(written))
        if first != position(written):
            self._page.refuse(
                position(written),
                "window-twice",
                f"found {described(written)} again, which line {first[0]} names, expected "
                "a name of its own",
                "give each window its own name: --override-window names it",
            )
        return written.text

    def _zone(self, node: Node) -> tzinfo | None:
        written = self._page.name(node, "an IANA time zone")
        if written is None:
            return None
        try:
            return ZoneInfo(written.text)
        except (KeyError, ValueError, OSError):  # what it raises depends on the shape of the name
            known = bool(available_timezones())
            self._page.refuse(
                position(written),
                "unknown-time-zone" if known else "no-time-zone-data",
                f"found {described(written)}, expected an IANA time zone that this machine knows"
                if known
                else f"found {described(written)}, and no time-zone data on this machine",
                "write it as Europe/Berlin, America/Los_Angeles or UTC"
                if known
                else "install the system's tzdata, or `pip install tzdata`",
            )
            return None

    def _rule(self, mapping: MapNode) -> tuple[bool, Weekly | Span | None]:
        """Whether it allows, and when."""
        keys = [key for key in ("allow", "deny") if key in mapping.entries]
        if len(keys) != 1:
            at = position(mapping) if not keys else mapping.entries["deny"][:2]
            self._page.refuse(
                at,
                "allow-or-deny",
                f"found {'neither' if not keys else 'both'} `allow` and `deny` in a window, "
                "expected one of them",
                "a window either allows apply or forbids it; make two windows of it",
            )
        schedules = [self._schedule(mapping.entries[key][2]) for key in keys]
        return keys == ["allow"], schedules[0] if len(schedules) == 1 else None

    def _schedule(self, node: Node) -> Weekly | Span | None:
        mapping = self._page.mapping(node, "from and to, and days for hours that come every week")
        if mapping is None:
            return None
        self._page.only(mapping, _SCHEDULE, "a schedule")
        given = [self._page.required(mapping, key, "a schedule") for key in ("from", "to")]
        if "days" in mapping.entries:
            days = self._days(mapping.entries["days"][2])
            hours = [self._fitting(one, *_TIME) for one in given]
            if not days or hours[0] is None or hours[1] is None:
                return None
            return Weekly(
                days, time.fromisoformat(hours[0].text), time.fromisoformat(hours[1].text)
            )
        start, end = (self._moment(self._fitting(one, *_MOMENT)) for one in given)
        if start is None or end is None:
            return None
        if end <= start:
            self._refuse_value(given[1], "window-order", "a time after `from`", "exchange the two")
            return None
        return Span(start, end)

    def _days(self, node: Node) -> frozenset[int]:
        listing = self._page.listing(node, "days")
        if listing is not None and not listing.items:
            self._page.refuse(
                position(listing), "bad-days", "found no day, expected some", "write [mon..fri]"
            )
        found: set[int] = set()
        for item in listing.items if listing else ():
            expected = f"{listed(DAYS)}, or a range such as mon..fri"
            written = self._page.text(item, expected)
            match = _DAYS.fullmatch(written.text) if written else None
            if match is not None:
                first = DAYS.index(match[1])
                last = DAYS.index(match[2] or match[1])
                found.update((first + number) % 7 for number in range((last - first) % 7 + 1))
            elif written is not None:
                self._refuse_value(written, "bad-days", expected, "write [mon..fri], or [sat, sun]")
        return frozenset(found)

    def _fitting(self, node: Node, pattern: str, expected: str, hint: str) -> Written | None:
        written = self._page.text(node, expected)
        if written is None or re.fullmatch(pattern, written.text):
            return written
        self._refuse_value(written, "bad-window-time", expected, hint)
        return None

    def _moment(self, written: Written | None) -> datetime | None:
        if written is None:
            return None
        try:
            return datetime.fromisoformat(written.text)
        except ValueError:
            self._refuse_value(
                written, "no-such-date", "a day that is in the calendar", "correct the date"
            )
            return None

    def _refuse_value(self, node: Node, code: str, expected: str, hint: str) -> None:
        if isinstance(node, Written):
            self._page.refuse(
                position(node), code, f"found {quoted(node.text)}, expected {expected}", hint
            )
