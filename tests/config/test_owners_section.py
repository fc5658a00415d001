"""How the config says who may change what."""

import pytest

from reconciler.config.file import read_config
from reconciler.config.model import OwnerRule
from reconciler.errors import AuthorErrors

HEAD = (
    "apiVersion: reconcile/v1\nkind: Config\ntargets: {demo: {sandbox: demo.db, domain: support}}\n"
)


def owners(folder, text):
    (folder / "reconcile.yaml").write_text(HEAD + f"owners: {text}\n")
    return read_config(folder / "reconcile.yaml").owners


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        pytest.param("[]", (), id="none"),
        pytest.param(
            '[{owner: care-ops, specs: "specs/care/**", fields: [priority, Note]}]',
            (OwnerRule(owner="care-ops", specs=("specs/care/**",), fields=("priority", "Note")),),
            id="both",
        ),
        pytest.param(
            "[{owner: b, specs: [a/*, ..b/c]}, {owner: p, fields: status}]",
            (
                OwnerRule(owner="b", specs=("a/*", "..b/c")),
                OwnerRule(owner="p", fields=("status",)),
            ),
            id="either",
        ),
        pytest.param(
            '[{owner: " 7 ", fields: 012}]', (OwnerRule(owner="7", fields=("012",)),), id="as-text"
        ),
    ],
)
def test_rules_are_read_in_their_order(tmp_path, text, rules):
    assert owners(tmp_path, text) == rules


def test_a_config_without_owners_has_none(tmp_path):
    (tmp_path / "reconcile.yaml").write_text(HEAD)
    assert read_config(tmp_path / "reconcile.yaml").owners == ()


@pytest.mark.parametrize(
    ("text", "code", "column", "hint"),
    [
        ("care-ops", "wrong-shape", 9, "`- `"),
        ("[care-ops]", "wrong-shape", 10, "`key: value`"),
        ("[{specs: a}]", "missing-key", 10, "`owner: ...`"),
        ("[{owner: a}]", "missing-key", 10, "what they own"),
        ("[{owner: '', fields: [a]}]", "empty-name", 18, "write the name"),
        ("[{owner: a, fields: []}]", "wrong-shape", 29, "remove `fields`"),
        ("[{owner: a, fields: [{}]}]", "wrong-shape", 30, "one value"),
        ("[{owner: a, specs: ['']}]", "empty-name", 29, "write the name"),
        ("[{owner: a, specs: /specs/**}]", "bad-glob", 28, "specs/care/**"),
        ("[{owner: a, specs: [../specs]}]", "bad-glob", 29, "specs/care/**"),
        ("[{owner: a, specs: [a, b/../c]}]", "bad-glob", 32, "specs/care/**"),
        ("[{owner: a, specs: ./specs/**}]", "bad-glob", 28, "specs/care/**"),
        ("[{owner: a, specs: specs\\a}]", "bad-glob", 28, "with / between"),
        ("[{owner: a, fields: [b], team: c}]", "unknown-key", 34, "remove it"),
    ],
)
def test_a_rule_must_say_who_owns_what(tmp_path, text, code, column, hint):
    with pytest.raises(AuthorErrors) as caught:
        owners(tmp_path, text)
    (problem,) = caught.value.problems
    assert (problem.code, problem.at.line, problem.at.column) == (code, 4, column)
    assert hint in problem.hint
