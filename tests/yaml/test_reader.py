"""What the reader of YAML accepts, what it refuses, and where it says so."""

import io
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler.model.diagnostic import Problem
from reconciler.model.source import Written
from reconciler.yaml.reader import ListNode, MapNode, Node, reading
from reconciler.yaml.source_bytes import FileBytes


@pytest.fixture(params=["libyaml", "PyYAML's own parser"])
def parser(request, monkeypatch) -> None:
    """Every rule holds with the fast parser, and with the one that is always there."""
    if request.param != "libyaml":
        monkeypatch.delattr(yaml, "CSafeLoader")


def nodes_and_problems(text: str | bytes, *, is_json: bool = False):
    data = text if isinstance(text, bytes) else text.encode()
    nodes: list[Node] = []
    problems: list[Problem] = []
    with reading(FileBytes(io.BytesIO(data), is_json=is_json), "f", problems) as reader:
        while reader.next_document():
            nodes.append(reader.node())
    return nodes, problems


def scalars(node: Node) -> Iterator[Written]:
    if isinstance(node, Written):
        yield node
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from scalars(item)
    elif isinstance(node, MapNode):
        for _, _, value in node.entries.values():
            yield from scalars(value)


def plain(node: Node) -> object:
    """The node as nested dicts and lists of text."""
    if isinstance(node, MapNode):
        return {name: plain(value) for name, (_, _, value) in node.entries.items()}
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return None if node is None else node.text


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("NO", False),
        ("on", False),
        ("012", False),
        ("1:30", False),
        ("2026-01-02", False),
        ("1e3", False),
        (".nan", False),
        ("null", False),
        ("'x'", True),
        ('"x"', True),
        ("|-\n    x", True),
        (">-\n    x", True),
    ],
)
def test_a_value_is_its_characters_and_whether_it_was_quoted(text, quoted):
    (node,), problems = nodes_and_problems(f"key: {text}\n")
    assert not problems
    (written,) = scalars(node)
    assert (written.text, written.plain) == ("x" if quoted else text, not quoted)


@pytest.mark.usefixtures("parser")
def test_every_key_and_value_knows_its_place():
    (node,), _ = nodes_and_problems("a: 1\nb:\n  - x\n  - {c: y}\n")
    assert isinstance(node, MapNode)
    assert [(name, *entry[:2]) for name, entry in node.entries.items()] == [
        ("a", 1, 1),
        ("b", 2, 1),
    ]
    assert [(w.text, w.line, w.column) for w in scalars(node)] == [
        ("1", 1, 4),
        ("x", 3, 5),
        ("y", 4, 9),
    ]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "code", "line", "column", "hint"),
    [
        pytest.param("a: 1\nb: 2\na: 3", "repeated-key", 3, 1, "one of the two", id="repeated"),
        pytest.param("a: 1\n'a': 3", "repeated-key", 2, 1, "one of the two", id="repeated-quoted"),
        pytest.param("x: {a: 1, a: 1}", "repeated-key", 1, 11, "one of the two", id="nested"),
        pytest.param("x: [1, *y]", "alias", 1, 8, "write the value out", id="alias"),
        pytest.param("{x: *a, y: 1}", "alias", 1, 5, "write the value out", id="in-brackets"),
        pytest.param("a: {<<: {b: 1}}", "merge-key", 1, 5, "write the keys out", id="merge"),
        pytest.param("a: {b: 1}\nc: {<<: *x}", "merge-key", 2, 5, "keys out", id="merge-alias"),
        pytest.param("a: !!str 1", "tag", 1, 4, "remove the tag", id="tag"),
        pytest.param("a: !x {b: 1}", "tag", 1, 4, "remove the tag", id="tag-of-mapping"),
        pytest.param("!x\na: 1", "tag", 1, 1, "remove the tag", id="tag-of-document"),
        pytest.param("a:\n  - !x [1]", "tag", 2, 5, "remove the tag", id="tag-of-list"),
        pytest.param("!!str a: 1", "tag", 1, 1, "remove the tag", id="tag-of-key"),
        pytest.param("a: !e!x 1", "tag", 1, 4, "remove the tag", id="unknown-tag"),
        pytest.param("? [a]\n: 1", "wrong-shape", 1, 3, "plain or quoted", id="list-key"),
        pytest.param("? {a: b}\n: 1", "wrong-shape", 1, 3, "plain or quoted", id="mapping-key"),
        pytest.param("? |\n  a\n: 1", "wrong-shape", 1, 3, "plain or quoted", id="block-key"),
    ],
)
def test_what_hides_meaning_is_refused_with_its_place(text, code, line, column, hint):
    _, (problem,) = nodes_and_problems(text)
    assert (problem.code, problem.at.line, problem.at.column) == (code, line, column)
    assert hint in problem.hint


@pytest.mark.usefixtures("parser")
def test_reading_goes_on_after_a_refusal():
    (node,), problems = nodes_and_problems(
        "a: *x\nb: {<<: [*y, {c: !t d}], e: 1}\n? [f]\n: {g: *z}\na: {again: *q}\nh: !t 2\n"
    )
    assert plain(node) == {"a": None, "b": {"e": "1"}, "h": None}
    assert [(p.code, p.at.line) for p in problems] == [
        ("alias", 1),
        ("merge-key", 2),
        ("wrong-shape", 3),
        ("repeated-key", 5),
        ("tag", 6),
    ]


