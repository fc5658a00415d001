"""Find policies that ask for a larger limit than the config lets any policy have."""

from collections.abc import Collection, Iterable, Iterator

from reconciler.config.model import Config
from reconciler.model.diagnostic import Problem, quoted
from reconciler.model.spec import PolicySpec, Spec


def generous(specs: Iterable[Spec], config: Config, targets: Collection[str]) -> Iterator[Problem]:
    """A warning for each policy whose own limit counts as a smaller number."""
    for spec in specs:
        if not isinstance(spec, PolicySpec) or spec.case_limit is None:
            continue
        for name in spec.header.about(config.default_target):
            target = config.targets.get(name)
            if target is None or (targets and name not in targets):
                continue
            most = target.limits.policy_cases
            if spec.case_limit > most:
                yield Problem(
                    spec.header.at,
                    "limit-above-config",
                    f"the limit of {spec.case_limit:,} cases counts as {most:,}, which is the "
                    f"config's `policy_cases` for target {quoted(name)}",
                    "write a smaller limit, or raise `policy_cases` in the config",
                )
