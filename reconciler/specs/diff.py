"""Compare what the specs want with what the service holds."""

from dataclasses import dataclass

from reconciler.model.case import DesiredCase, DesiredField, LiveCase
from reconciler.model.value import Value


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not as the specs want it."""

    desired: DesiredField
    before: Value


def diff_case(desired: DesiredCase, live: LiveCase) -> tuple[Difference, ...]:
    """Say what would make one live case match its specs; empty when it does already.

    The specs own only the fields they name: whatever else the case holds is left alone. A field
    with `only_if` is left alone too while the case holds none of the values listed there.
    """
    values = live.values
    found: list[Difference] = []
    for entry in desired.fields:
        now = values.get(entry.field)
        if now != entry.value and (entry.only_if is None or now in entry.only_if):
            found.append(Difference(entry, now))
    return tuple(found)
