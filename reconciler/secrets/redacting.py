"""Keep sensitive values out of the service's own words while planning.

A search sends the operands of a policy's conditions, and a refusal may repeat them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from reconciler.errors import CallError
from reconciler.model.value import FieldId
from reconciler.secrets.sealing import hidden
from reconciler.specs.resolve import Resolution
from reconciler.specs.selection import checks_of

HIDDEN = "(sensitive)"


def secrets(resolution: Resolution, sensitive: frozenset[FieldId]) -> tuple[str, ...]:
    """Every sensitive text that a call about these cases and policies may send, longest first."""
    if not sensitive:
        return ()
    found = {
        str(value)
        for policy in resolution.policies
        for check in checks_of(policy.selection.rule)
        if check.field.id in sensitive
        for value in check.operands
    }
    return tuple(sorted(found - {""}, key=lambda text: (-len(text), text)))


@contextmanager
def redacting(texts: Sequence[str]) -> Iterator[None]:
    """Let failed calls through with a message that repeats none of these texts."""
    try:
        yield
    except CallError as error:
        secrets = dict.fromkeys(texts, HIDDEN)
        error.args = (hidden(str(error.args[0]), secrets),)
        error.more = tuple(hidden(line, secrets) for line in error.more)
        raise
