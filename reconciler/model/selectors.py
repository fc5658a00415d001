"""What a command line names of a plan or of its specs: targets, cases, fields, specs, policies."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """The part that is meant; of each kind, none named means every one.

    The kinds narrow each other; specs and policies are one kind, since a value is set by one of
    them. `fields` are ids or display names, without regard to case.
    """

    targets: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    specs: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything is named at all."""
        return bool(self.targets or self.narrow)

    @property
    def narrow(self) -> bool:
        """Whether a part of a target is named."""
        return bool(self.cases or self.fields or self.by_spec)

    @property
    def by_spec(self) -> bool:
        """Whether it is named who sets a value."""
        return bool(self.specs or self.policies)

    def is_about(self, target: str) -> bool:
        """Whether a target is meant."""
        return not self.targets or target in self.targets

    def is_of(self, case_id: str) -> bool:
        """Whether a case is meant."""
        return not self.cases or case_id in self.cases

    def sets(self, spec: str, policy: str = "") -> bool:
        """Whether what this spec sets is meant; `policy` is its name where it is a policy."""
        return not self.by_spec or spec in self.specs or (bool(policy) and policy in self.policies)


EVERYTHING = Selectors()
