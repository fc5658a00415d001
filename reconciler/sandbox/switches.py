"""Behaviours of the service that no document settles: each is a switch, with a default and a mark.

Marks: D documented, C seen in public code, I inferred from documents, ? looked for and not found.
A switch marked ? has two plausible answers; a client should be right under both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.sandbox.errors import SandboxError


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One behaviour that can be chosen."""

    name: str
    default: str
    values: str
    mark: str
    meaning: str
    read: Callable[[str], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What every switch is set to, at one moment."""

    batch_quota: tuple[float, float]
    case_id_filter: bool
    closed_lock: bool
    datetime_style: str
    empty_filter: bool
    empty_string: str
    empty_style: str
    getcase_page: int
    inactive_rewrite: bool
    index_lag: float
    length_unit: str
    nesting_depth: int
    noop_audit: bool
    not_matches_empty: bool
    reference_update: bool
    search_window: int
    sparse_nulls: bool
    unknown_field: str


def _one_of(*values: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in values:
            raise ValueError(text)
        return text

    return read


def _on_off(text: str) -> bool:
    return _one_of("on", "off")(text) == "on"


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number < float("inf"):
        raise ValueError(text)
    return number


def _rate_burst(text: str) -> tuple[float, float]:
    rate, burst = (float(part) for part in text.split("/"))
    if not (0 < rate < float("inf") and 1 <= burst < float("inf")):
        raise ValueError(text)
    return rate, burst


def _switch(name: str, default: str, mark: str, meaning: str, *values: str) -> Switch:
    """A switch with two or more named values; "on" and "off" become a truth value."""
    read: Callable[[str], Any] = _on_off if set(values) == {"on", "off"} else _one_of(*values)
    return Switch(
        name=name,
        default=default,
        values=" or ".join(values),
        mark=mark,
        meaning=meaning,
        read=read,
    )


SWITCHES: Mapping[str, Switch] = {
    switch.name: switch
    for switch in (
        Switch(
            name="batch_quota",
            default="2/10",
            values="RATE/BURST, calls a second and at once",
            mark="?",
            meaning="The quota of BatchUpdateCase, which no list of quotas names yet.",
            read=_rate_burst,
        ),
        _switch(
            "case_id_filter",
            "on",
            "I",
            "SearchCases can filter on case_id; off: refuses to.",
            "on",
            "off",
        ),
        _switch(
            "closed_lock",
            "off",
            "I",
            "on: a closed case takes an update only when it sets status too.",
            "on",
            "off",
        ),
        _switch(
            "datetime_style",
            "utc-ms",
            "?",
            "How DateTime values come back: UTC with milliseconds, UTC with seconds, as written.",
            "utc-ms",
            "utc",
            "as-sent",
        ),
        _switch(
            "empty_filter",
            "on",
            "?",
            "equalTo with an emptyValue finds cases without a value; off: it is refused.",
            "on",
            "off",
        ),
        _switch(
            "empty_string",
            "stored",
            "?",
            "A string of length 0 is kept as a value, or clears the field as emptyValue does.",
            "stored",
            "empty",
        ),
        _switch(
            "empty_style",
            "omit",
            "I",
            "A field without a value is left out of replies, or is there with an emptyValue.",
            "omit",
            "empty",
        ),
        Switch(
            name="getcase_page",
            default="0",
            values="a whole number",
            mark="?",
            meaning="Fields on one page of GetCase; 0: all.",
            read=_count,
        ),
        _switch(
            "inactive_rewrite",
            "off",
            "?",
            "on: a case may be given again the inactive option it already has.",
            "on",
            "off",
        ),
        Switch(
            name="index_lag",
            default="0",
            values="seconds",
            mark="?",
            meaning="How long SearchCases goes on answering from before a write.",
            read=_seconds,
        ),
        _switch(
            "length_unit",
            "chars",
            "?",
            "Text limits count characters, or bytes of UTF-8 (documents hint at less for such).",
            "chars",
            "bytes",
        ),
        Switch(
            name="nesting_depth",
            default="0",
            values="a whole number",
            mark="?",
            meaning="Levels of not, andAll and orAll that a filter may have; 0: any number.",
            read=_count,
        ),
        _switch(
            "noop_audit",
            "on",
            "?",
            "Writing the value a field already holds counts as an update; off: leaves no trace.",
            "on",
            "off",
        ),
        _switch(
            "not_matches_empty",
            "on",
            "?",
            "`not` of a comparison matches cases without a value; off: it does not.",
            "on",
            "off",
        ),
        _switch(
            "reference_update",
            "off",
            "?",
            "on: UpdateCase can change reference_number and reference_id, not only CreateCase.",
            "on",
            "off",
        ),
        Switch(
            name="search_window",
            default="0",
            values="a whole number",
            mark="?",
            meaning="How many results SearchCases pages through before it refuses; 0: all.",
            read=_count,
        ),
        _switch(
            "sparse_nulls",
            "off",
            "I",
            "on: lists in replies also hold null entries, as a sparse list may.",
            "on",
            "off",
        ),
        _switch(
            "unknown_field",
            "validation",
            "?",
            "What reading an unknown field id does: ValidationException, 404, or nothing.",
            "validation",
            "not-found",
            "skip",
        ),
    )
}


class Switches:
    """The switches of one running sandbox; they can be changed while it runs."""

    def __init__(self, chosen: Mapping[str, str] | None = None) -> None:
        self._values = {name: switch.default for name, switch in SWITCHES.items()}
        self.settings = _settings(self._values)
        self.update(chosen or {})

    def update(self, chosen: Mapping[str, str]) -> None:
        """Set some switches, or none of them when a name or a value is wrong."""
        values = {**self._values, **{name: str(value) for name, value in chosen.items()}}
        self.settings = _settings(values)
        self._values = values

    def set(self, name: str, value: str) -> None:
        """Set one switch."""
        self.update({name: value})

    def as_mapping(self) -> dict[str, str]:
        """Every switch's name and value."""
        return dict(self._values)


def parse_assignments(texts: tuple[str, ...]) -> dict[str, str]:
    """Read `SWITCH=VALUE` as written on a command line."""
    chosen = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise SandboxError(f"{text!r} is not of the form SWITCH=VALUE")
        chosen[name] = value
    _settings({**{name: switch.default for name, switch in SWITCHES.items()}, **chosen})
    return chosen


def _settings(values: Mapping[str, str]) -> Settings:
    parsed = {}
    for name, value in values.items():
        switch = SWITCHES.get(name)
        if switch is None:
            raise SandboxError(f"no switch is called {name!r}; there are: {', '.join(SWITCHES)}")
        try:
            parsed[name] = switch.read(value)
        except ValueError:
            raise SandboxError(
                f"switch {name} cannot be {value!r}; it takes {switch.values}"
            ) from None
    return Settings(**parsed)
