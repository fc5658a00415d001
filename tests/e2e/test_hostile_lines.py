"""Whatever strangers write, each line of ours stays one line, and nothing in it acts.

A terminal obeys control characters; the runners of CI systems obey commands in the log: GitHub's
`::name ...::` at the start of a line and `##[name ...]` anywhere, Azure's `##vso[...]`, GitLab's
`section_start:...` after a carriage return.
"""

import json
import re

import pytest

from tests.e2e.stories import A

HOSTILE = (
    "x\n::error::pwn\r::add-mask::y\x1b[31m\x1b]0;t\x07\u202e\u2028::warning::z\u2029\x85\x9b1m "
    "##[error]a ##vso[task.b]c section_start:1:d\r\x1b[0Ke \u200b\ufeff\x00"
)
START = "  ::error file=a::pwn"  # without any control character
_ORDER = re.compile(r"##\w*\[|^\s*::", re.MULTILINE)


def inert(text):
    """What is wrong with the lines of a log."""
    wrong = [repr(one) for one in set(text) if not one.isprintable() and one != "\n"]
    return [*wrong, *_ORDER.findall(text)]


def every(world, *words):
    """Both shapes of the log, and what they say."""
    for more in (["--verbose"], ["--log-format", "json"]):
        ran = world.run(*words, *more)
        assert inert(ran.text) == [], (words, more, ran.text)
        if more[:1] == ["--log-format"]:
            for line in ran.err.splitlines():
                assert isinstance(json.loads(line), dict)
        yield ran


@pytest.mark.parametrize("text", [HOSTILE, START], ids=["controls", "start"])
class TestEverySource:
    """One kind of text after the other; every command that shows it."""

    def test_titles_values_and_names_of_fields_and_options(self, story, text):
        fields = story.client.list_fields(domainId=story.domain, maxResults=100)["fields"]
        ids = {one["name"]: one["fieldId"] for one in fields}
        name = text.replace("\x00", "").replace("\n", "")[:90]  # the service takes no line break
        story.client.update_field(
            domainId=story.domain, fieldId=ids["Country"], name=name, description=name
        )
        story.client.batch_put_field_options(
            domainId=story.domain,
            fieldId=ids["Severity"],
            options=[{"name": name[:60], "value": "Low", "active": True}],
        )
        story.agent(Title=text, **{ids["Country"]: text})
        story.wants(**{ids["Country"]: "NO", "severity": "Low"})
        for words in (
            ["plan"],
            ["plan", "--full"],
            ["drift"],
            ["catalog"],
            ["history", A],
            ["apply", "--yes", "--max-failures", "1"],
            ["history", A],
        ):
            list(every(story, *words))

    def test_messages_of_the_service(self, story, text):
        story.wants(country="NO")
        refusal = {"kind": "invalid", "message": text}
        for operation in ("UpdateCase", "GetCase", "ListFields"):
            story.service.faults.set([{**refusal, "operation": operation}])
            for words in (["plan"], ["apply", "--yes"], ["history", A]):
                list(every(story, *words))

    def test_names_of_files_specs_owners_and_reasons(self, story, text):
        name = text.replace("\x00", "").replace("/", "")[:60]
        quoted = json.dumps(text.replace("\x00", ""))
        story.spec("cases: {nonsense: 1}\n", f"{name}.yaml")
        (story.folder / "specs" / name).mkdir()
        story.spec(
            f"apiVersion: reconcile/v1\nkind: Cases\nmetadata: {{name: {quoted}, owner: {quoted}, "
            f"reason: {quoted}}}\ncases:\n  - id: {A}\n    fields: {{country: {quoted}}}\n",
            f"{name}/b.yaml",
        )
        outside = story.folder / f"{name}.yaml"
        outside.write_text(": ::\n")
        for words in (["validate"], ["plan"], ["fmt", "--check"], ["fmt"], ["validate", outside]):
            list(every(story, *words))
        (story.folder / "specs" / f"{name}.yaml").unlink()
        for words in (["validate"], ["plan"], ["plan", "-o", f"{name}.json"], ["apply", "--yes"]):
            list(every(story, *words))
        list(every(story, "show", f"{name}.json"))

    def test_branches_subjects_and_authors(self, story, text, monkeypatch):
        words = text.replace("\x00", "")
        monkeypatch.setenv("GIT_AUTHOR_NAME", words.replace("\n", " ")[:60])
        story.wants(country="FI")
        story.repository.git("commit", "--quiet", "--amend", "-m", words)
        story.apply()
        story.repository.git("checkout", "--quiet", "-b", "a\u202eb\u2028##c\u200b")
        for one in (["plan"], ["history", A], ["drift"]):
            list(every(story, *one))

    def test_who_changed_a_case(self, story, text):
        story.wants(country="FI")
        story.apply()
        story.agent(by=f"arn:aws:iam::111122223333:user/{text}"[:400], Country="XX")
        for one in (["plan"], ["history", A], ["drift"], ["apply", "--yes"]):
            list(every(story, *one))

    def test_what_is_typed_and_what_the_config_says(self, story, text):
        typed = text.replace("\x00", "")
        for words in (
            [typed],
            ["plan", typed],
            ["plan", f"--{typed}"],
            ["plan", f"--{typed}=1"],
            ["plan", "-t", typed],
            ["plan", "--case", typed],
            ["plan", "--mode", typed],
            ["plan", "--ttl", typed],
            ["plan", "--report", typed],
            ["plan", "--config", typed],
            ["plan", "--allow-field", typed],
            ["apply", typed],
            ["apply", "--expect", typed, "--yes"],
            ["apply", "--override-window", typed, "--yes"],
            ["apply", "--retry", typed],
            ["show", typed],
            ["rollback", typed],
            ["history", typed],
            ["accept", "--case", typed],
            ["ignore", "--from-plan", typed, "--all", "--reason", typed],
            ["export", "--where", typed],
            ["import", typed, "--name", "a", "--reason", "b"],
            ["completion", typed],
            ["sandbox", "edit", "--db", typed, "--case", typed, "--by", typed, typed],
            ["sandbox", "serve", "--db", typed, "--set", typed],
        ):
            ran = story.run(*words)
            assert ran.status, words
            assert inert(ran.text) == [], (words, ran.text)
        story.configure(
            extra=f"    domain: {json.dumps(typed)}\n".replace("    domain", "    profile")
        )
        list(every(story, "plan"))
        (story.folder / "reconcile.yaml").write_text(f"{json.dumps(typed)}: {json.dumps(typed)}\n")
        list(every(story, "plan"))
        (story.folder / "reconcile.yaml").write_text(typed)
        list(every(story, "validate"))

    def test_domains(self, story, text):
        config = (story.folder / "reconcile.yaml").read_text()
        name = json.dumps(text.replace("\x00", ""))
        (story.folder / "reconcile.yaml").write_text(
            config.replace("domain: support", f"domain: {name}")
        )
        story.wants(country="FI")
        for ran in every(story, "plan"):
            assert ran.status == 1
