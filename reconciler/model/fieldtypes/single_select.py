"""SingleSelect fields: one of the options that the domain offers."""

from collections.abc import Sequence
from typing import Any

from reconciler.model.catalog import Field, Option
from reconciler.model.diagnostic import UnplacedProblem, nearest
from reconciler.model.fieldtypes.base import Options, ValueType, is_value_text
from reconciler.model.source import Written
from reconciler.model.value import Value


class SingleSelect(ValueType):
    """Authors say an option's value or its name; the service, and so we, its value."""

    has_options = True
    held_as = str
    members = ("stringValue",)

    def coerce(
        self, written: Written, field: Field, options: Options, *, may_be_inactive: bool
    ) -> Value | UnplacedProblem:
        """The value of the option; nothing between quotes is empty."""
        if not written.text:
            return None
        offered = options.get(field.id, ())
        option = find_option(written.text, offered, may_be_inactive=may_be_inactive)
        return option.value if isinstance(option, Option) else option

    def schema(self, field: Field) -> dict[str, Any]:
        """Any text: what is offered where the options are not known."""
        return {"type": "string", "minLength": 1}

    def fits(self, value: Any) -> bool:
        """Any text that is not empty: options come and go."""
        return is_value_text(value)


def find_option(
    text: str, options: Sequence[Option], *, may_be_inactive: bool
) -> Option | UnplacedProblem:
    """The option that `text` means: its value, else its name, else either but for case."""
    folded = text.casefold()
    found = (
        [option for option in options if option.value == text]
        or [option for option in options if option.name == text]
        or [o for o in options if folded in (o.value.casefold(), o.name.casefold())]
    )
    if len(found) > 1:
        values = ", ".join(f'"{option.value}"' for option in found)
        return UnplacedProblem(
            "ambiguous-option",
            f'"{text}" means {len(found)} options of this field',
            f"write the value of the one you mean: {values}",
        )
    if not found:
        offered = [option.name for option in options if option.active]
        return UnplacedProblem(
            "unknown-option", f'this field has no option "{text}"', nearest(text, offered)
        )
    if not (found[0].active or may_be_inactive):
        active = ", ".join(f'"{option.name}"' for option in options if option.active)
        return UnplacedProblem(
            "inactive-option",
            f'the option "{found[0].name}" is inactive, and no case can be given it any more',
            f"active options: {active}" if active else "this field has no active option",
        )
    return found[0]
