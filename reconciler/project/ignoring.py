"""Write rules that leave chosen differences of a saved plan alone into a spec file."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from reconciler.config.model import Config
from reconciler.edit.choosing import Chosen, chosen_fields
from reconciler.edit.ignore_file import IgnoreFile
from reconciler.errors import ReconcilerError
from reconciler.files.paths import YAML_SUFFIXES, real_path, shown
from reconciler.files.whole_file import replace_file
from reconciler.model.argument import argument
from reconciler.model.ignore import NewRule, end_of
from reconciler.model.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreRequest:
    """What is to be left alone of a plan; of cases and fields, none named means every one.

    `rule` has what all of the new rules have in common.
    """

    plan: Plan
    out: Path | None
    cases: tuple[str, ...]
    fields: tuple[str, ...]
    rule: NewRule

    def rule_for(self, chosen: Chosen) -> NewRule:
        """The rule for one field of one case."""
        change, entry = chosen
        return replace(self.rule, field=entry.id, name=entry.name, case=change.case_id)


@dataclass(frozen=True, slots=True)
class NewRules:
    """The file, what was added to it, and how many of the fields had a rule there already."""

    path: Path
    text: str
    there: int


def ignore_now(request: IgnoreRequest, config: Config, now: datetime) -> NewRules:
    """Add a rule for each chosen field of each chosen case, and keep all else in the file."""
    path = _checked(request.out or config.specs / "ignore.yaml", config)
    _in_the_future(request.rule.until, now)
    chosen = chosen_fields(request.plan, request.cases, request.fields)
    data = path.read_bytes() if path.exists() else b""
    file = IgnoreFile(data, shown(real_path(path), config.root))
    text, there = "", 0
    for target, entries in chosen.items():
        rules = [request.rule_for(one) for one in entries]
        added, kept = file.add(rules, target, config.default_target, f"{path.stem}-{target}")
        text += added
        there += kept
    if text:
        replace_file(path, file.data, mode=0o666, keeps=True)
    return NewRules(path, text, there)


def _checked(path: Path, config: Config) -> Path:
    if path.suffix.lower() not in YAML_SUFFIXES:
        expected = " or ".join(YAML_SUFFIXES)
        raise ReconcilerError(f"{path}: found this suffix, expected {expected}")
    if not real_path(path).is_relative_to(real_path(config.specs)):
        raise ReconcilerError(
            f"{path} is not below {config.specs}, where runs look for rules; name a file there"
        )
    return path


def _in_the_future(until: str, now: datetime) -> None:
    ends = end_of(until)
    if ends is None or ends <= now:
        raise ReconcilerError(f"{argument('until')} {until}: is past, expected a day to come")