@pytest.mark.usefixtures("parser")
def test_a_quoted_merge_sign_is_ordinary():
    (node,), problems = nodes_and_problems("'<<': 1")
    assert not problems
    assert plain(node) == {"<<": "1"}


@pytest.mark.usefixtures("parser")
def test_the_documents_before_a_syntax_error_are_read():
    nodes, (problem,) = nodes_and_problems("a: 1\n---\nb: 2\n---\nc: [x\n---\nd: 4\n")
    assert [plain(node) for node in nodes] == [{"a": "1"}, {"b": "2"}]
    assert (problem.code, problem.at.line) == ("yaml-syntax", 5)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    "text",
    ["", "\n", "# only a comment\n", "---\n", "---\n# x\n---\n...\n", "\ufeff", "\ufeff# x\n"],
)
def test_a_file_without_content_holds_nothing(text):
    assert nodes_and_problems(text) == ([], [])


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("text", ["\ufeffa: 1\nb: 2\n", "a: 1\r\nb: 2\r\n", "a: 1\nb: 2"])
def test_byte_order_marks_and_line_ends_change_nothing(text):
    (node,), problems = nodes_and_problems(text)
    assert not problems
    assert [(w.text, w.line, w.column) for w in scalars(node)] == [("1", 1, 4), ("2", 2, 4)]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("data", "line", "column", "word"),
    [
        pytest.param(b"a: 1\nb: \xff", 2, 4, "0xff", id="no-utf-8"),
        pytest.param("é: ü\n".encode("latin-1"), 1, 1, "0xe9", id="latin-1"),
        pytest.param("ä: €\nb: ".encode() + b"\xe2\x82", 2, 4, "0xe2", id="cut-off"),
        pytest.param(b"a: \xed\xa0\x80", 1, 4, "0xed", id="surrogate"),
        pytest.param("a: 1".encode("utf-16"), 1, 1, "UTF-16", id="utf-16"),
        pytest.param("a: 1".encode("utf-16-be"), 1, 1, "U+0000", id="utf-16-unmarked"),
        pytest.param(b"a: 1\r\nb: x\x07", 2, 5, "U+0007", id="bell"),
        pytest.param(b"\xef\xbb\xbfa: \x1b[1m", 1, 4, "U+001B", id="escape"),
        pytest.param(b"a: \x7f", 1, 4, "U+007F", id="delete"),
        pytest.param("a: 'x\x85y'".encode(), 1, 6, "U+0085", id="next-line"),
        pytest.param("a: b\n# \u2028".encode(), 2, 3, "U+2028", id="line-separator"),
        pytest.param("a: x\u2029".encode(), 1, 5, "U+2029", id="paragraph-separator"),
    ],
)
def test_bytes_that_are_not_text_are_refused_with_their_place(data, line, column, word):
    _, (problem,) = nodes_and_problems(data)
    assert (problem.code, problem.at.line, problem.at.column) == ("encoding", line, column)
    assert word in problem.message
    assert problem.hint


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "<<: [[", "? [["])
def test_hostile_nesting_ends_the_reading_of_a_file_at_once(opening):
    nodes, problems = nodes_and_problems(f"b: 2\n---\n{opening * 2_000}")
    assert problems[-1].code == "too-deep"
    assert plain(nodes[0]) == {"b": "2"}


@pytest.mark.usefixtures("parser")
def test_an_escape_for_half_a_character_is_refused():
    _, (problem,) = nodes_and_problems('a: "\\ud83d"')
    assert problem.code == "yaml-syntax"


# PyYAML writes these three raw, and then reads them as ends of lines; they are refused.
_TEXT = st.text().filter(lambda text: not set(text) & {"\x85", "\u2028", "\u2029"})


@settings(max_examples=300, deadline=None)
@given(_TEXT, st.sampled_from(["'", '"', "|", ">"]), st.integers(0, 3))
def test_any_quoted_text_comes_back_as_it_was_written(text, style, depth):
    assume(style != "'" or "\n" not in text)  # YAML would join such lines; it is refused
    data: object = {"key": text}
    for _ in range(depth):
        data = [data, {"other": data}]
    dumped = yaml.dump(data, Dumper=_quoting(style), allow_unicode=True, width=10**6)
    nodes, problems = nodes_and_problems(dumped)
    assert not problems
    assert {(w.text, w.plain) for node in nodes for w in scalars(node)} == {(text, False)}


def _quoting(style: str) -> type[yaml.SafeDumper]:
    class Quoting(yaml.SafeDumper):
        def ignore_aliases(self, data):
            return True

    def represented(dumper, text):
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Quoting.add_representer(str, represented)
    return Quoting


# Enough of YAML's signs to run into its rules, in any order.
_PIECES = (
    *("a", ": ", "- ", "\n", "  ", "{", "}", "[", "]", ",", "&x ", "*x", "!t ", "'", '"', "|", ">"),
    *("? ", "<<", "---", "...", "%", "#", "\\u", "\t", "\r", "\ufeff", "\x85"),
)


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.binary(),
        st.text().map(str.encode),
        st.lists(st.sampled_from(_PIECES)).map(lambda parts: "".join(parts).encode()),
    ),
    st.booleans(),
)
def test_reading_any_bytes_ends_in_nodes_and_problems_and_nothing_else(data, is_json):
    first = nodes_and_problems(data, is_json=is_json)
    assert first == nodes_and_problems(data, is_json=is_json)
    for problem in first[1]:
        assert problem.at.line >= 1
        assert problem.at.column >= 1
        assert problem.hint
        assert str(problem).isprintable()
