"""What one apply says of itself: in the first line of its journal, and in its receipt."""

import secrets
from datetime import datetime

from reconciler import __version__
from reconciler.config.model import Config
from reconciler.model.event import RunStarted
from reconciler.model.plan import Plan
from reconciler.model.receipt import RunFacts
from reconciler.model.value import spelled
from reconciler.plan.file.data import changes_digest, identity
from reconciler.state.ci_facts import actor, ci_facts


def run_started(
    plan: Plan, config: Config, at: datetime, *, retry_of: str, overridden: tuple[str, ...]
) -> RunStarted:
    """A run that begins at this moment."""
    digest = identity(plan)
    # To the microsecond: the newest journal is the one whose name sorts last.
    run_id = f"{at:%Y%m%dT%H%M%S.%fZ}-{digest[:8]}-{secrets.token_hex(2)}"
    return RunStarted(
        run_id=run_id,
        plan_digest=digest,
        changes_digest=changes_digest(plan),
        commit=plan.git.commit,
        actor=actor(config.environment),
        mode=str(plan.mode),
        tool_version=__version__,
        cases=plan.changed_cases,
        at=spelled(at),
        retry_of=retry_of,
        rollback_of=plan.rollback_of,
        overridden_windows=overridden,
        by_field=plan.by_field,
    )


def run_facts(
    started: RunStarted,
    config: Config,
    at: datetime,
    *,
    complete: bool,
    skipped_after: tuple[str, ...],
) -> RunFacts:
    """A run that has ended at this moment."""
    return RunFacts(
        run_id=started.run_id,
        started_at=started.at,
        finished_at=spelled(at),
        complete=complete,
        actor=started.actor,
        tool_version=started.tool_version,
        ci_run=ci_facts(started.commit, config.environment).run,
        overridden_windows=started.overridden_windows,
        skipped_after=skipped_after,
        retry_of=started.retry_of,
    )
