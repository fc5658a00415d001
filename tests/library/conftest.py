"""A folder with a sandbox, a config and one spec that changes two cases."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler import Project
from reconciler.sandbox import api


@dataclass(frozen=True)
class Place:
    """Where a project is, and the two cases that its spec is about."""

    folder: Path
    cases: tuple[str, str]

    @property
    def config(self) -> Path:
        return self.folder / "reconcile.yaml"

    def spec(self, *cases: str, **fields: str) -> None:
        """Write the one spec."""
        wanted = ", ".join(f"{name}: {value}" for name, value in fields.items())
        lines = [f"  - {{id: {case}, fields: {{{wanted}}}}}" for case in cases or self.cases]
        (self.folder / "specs" / "spec.yaml").write_text(
            "apiVersion: reconcile/v1\nkind: Cases\nmetadata: {name: two}\ncases:\n"
            + "\n".join(lines)
            + "\n"
        )


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    api.seed(folder / "demo.db", domain="support", cases=30, seed=1)
    return folder


@pytest.fixture
def place(seeded, tmp_path):
    """A fresh copy."""
    (tmp_path / "demo.db").write_bytes((seeded / "demo.db").read_bytes())
    (tmp_path / "specs").mkdir()
    (tmp_path / "reconcile.yaml").write_text(
        "apiVersion: reconcile/v1\nkind: Config\n"
        "targets:\n  demo: {sandbox: demo.db, domain: support}\n"
    )
    return Place(tmp_path, _cases(tmp_path))


def _cases(folder):
    """Two cases whose severity is not High."""
    (folder / "specs" / "all.yaml").write_text(
        "apiVersion: reconcile/v1\nkind: Policy\nmetadata: {name: all}\n"
        "select: {where: {field: severity, not_equals: High}}\nfields: {severity: High}\n"
    )
    with Project.load(folder / "reconcile.yaml") as project:
        changes = project.plan(histories=0).targets[0].changes
    (folder / "specs" / "all.yaml").unlink()
    place = Place(folder, (changes[0].case_id, changes[1].case_id))
    place.spec(severity="High")
    return place.cases


@pytest.fixture
def project(place):
    with Project.load(place.config) as opened:
        yield opened
