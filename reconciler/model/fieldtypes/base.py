"""What has to be decided about a type of field."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from reconciler.model.diagnostic import UnplacedProblem
from reconciler.model.source import Written
from reconciler.model.value import FieldId, Value, as_text, is_text, kind_of

if TYPE_CHECKING:  # the classes are loaded by every run, conditions only by some
    from reconciler.model.catalog import Field, Option
    from reconciler.model.operators import Pushed

# The longest value that UpdateCase takes, in characters (service model).
VALUE_LENGTH = 4_100

Options: TypeAlias = "Mapping[FieldId, Sequence[Option]]"


class Unfit(ValueError):
    """What a value of the service is that its field cannot hold: `a number`, `no finite number`."""


class ValueType(ABC):
    """One type. What is abstract has to be decided; the rest is as for most types.

    Values are in canonical form, see `model.value`, and never empty; what authors write is never
    null.
    """

    unquoted: ClassVar[bool] = False  # an author writes its values without quotes
    in_quotes: ClassVar[bool] = False  # reports show its values in quotes
    has_options: ClassVar[bool] = False  # its values are options, which the catalog lists
    is_arn: ClassVar[bool] = False  # of its values, tables show the end alone

    @property
    @abstractmethod
    def held_as(self) -> type:
        """How Python holds its values: `str`, `float` or `bool`."""

    @property
    @abstractmethod
    def members(self) -> tuple[str, ...]:
        """The members of the service's value that it is read from; it is written as the first."""

    @abstractmethod
    def coerce(
        self, written: Written, field: "Field", options: Options, *, may_be_inactive: bool
    ) -> Value | UnplacedProblem:
        """The value that an author wrote, or what is wrong with it."""

    @abstractmethod
    def schema(self, field: "Field") -> dict[str, Any]:
        """What editors should take for a value of this field, in JSON Schema."""

    @abstractmethod
    def fits(self, value: Any) -> bool:
        """Whether a plan file may hold this as a value, in the one spelling that plans have."""

    def decode(self, value: Any, field: "Field") -> Value:
        """The value that one of `members` holds; raises Unfit, never guesses."""
        return decoded_text(value)

    def encode(self, value: Value) -> dict[str, Any]:
        """The service's spelling of a value."""
        return {self.members[0]: value}

    def spell(self, value: Value) -> str:
        """The characters that an author would write."""
        return as_text(value)

    def max_length(self, field: "Field") -> int:
        """How many characters a value of this field may have."""
        return VALUE_LENGTH

    def describe(self, field: "Field") -> str:
        """What `reconcile catalog` tells of the values of this field, options apart."""
        return ""

    def searched(self, operator: str, push: "Pushed", operand: Value) -> tuple[str, Value] | None:
        """What SearchCases is asked for in place of a comparison: never less; None for nothing."""
        return operator, operand

    def from_cell(self, text: str) -> str:
        """How an author would write what a spreadsheet spells in its own way."""
        return text

    def ambiguity(self, text: str) -> str:
        """What to write in place of a cell that countries read differently; empty when clear."""
        return ""


def decoded_text(value: Any) -> Value:
    """A text of the service; an empty one is no value."""
    if not is_text(value):
        half = isinstance(value, str)
        raise Unfit("text with half a character" if half else kind_of(value))
    # An empty string is legal in the service model; what it means there is not documented.
    return value or None


def is_value_text(value: Any) -> bool:
    """Whether a plan file may hold this as a value that is text."""
    return type(value) is str and 0 < len(value) <= VALUE_LENGTH


def said(written: Written) -> str:
    """What was written, shortened, as a message quotes it."""
    return short(written.text) if written.plain else f'"{short(written.text)}"'


def short(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= 40 else text[:37] + "..."
