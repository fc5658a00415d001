"""The tables of guards and of the limits that they hold plans to.

The config's reader and schema, the command line's options, checks, reports, plan files and the
README's list take from here what a guard is called, what it counts and what lifts it.
"""

import re
import shlex
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from math import ceil
from typing import Any

_PLAIN_WORD = re.compile(r"[\w@%+=:,./-]+")
_QUOTABLE = re.compile(r'[^"$`\\!\x00-\x1f]+')


class Takes(Enum):
    """What says how much is allowed."""

    COUNT = auto()
    PERCENT = auto()
    COUNT_OF_FIELD = auto()
    NAME = auto()
    NOTHING = auto()


# What stands for it behind an option.
METAVARS = {
    Takes.COUNT: "N",
    Takes.PERCENT: "N",
    Takes.COUNT_OF_FIELD: "FIELD=N",
    Takes.NAME: "NAME",
    Takes.NOTHING: "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitFacts:
    """What belongs to a limit.

    `key` is the number under `limits` in the config, which means what `says` says. `flag` and
    `help` are the command line's. Key and flag are empty where there is none. `of_rollbacks`: they
    are held to it too.
    """

    takes: Takes
    key: str = ""
    says: str = ""
    flag: str = ""
    help: str = ""
    of_rollbacks: bool = False

    def lifted(self, to: float, names: str = "") -> str:
        """The exact flag that allows so much, of the field or owner of that name."""
        words = {
            Takes.COUNT_OF_FIELD: f"{names}={ceil(to)}",
            Takes.NAME: names,
            Takes.NOTHING: "",
        }
        return f"{self.flag} {shell_word(words.get(self.takes, str(ceil(to))))}".rstrip()

    def schema(self, default: object) -> dict[str, Any]:
        """What the config may say of it, for editors; None is no default."""
        says = {"title": self.key.replace("_", " ").capitalize(), "description": self.says}
        return says | _SCHEMAS[self.takes] | ({} if default is None else {"default": default})


def shell_word(text: str) -> str:
    """The text as one word of a shell, which expands nothing in it."""
    if not text or _PLAIN_WORD.fullmatch(text):
        return text
    return f'"{text}"' if _QUOTABLE.fullmatch(text) else shlex.quote(text)


_COUNTED: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
_SCHEMAS: dict[Takes, dict[str, Any]] = {
    Takes.COUNT: _COUNTED,
    Takes.PERCENT: {"type": "number", "minimum": 0, "maximum": 100},
    Takes.COUNT_OF_FIELD: {
        "type": "object",
        "propertyNames": {"pattern": "\\S"},
        "additionalProperties": {
            "title": "Field limit",
            "description": "How many cases may change this field.",
            **_COUNTED,
        },
    },
}


class Limit(StrEnum):
    """How much one plan may do, by the name that the library's `Limits` has for it.

    In the order in which --help and the config's schema list them.
    """

    CASES = (
        "cases",
        LimitFacts(
            takes=Takes.COUNT,
            key="cases",
            says="How many cases one plan may change.",
            flag="--allow-cases",
            help="Let N cases change.",
            of_rollbacks=True,
        ),
    )
    POLICY_CASES = (
        "policy_cases",
        LimitFacts(
            takes=Takes.COUNT,
            key="policy_cases",
            says="How many cases policies with limits of their own may change, each of them and "
            "all together; a policy's own limit above it counts as this number.",
        ),
    )
    PERCENT = (
        "percent",
        LimitFacts(
            takes=Takes.PERCENT,
            key="percent",
            says="How many of a hundred managed cases one plan may change; counts from 10 managed "
            "cases up.",
            flag="--allow-percent",
            help="Let N percent of the managed cases change.",
            of_rollbacks=True,
        ),
    )
    CLEARS = (
        "clears",
        LimitFacts(
            takes=Takes.COUNT,
            key="clears",
            says="How many values one plan may clear.",
            flag="--allow-clears",
            help="Let N values be cleared.",
            of_rollbacks=True,
        ),
    )
    FIELDS = (
        "fields",
        LimitFacts(
            takes=Takes.COUNT_OF_FIELD,
            key="fields",
            says="How many cases one plan may change this field of, by the id or the name of the "
            "field.",
            flag="--allow-field",
            help="Let N values of one field change; repeatable.",
            of_rollbacks=True,
        ),
    )
    CONFLICTS = (
        "conflicts",
        LimitFacts(
            takes=Takes.COUNT,
            key="conflicts",
            says="How many values in conflict are written; where a plan has more of them, none is.",
            flag="--allow-conflicts",
            help="Write up to N values in conflict; where there are more, none.",
        ),
    )
    UNCLASSIFIED = (
        "unclassified",
        LimitFacts(
            takes=Takes.COUNT,
            key="unclassified",
            says="How many values of named cases one plan may change without knowing from their "
            "histories whether somebody else changed them; unset, this guard is off.",
            flag="--allow-unclassified",
            help="Let N values change whose class no history tells.",
        ),
    )
    OWNERS = (
        "owners",
        LimitFacts(
            takes=Takes.NAME,
            flag="--allow-owner",
            help="Let specs of others change what NAME owns; repeatable.",
            of_rollbacks=True,
        ),
    )
    EMPTY = (
        "empty",
        LimitFacts(
            takes=Takes.NOTHING,
            flag="--allow-empty",
            help="Let a run be about no spec at all.",
        ),
    )

    facts: LimitFacts

    def __new__(cls, name: str, facts: LimitFacts) -> "Limit":
        """A limit by its name."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.facts = facts
        return member


# Those that a number in the config is for, those that a call lifts, and that of a rollback.
IN_CONFIG = tuple(one for one in Limit if one.facts.key)
LIFTED = tuple(one for one in Limit if one.facts.flag)
ROLLED_BACK = tuple(one for one in LIFTED if one.facts.of_rollbacks)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardFacts:
    """What a guard counts, as README lists it, and which limit's flag lifts it."""

    counts: str
    lift: Limit


class Guard(StrEnum):
    """A check that blocks apply, by its name in plan files and reports; in the order of reports."""

    CASES = "cases", GuardFacts(counts="changed cases", lift=Limit.CASES)
    POLICY_CASES = (
        "policy-cases",
        GuardFacts(counts="changed cases of one policy", lift=Limit.CASES),
    )
    PERCENT = (
        "percent",
        GuardFacts(counts="percentage of the managed cases", lift=Limit.PERCENT),
    )
    CLEARS = "clears", GuardFacts(counts="cleared values", lift=Limit.CLEARS)
    FIELD = "field", GuardFacts(counts="values of one field", lift=Limit.FIELDS)
    UNCLASSIFIED = (
        "unclassified",
        GuardFacts(counts="unclassified values of named cases", lift=Limit.UNCLASSIFIED),
    )
    OWNER = "owner", GuardFacts(counts="values that belong to another owner", lift=Limit.OWNERS)
    NO_SPECS = "no-specs", GuardFacts(counts="no spec found at all", lift=Limit.EMPTY)

    facts: GuardFacts

    def __new__(cls, name: str, facts: GuardFacts) -> "Guard":
        """A guard by its name."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.facts = facts
        return member
