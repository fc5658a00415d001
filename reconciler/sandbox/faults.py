"""Faults on a schedule: which calls are to fail, how, how often, and drawn from which seed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from random import Random
from typing import Any

from reconciler.sandbox.errors import (
    SandboxError,
    ServiceError,
    access_denied,
    conflict,
    expired,
    internal,
    not_found,
    throttled,
    unavailable,
    validation,
)
from reconciler.sandbox.service_model import IMPLEMENTED

KINDS = (
    "throttle",
    "error",
    "delay",
    "cut-before",
    "cut-after",
    "half-body",
    "not-found",
    "access-denied",
    "expired",
    "conflict",
    "invalid",
    "unavailable",
    "proxy-before",
    "proxy-after",
)

# The kinds that are an error answer, rather than something that happens to the connection.
ANSWERS = (
    "throttle",
    "error",
    "not-found",
    "access-denied",
    "expired",
    "conflict",
    "invalid",
    "unavailable",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of fault, and the calls it strikes: after the first `after`, at most `times`.

    `message` is what an `invalid` answer says, such as the value it objects to. `status` is that of
    a proxy's page, which comes in place of the service's answer: before or after it acted.
    """

    kind: str
    operation: str = "*"
    case: str | None = None
    times: int | None = None
    after: int = 0
    rate: float = 1.0
    seed: int = 0
    seconds: float = 0.0
    retry_after: int | None = None
    message: str | None = None
    status: int | None = None

    def __post_init__(self) -> None:
        problem = self._problem()
        if problem:
            raise SandboxError(f"fault rule: {problem}")

    def _problem(self) -> str | None:
        operations = ("*", *IMPLEMENTED)
        whole = {name: getattr(self, name) for name in ("times", "after", "retry_after", "status")}
        checks = (
            (self.kind in KINDS, f"kind {self.kind!r} is none of {', '.join(KINDS)}"),
            (
                self.operation in operations,
                f"operation {self.operation!r} is none of {', '.join(operations)}",
            ),
            (
                self.case is None or isinstance(self.case, str),
                f"case must be a case id, not {self.case!r}",
            ),
            (
                all(value is None or _is_count(value) for value in whole.values()),
                f"{', '.join(whole)} must be whole numbers from 0 up",
            ),
            (_is_number(self.rate) and self.rate <= 1, f"rate {self.rate!r} is not in 0..1"),
            (_is_count(self.seed), f"seed {self.seed!r} is not a whole number from 0 up"),
            (
                _is_number(self.seconds),
                f"seconds {self.seconds!r} is not a number from 0 up",
            ),
        )
        return next((message for holds, message in checks if not holds), None)

    def strikes(self, operation: str, cases: Sequence[str]) -> bool:
        """Whether a call of this operation on these cases is one the rule speaks of."""
        named = self.operation in ("*", operation)
        return named and (self.case is None or self.case in cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is to happen to one call: the rule that struck it, if any, and how long it waits."""

    rule: Rule | None = None
    delay_seconds: float = 0.0

    @property
    def kind(self) -> str:
        """The kind of fault; empty when the call goes through."""
        return self.rule.kind if self.rule else ""


class Faults:
    """The rules of one running sandbox, and how often each has struck."""

    def __init__(self, rules: Iterable[Rule | Mapping[str, Any]] = ()) -> None:
        self._armed: tuple[_Armed, ...] = ()
        self.set(rules)

    def set(self, rules: Iterable[Rule | Mapping[str, Any]]) -> None:
        """Replace all rules; counting starts anew."""
        self._armed = tuple(_Armed(_rule(rule)) for rule in rules)

    def clear(self) -> None:
        """Let every call through from now on."""
        self._armed = ()

    def as_list(self) -> list[dict[str, Any]]:
        """The rules, as `set` takes them."""
        return [
            {name: value for name, value in asdict(armed.rule).items() if value is not None}
            for armed in self._armed
        ]

    def judge(self, operation: str, cases: Sequence[str], *, batch: bool = False) -> Verdict:
        """Decide about one call; delays add up, and of the other kinds the first one counts.

        In a batch, errors that are for one case are left to `judge_case`.
        """
        delay = 0.0
        for armed in self._armed:
            rule = armed.rule
            if batch and rule.case is not None and rule.kind in ANSWERS:
                continue
            if rule.strikes(operation, cases) and armed.draw():
                if rule.kind != "delay":
                    return Verdict(rule=rule, delay_seconds=delay)
                delay += rule.seconds
        return Verdict(delay_seconds=delay)

    def judge_case(self, operation: str, case_id: str) -> Rule | None:
        """Decide about one case of a batch: the rule that makes it fail, if any."""
        for armed in self._armed:
            rule = armed.rule
            fits = rule.case == case_id and rule.kind in ANSWERS
            if fits and rule.strikes(operation, [case_id]) and armed.draw():
                return rule
        return None


class _Armed:
    """One rule with its counts and its own random numbers."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._seen = 0
        self._struck = 0
        self._random = Random(rule.seed)

    def draw(self) -> bool:
        """Count one call that the rule speaks of, and say whether it strikes."""
        self._seen += 1
        if self._seen <= self.rule.after:
            return False
        if self.rule.times is not None and self._struck >= self.rule.times:
            return False
        if self.rule.rate < 1 and self._random.random() >= self.rule.rate:
            return False
        self._struck += 1
        return True


def fault_error(rule: Rule, operation: str, resource: str, principal: str) -> ServiceError | None:
    """The error a rule makes the service answer; None for faults that are no answer."""
    headers = {} if rule.retry_after is None else {"Retry-After": str(rule.retry_after)}
    error = _plain_error(rule.kind)
    if error is not None:
        error.headers = headers
        return error
    match rule.kind:
        case "throttle":
            error = throttled(operation)
        case "not-found":
            error = not_found("Case" if rule.case else "Resource", resource)
        case "access-denied":
            error = access_denied(principal, operation)
        case "conflict":
            error = conflict("The resource is being changed by another operation.")
        case "invalid":
            error = validation(rule.message or "The request is not valid.")
        case _:
            return None
    error.headers = headers
    return error


def _plain_error(kind: str) -> ServiceError | None:
    """The errors that say the same of every call."""
    match kind:
        case "error":
            return internal()
        case "unavailable":
            return unavailable()
        case "expired":
            return expired()
        case _:
            return None


def read_faults(path: Path) -> list[Rule]:
    """Read a JSON file that holds a list of rules."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SandboxError(f"cannot read the faults file {path}: {error.strerror}") from error
    except ValueError as error:
        raise SandboxError(f"the faults file {path} is not JSON: {error}") from error
    return parse_rules(document)


def parse_rules(document: Any) -> list[Rule]:
    """Turn a list of mappings into rules."""
    if not isinstance(document, list) or not all(isinstance(item, dict) for item in document):
        raise SandboxError("faults are a list of rules, each a mapping with at least a kind")
    return [_rule(item) for item in document]


def _rule(rule: Rule | Mapping[str, Any]) -> Rule:
    if isinstance(rule, Rule):
        return rule
    known = [field.name for field in fields(Rule)]
    given = {key.replace("-", "_"): value for key, value in rule.items()}
    unknown = sorted(set(given) - set(known))
    if unknown or "kind" not in given:
        what = f"unknown key {', '.join(unknown)}" if unknown else "no kind is given"
        raise SandboxError(f"fault rule: {what}; a rule has {', '.join(known)}")
    return Rule(**given)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
