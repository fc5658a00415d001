"""What became of one case, as whoever applies a plan is told."""

from typing import TYPE_CHECKING, Any, ClassVar

from reconciler.model.outcomes import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reconciler.model import event
    from reconciler.model.plan import CaseChange, FieldChange


class Outcome:
    """What became of one case on one target: one of the seven classes below this one.

    Example:
        >>> from reconciler import Failed, Outcome
        >>> issubclass(Failed, Outcome)
        True
    """

    __slots__ = ("_change", "_event")
    # Whether the case now holds what the plan wants.
    done: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        if cls.__name__ in KINDS:
            cls.done = KINDS[cls.__name__].done

    def __init__(self, said: Any, change: "CaseChange | None" = None) -> None:
        self._event = said
        self._change = change

    @property
    def target(self) -> str:
        """The target's name in the config."""
        return str(self._event.target)

    @property
    def case_id(self) -> str:
        """The case's id."""
        return str(self._event.case_id)

    @property
    def fields(self) -> "tuple[FieldChange, ...]":
        """The planned changes of the case: each with `id`, `name`, `before` and `after`."""
        return () if self._change is None else tuple(self._change.fields)

    @property
    def written(self) -> "tuple[str, ...]":
        """The ids of fields that were written although the case is not done; mostly none.

        Only where a plan goes by field is a case written in several calls.
        """
        return tuple(getattr(self._event, "written", ()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outcome) and (self._event, self._change) == (
            other._event,
            other._change,
        )

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.target, self.case_id))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(target={self.target!r}, case_id={self.case_id!r})"


class Applied(Outcome):
    """This run's write took effect, and a read afterwards showed its values."""

    __slots__ = ()

    @property
    def request_id(self) -> str:
        """The service's id of the write."""
        return str(self._event.request_id)


class AlreadyDone(Outcome):
    """The case held the planned values; nothing was written."""

    __slots__ = ()


class Conflict(Outcome):
    """Not written: what the case holds may be somebody else's."""

    __slots__ = ()

    @property
    def differences(self) -> "tuple[event.FieldConflict, ...]":
        """Field by field: what the plan saw `before`, would write `after`, and is `live`."""
        return tuple(self._event.fields)

    @property
    def changed_by(self) -> str:
        """Who changed the case last, as far as the service tells; else empty."""
        return str(self._event.changed_by)

    @property
    def changed_at(self) -> str:
        """When, in UTC; else empty."""
        return str(self._event.changed_at)


class Failed(Outcome):
    """The service refused, or stayed unavailable; but for `written`, nothing was changed."""

    __slots__ = ()

    @property
    def code(self) -> str:
        """The service's own word for it."""
        return str(self._event.code)

    @property
    def message(self) -> str:
        """What was said, and what to do."""
        return str(self._event.message)

    @property
    def request_id(self) -> str:
        """The service's id of the call; else empty."""
        return str(self._event.request_id)


class Unknown(Outcome):
    """A write was sent, and nothing told what became of it."""

    __slots__ = ()

    @property
    def message(self) -> str:
        """What is known."""
        return str(self._event.message)


class Unverified(Outcome):
    """The write was accepted, but a read afterwards showed other values."""

    __slots__ = ()

    @property
    def differences(self) -> "tuple[event.FieldConflict, ...]":
        """Field by field: what the plan saw `before`, would write `after`, and is `live`."""
        return tuple(self._event.fields)

    @property
    def request_id(self) -> str:
        """The service's id of the write."""
        return str(self._event.request_id)


class NotAttempted(Outcome):
    """The run ended, or left the case out, before its turn."""

    __slots__ = ()

    @property
    def reason(self) -> str:
        """Why."""
        return str(self._event.reason).removeprefix("--")


# A kind of the table without a class here stops the library when it is loaded.
BY_NAME: "Mapping[str, type[Outcome]]" = {name: globals()[name] for name in KINDS}


def outcome_of(said: "event.Outcome", changes: "Mapping[tuple[str, str], CaseChange]") -> Outcome:
    """An outcome with the changes of its case."""
    return BY_NAME[type(said).__name__](said, changes.get((said.target, said.case_id)))
