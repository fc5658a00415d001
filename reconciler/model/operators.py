"""The operators of conditions: everything that is decided about each, in one record.

Reading specs and `--where`, checking, selecting, SearchCases, the JSON Schemas and the texts of
help and README take what they need from here; a record that is not complete cannot be made. To
add an operator, add its record to `_ALL`, run `make schemas`, and name it in README.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from reconciler.model.value import FieldType


class Operands(Enum):
    """What an author writes after an operator."""

    ONE = "one value"
    SEVERAL = "a list of values"
    TRUTH = "true or false"


@dataclass(frozen=True, slots=True)
class Pushed:
    """SearchCases can be asked for it, under the name that AWS gives it.

    `wider`: where the operand is a time, what is asked for in place of it, so that no spelling of
    an instant is missed: another operator, with an operand so many seconds later.
    """

    aws: str
    wider: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class KeptBack:
    """SearchCases is never asked for it, since it might find less than is meant."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One operator. `types` are the field types that take it, None for all.

    `holds` is what it means: of the live value, which may be empty, and of its operands. Operands
    are never empty and have the field's own type, so that ordering is meaningful.
    """

    name: str
    types: tuple[FieldType, ...] | None
    operands: Operands
    holds: Callable[[Any, tuple[Any, ...]], bool]
    push: Pushed | KeptBack
    verb: str  # "greater_than compares Number fields"
    help: str
    symbols: tuple[str, ...] = ()  # of a command line's `--where`
    of_times: str = ""  # the operator that `--where` means where the operand is a time

    @property
    def title(self) -> str:
        """Its name as editors show it."""
        return self.name.capitalize().replace("_", " ")

    @property
    def fields(self) -> str:
        """Which fields take it: `Text and Url fields`."""
        return f"{' and '.join(self.types)} fields" if self.types is not None else "all fields"

    def misuse(self, type: FieldType) -> str:
        """What to know when it was written for a field of another type, and what to write there."""
        fitting = [one.name for one in OPERATORS.values() if one.takes(type)]
        return (
            f"{self.name} {self.verb} {self.fields}; {type} fields take {', '.join(fitting[:-1])} "
            f"and {fitting[-1]}"
        )

    def takes(self, type: FieldType) -> bool:
        """Whether it means something for fields of this type."""
        return self.types is None or type in self.types

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema, with the text that editors show."""
        scope = f" For {self.fields}." if self.types is not None else ""
        described: dict[str, Any] = {"title": self.title, "description": self.help + scope}
        match self.operands:
            case Operands.ONE:
                return described | dict(_SCALAR)
            case Operands.SEVERAL:
                return described | {"type": "array", "minItems": 1, "items": dict(_SCALAR)}
            case Operands.TRUTH:
                return described | {"type": "boolean"}


_SCALAR: Mapping[str, Any] = {"type": ["string", "number", "boolean"], "minLength": 1}
_NUMBERS = (FieldType.NUMBER,)
_TIMES = (FieldType.DATE_TIME,)

# Whether the index finds cases *without* a value is not documented, nor whether a `not` of its
# filters includes them.
_WITHOUT_VALUE = KeptBack("whether the index finds cases without a value is not documented")


def _moment(text: str) -> str:
    """Canonical DateTimes sort as text once the Z, which sorts after a fraction's dot, is gone."""
    return text[:-1]


_ALL = (
    Operator(
        name="equals",
        types=None,
        operands=Operands.ONE,
        holds=lambda live, operands: live in operands,
        push=Pushed("equalTo"),
        verb="compares",
        help="True when the field holds this value.",
        symbols=("=", "=="),
    ),
    Operator(
        name="not_equals",
        types=None,
        operands=Operands.ONE,
        holds=lambda live, operands: live not in operands,
        push=_WITHOUT_VALUE,
        verb="compares",
        help="True when the field holds another value, or none.",
        symbols=("!=",),
    ),
    Operator(
        name="contains",
        types=(FieldType.TEXT, FieldType.URL),
        operands=Operands.ONE,
        holds=lambda live, operands: live is not None and operands[0] in live,
        push=KeptBack("whether the index matches substrings or words is not documented"),
        verb="looks into",
        help="True when the text of the field has this text in it.",
    ),
    Operator(
        name="greater_than",
        types=_NUMBERS,
        operands=Operands.ONE,
        holds=lambda live, operands: live is not None and live > operands[0],
        push=Pushed("greaterThan"),
        verb="compares",
        help="True when the number is greater.",
        symbols=(">",),
        of_times="after",
    ),
    Operator(
        name="at_least",
        types=_NUMBERS,
        operands=Operands.ONE,
        holds=lambda live, operands: live is not None and live >= operands[0],
        push=Pushed("greaterThanOrEqualTo"),
        verb="compares",
        help="True when the number is greater or equal.",
        symbols=(">=",),
    ),
    Operator(
        name="less_than",
        types=_NUMBERS,
        operands=Operands.ONE,
        holds=lambda live, operands: live is not None and live < operands[0],
        push=Pushed("lessThan"),
        verb="compares",
        help="True when the number is less.",
        symbols=("<",),
        of_times="before",
    ),
    Operator(
        name="at_most",
        types=_NUMBERS,
        operands=Operands.ONE,
        holds=lambda live, operands: live is not None and live <= operands[0],
        push=Pushed("lessThanOrEqualTo"),
        verb="compares",
        help="True when the number is less or equal.",
        symbols=("<=",),
    ),
    Operator(
        name="after",
        types=_TIMES,
        operands=Operands.ONE,
        holds=lambda live, operands: live is not None and _moment(live) > _moment(operands[0]),
        push=Pushed("greaterThan", wider=("at_least", -1)),
        verb="compares",
        help="True when the time is later. ISO 8601 with an offset or Z.",
    ),
    Operator(
        name="before",
        types=_TIMES,
        operands=Operands.ONE,
        holds=lambda live, operands: live is not None and _moment(live) < _moment(operands[0]),
        push=Pushed("lessThan", wider=("at_most", 1)),
        verb="compares",
        help="True when the time is earlier. ISO 8601 with an offset or Z.",
    ),
    Operator(
        name="empty",
        types=None,
        operands=Operands.TRUTH,
        holds=lambda live, operands: (live is None) == operands[0],
        push=_WITHOUT_VALUE,
        verb="looks into",
        help="true: the field holds nothing. false: it holds something.",
    ),
    Operator(
        name="in",
        types=None,
        operands=Operands.SEVERAL,
        holds=lambda live, operands: live in operands,
        push=Pushed("equalTo"),
        verb="compares",
        help="True when the field holds one of these values.",
    ),
)

# By the name that authors write, in the order in which help lists them.
OPERATORS: Mapping[str, Operator] = {operator.name: operator for operator in _ALL}
