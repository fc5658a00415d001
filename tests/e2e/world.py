"""A folder with a config and specs, a local service, and somebody else who edits its cases."""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from reconciler.cli.main import run
from reconciler.sandbox.api import Embedded

QUOTAS = "\n".join(
    f"      {api}: {{rate: 100000, burst: 100000}}"
    for api in (
        "GetCase",
        "UpdateCase",
        "SearchCases",
        "ListFields",
        "ListFieldOptions",
        "ListTemplates",
        "GetTemplate",
        "GetDomain",
        "GetCaseAuditEvents",
        "ListDomains",
    )
)


@dataclass
class Ran:
    """What one invocation of the program did."""

    status: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


@dataclass
class World:
    """One test's surroundings."""

    folder: Path
    service: Embedded
    capsys: Any
    extra: str = ""
    limits: str = "{cases: 1000, clears: 1000}"
    _client: Any = None
    _fields: dict[str, str] = field(default_factory=dict)

    def configure(self, extra: str = "", limits: str | None = None) -> None:
        """Write reconcile.yaml; `extra` are further keys of the target."""
        (self.folder / "reconcile.yaml").write_text(
            "apiVersion: reconcile/v1\nkind: Config\ntargets:\n  demo:\n"
            f"    endpoint_url: {self.service.url}\n    region: us-west-2\n    domain: support\n"
            f"    limits: {limits or self.limits}\n    quotas:\n{QUOTAS}\n{extra}"
        )

    def spec(self, text: str, name: str = "spec.yaml") -> Path:
        """Write one spec file; the head of a Cases spec is added when it is missing."""
        path = self.folder / "specs" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        if "apiVersion" not in text:
            text = f"apiVersion: reconcile/v1\nkind: Cases\nmetadata: {{name: {path.stem}}}\n{text}"
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *arguments: str) -> Ran:
        """Run the program in this folder, as its command line would."""
        self.capsys.readouterr()
        status = run([str(one) for one in arguments])
        seen = self.capsys.readouterr()
        return Ran(int(status), seen.out, seen.err)

    def plan(self, *arguments: str) -> dict[str, Any]:
        """The plan as data."""
        ran = self.run("plan", "--format", "json", *arguments)
        assert ran.out, ran.err
        return json.loads(ran.out)

    @property
    def client(self) -> Any:
        """Somebody else: a plain boto3 client."""
        if self._client is None:
            self._client = boto3.client(
                "connectcases",
                endpoint_url=self.service.url,
                region_name="us-west-2",
                aws_access_key_id="someone",
                aws_secret_access_key="else",
            )
        return self._client

    @property
    def domain(self) -> str:
        return self.client.list_domains()["domains"][0]["domainId"]

    def field_id(self, name: str) -> str:
        """A field's id by its display name."""
        if not self._fields:
            found = self.client.list_fields(domainId=self.domain, maxResults=100)["fields"]
            self._fields = {entry["name"]: entry["fieldId"] for entry in found}
        return self._fields.get(name, name)

    def edit(self, case_id: str, **values: Any) -> None:
        """Change a case behind reconcile's back; None clears."""
        self.client.update_case(
            domainId=self.domain,
            caseId=case_id,
            fields=[
                {"id": self.field_id(name.replace("_", " ")), "value": union(value)}
                for name, value in values.items()
            ],
        )

    def held(self, case_id: str, *names: str) -> list[Any]:
        """The raw values a case holds now."""
        ids = [self.field_id(name) for name in names]
        reply = self.client.get_case(
            domainId=self.domain, caseId=case_id, fields=[{"id": one} for one in ids]
        )
        found = {
            entry["id"]: next(iter(entry["value"].items())) for entry in reply["fields"] if entry
        }
        return [
            None if one not in found or found[one][0] == "emptyValue" else found[one][1]
            for one in ids
        ]

    def everything(self) -> dict[str, dict[str, Any]]:
        """Every value of every case, but for what the service itself keeps."""
        self.field_id("Title")
        ids = [one for one in self._fields.values() if not one.startswith("last_")]
        cases: dict[str, dict[str, Any]] = {}
        for at in range(0, len(ids), 25):
            token = None
            while True:
                more = {"nextToken": token} if token else {}
                reply = self.client.search_cases(
                    domainId=self.domain,
                    maxResults=100,
                    fields=[{"id": one} for one in ids[at : at + 25]],
                    **more,
                )
                for case in reply["cases"]:
                    values = {entry["id"]: entry["value"] for entry in case["fields"]}
                    cases.setdefault(case["caseId"], {}).update(values)
                token = reply.get("nextToken")
                if not token:
                    break
        return cases

    def calls(self) -> dict[str, int]:
        """Calls since the last time this was asked."""
        counts = dict(self.service.calls.counts)
        self.service.calls.clear()
        return counts


def union(value: Any) -> dict[str, Any]:
    """A FieldValueUnion, written here once more so that no mistake is shared."""
    if value is None:
        return {"emptyValue": {}}
    if isinstance(value, bool):
        return {"booleanValue": value}
    if isinstance(value, int | float):
        return {"doubleValue": value}
    return {"stringValue": value}


def copy_database(template: Path, to: Path) -> Path:
    """A fresh copy of a seeded database."""
    shutil.copyfile(template, to)
    return to
