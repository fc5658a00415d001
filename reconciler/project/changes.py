"""Which targets a change of the repository is about: of the config, and of the specs."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from reconciler.config.file import config_of
from reconciler.config.model import Config, Target
from reconciler.errors import AuthorErrors, ReconcilerError
from reconciler.git.changed import ChangedFile, changed_files, file_at
from reconciler.git.repository import Repository, find_repository
from reconciler.model.argument import argument
from reconciler.service.lanes import lane_of
from reconciler.specs.reading.heads import heads_of
from reconciler.specs.reading.search import find_files

# What the config says of each target by itself; everything else in it is about all of them.
_BY_TARGET = ("root", "path", "targets", "default_target", "specs", "environment")


@dataclass(frozen=True, slots=True)
class LaneTargets:
    """The targets of a lane, or of lanes that an order joins: one job of a CI system."""

    lane: str
    targets: tuple[str, ...]


def lanes_with(config: Config, names: Iterable[str]) -> tuple[LaneTargets, ...]:
    """These targets by lane; lanes joined by an order of two of them stand together."""
    chosen = [config.targets[name] for name in config.targets if name in set(names)]
    lanes = {target.name: lane_of(target) for target in chosen}
    joined = {lane: lane for lane in lanes.values()}

    def first(lane: str) -> str:
        while joined[lane] != lane:
            lane = joined[lane]
        return lane

    for target in chosen:
        for before in target.after:
            if before in lanes:
                joined[first(lanes[target.name])] = first(lanes[before])
    groups: dict[str, list[str]] = {}
    for target in chosen:
        groups.setdefault(first(lanes[target.name]), []).append(target.name)
    return tuple(
        LaneTargets("+".join(dict.fromkeys(lanes[one] for one in found)), tuple(found))
        for found in groups.values()
    )


def changed_targets(config: Config, revision: str) -> frozenset[str]:
    """The targets that the working tree would treat otherwise than the specs of a revision.

    Where that cannot be told, it is all of them: a file or a config that cannot be read.
    """
    every = frozenset(config.targets)
    if revision and not revision.strip("0"):  # what GitHub and GitLab say came before a new branch
        return every
    repository = find_repository(config.root, revision)
    if repository.top is None or not repository.commit:
        why = repository.problem or (
            "there is no git repository around the config"
            if repository.top is None
            else f"git knows no commit {revision!r} here; fetch it, and all of its history"
        )
        raise ReconcilerError(f"{argument('changed_since')}: {why}")
    before = _config_at(repository, config)
    if before is None or _differs_for_all(before, config):
        return every
    found = {one for one in every if _target(before, one) != _target(config, one)}
    if before.default_target != config.default_target:
        found |= {one for one in (before.default_target, config.default_target) if one}
    folders = {before.specs, config.specs}
    now = find_files([config.specs], config.root, []) if config.specs.exists() else []
    for file in changed_files(repository, repository.top, folders, now):
        about = _about(file, before, config)
        if about is None:
            return every
        found |= about
    return every & found


def _config_at(repository: Repository, config: Config) -> Config | None:
    if config.path is None or repository.top is None:
        return None
    path = config.path.parent.resolve() / config.path.name
    if not path.is_relative_to(repository.top):
        return None
    data = file_at(repository, path.relative_to(repository.top).as_posix())
    try:
        return None if data is None else config_of(data, config.path, config.environment)
    except AuthorErrors:
        return None


def _differs_for_all(before: Config, now: Config) -> bool:
    names = (one.name for one in fields(Config) if one.name not in _BY_TARGET)
    return any(getattr(before, name) != getattr(now, name) for name in names)


def _target(config: Config, name: str) -> Target | None:
    return config.targets.get(name)


def _about(file: ChangedFile, before: Config, now: Config) -> set[str] | None:
    """The targets that a file was or is about; None where nobody can tell."""
    found: set[str] = set()
    for data, config in ((file.before, before), (file.after, now)):
        heads = () if data is None else heads_of(data, Path(file.path).name)
        if heads is None or file.unreadable:
            return None
        for head in heads:
            found.update(head.about(config.default_target))
    return found
