"""What `reconcile.yaml` says, parsed once into types."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # change windows are loaded only by configs that have some
    from reconciler.config.window_model import Window


@dataclass(frozen=True, slots=True)
class Rate:
    """A quota: calls per second and how many may come at once."""

    rate: float
    burst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The guards' numbers; None for a percentage means that this guard is off.

    `policy_cases` is the most that policies may lift `cases` to by limits of their own: each of
    them, and all of a target together. Up to `conflicts` values in conflict are written, and where
    there are more, none; `unclassified` is None where that guard is off.
    """

    cases: int = 100
    policy_cases: int = 1_000
    clears: int = 10
    percent: float | None = None
    fields: Mapping[str, int] = field(default_factory=dict)
    conflicts: int = 0
    unclassified: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One Cases domain and how to reach it; `sandbox` is the database of the embedded service.

    Those it comes `after` have to be applied before it.
    """

    name: str
    domain: str
    sandbox: Path | None = None
    region: str | None = None
    account: str | None = None
    profile: str | None = None
    role_arn: str | None = None
    endpoint_url: str | None = None
    quotas: Mapping[str, Rate] = field(default_factory=dict)
    share: float = 0.8
    limits: Limits = Limits()
    sensitive: frozenset[str] = frozenset()
    windows: "tuple[Window, ...]" = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BucketAddress:
    """Where in S3 a state is kept; `prefix` is empty or ends with a slash."""

    bucket: str
    prefix: str = ""
    region: str | None = None

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerRule:
    """What one owner owns: specs, by globs from the config's folder; fields; or both."""

    owner: str
    specs: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole file; `root` is the folder it stands in, and paths in it are below that.

    `state` is the folder where runs leave their journals, receipts and locks; with a
    `state_bucket`, what other machines need of it is kept there too. `environment` are the
    variables that the run may go by, keys among them; None stands for those of the process.
    """

    root: Path
    path: Path | None
    specs: Path
    targets: Mapping[str, Target]
    default_target: str | None
    owners: tuple[OwnerRule, ...] = ()
    state_folder: Path | None = None
    state_bucket: BucketAddress | None = None
    environment: Mapping[str, str] | None = field(default=None, repr=False, compare=False)

    @property
    def state(self) -> Path:
        """The folder that outlives a run."""
        return self.root / ".reconcile" if self.state_folder is None else self.state_folder
