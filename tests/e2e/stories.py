"""A world in a git repository, whose time stands still between two steps of a story."""

import pytest

from reconciler.sandbox.api import Embedded, ManualClock
from tests.e2e.repository import Repository, plain_git
from tests.e2e.world import World, copy_database, union

A = "ddb8f587-4d3c-43ff-beae-4ea81ccab6f4"
B = "be8a4a38-5542-4c06-bcb9-cbc190026fa0"
AGENT = (
    "arn:aws:connect:us-west-2:111122223333:instance/9b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d"
    "/agent/5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9"
)


class Story(World):
    """A world in a repository whose time stands still between two steps."""

    def later(self, seconds=60):
        """Let time pass, and say what time it is."""
        self.service.clock.advance(seconds)
        return self.service.clock.now().isoformat()

    def wants(self, case_id=A, name="spec.yaml", **values):
        """Write and commit what one case shall hold."""
        fields = ", ".join(f"{key.replace('_', ' ')}: {value}" for key, value in values.items())
        self.spec(f"cases:\n  - id: {case_id}\n    fields: {{{fields}}}\n", name)
        return self.repository.commit("what one case shall hold", self.later())

    def agent(self, case_id=A, by=AGENT, **values):
        """An agent changes a case."""
        self.later()
        self.client.update_case(
            domainId=self.domain,
            caseId=case_id,
            fields=[
                {"id": self.field_id(name.replace("_", " ")), "value": union(value)}
                for name, value in values.items()
            ],
            performedBy={"userArn": by},
        )
        self.later()

    def apply(self, *arguments):
        self.later()
        ran = self.run("apply", "--yes", *arguments)
        self.later()
        assert ran.status == 0, ran.text
        return ran

    def classes(self):
        """The class of every field that differs, by case and display name."""
        return {
            (change["case_id"], entry["name"]): entry["class"]
            for change in self.plan()["targets"][0]["changes"]
            for entry in change["fields"]
        }

    def field(self):
        """The one field that differs."""
        [change] = self.plan()["targets"][0]["changes"]
        [entry] = change["fields"]
        return entry


@pytest.fixture
def story(seeded, tmp_path, monkeypatch, capsys):
    plain_git(tmp_path, monkeypatch)
    database = copy_database(seeded, tmp_path / "cases.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RECONCILE_CONFIG", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    with Embedded(database, fast=True, clock=ManualClock()) as service:
        made = Story(tmp_path, service, capsys)
        made.repository = Repository(tmp_path)
        made.configure()
        yield made
