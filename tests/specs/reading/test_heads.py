"""Whom the documents of a spec file are about."""

import pytest

from reconciler.specs.reading.heads import heads_of

HEAD = "apiVersion: reconcile/v1\nkind: {kind}\nmetadata: {{name: {name}}}\n"
CASES = HEAD.format(kind="Cases", name="a") + "target: [x, y]\ncases: [{id: c, fields: {n: 1}}]\n"
POLICY = HEAD.format(kind="Policy", name="b") + "select: {template: T}\nfields: {n: 1}\n"


def test_each_document_has_its_head():
    found = heads_of(f"{CASES}---\n{POLICY}".encode(), "a.yaml")
    assert [(one.name, one.targets) for one in found] == [("a", ("x", "y")), ("b", ())]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_a_file_without_documents_is_about_nobody(text):
    assert heads_of(text.encode(), "a.yaml") == ()


@pytest.mark.parametrize("text", ["{", "kind: Cases", CASES + "more: x\n", "\0", "[]"])
def test_where_a_document_cannot_be_read_nobody_can_tell(text):
    assert heads_of(text.encode(), "a.yaml") is None
