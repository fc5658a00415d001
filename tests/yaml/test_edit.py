"""One value changes; every other byte, comment, blank line and end of line stays."""

import json
from io import BytesIO

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler.model.source import Written
from reconciler.yaml.edit import edited, edited_where_possible
from reconciler.yaml.events import Kind, events
from reconciler.yaml.meaning import meaning
from reconciler.yaml.reader import ListNode, MapNode, reading
from reconciler.yaml.source_bytes import FileBytes
from reconciler.yaml.splicing import Edit
from tests.yaml.texts import WORDS, comments_in, files

TEXTS = (*WORDS, "two\nlines", "a\n\n  b\n", "\n", " x\ny", "bidi \u202e", "é\u2028", "\x07", "{")
PLAIN = ("5", "-0.5", "1e+300", "true", "false", "null")


def positions(data):
    """Every field with one value: the way to it, the place of its name, that of its value."""
    found = []

    def walk(node, way):
        if isinstance(node, MapNode):
            for name, (line, column, value) in node.entries.items():
                if isinstance(value, Written):
                    at = (value.line, value.column)
                    found.append(((*way, name), (line, column), at))
                walk(value, (*way, name))
        elif isinstance(node, ListNode):
            for number, item in enumerate(node.items):
                walk(item, (*way, number))

    with reading(FileBytes(BytesIO(data), is_json=False), "f", []) as reader:
        number = 0
        while reader.next_document():
            walk(reader.node(), (number,))
            number += 1
    return found


def unlike(before, after):
    """The lines of the old and of the new text between their common ends."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    start = end = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start + 1, len(old) - end


@settings(max_examples=300, deadline=None)
@given(
    files(),
    st.sampled_from([*((one, False) for one in TEXTS), *((one, True) for one in PLAIN)]),
    st.randoms(use_true_random=False),
)
def test_any_value_of_any_file_can_be_changed_alone(text, new, random):
    data = text.encode()
    fields = positions(data)
    assume(fields)
    way, name, at = random.choice(fields)
    made = edited(data, [Edit(random.choice([name, at]), *new)])
    before, after = meaning(data, "f")[0], meaning(made, "f")[0]
    found = after.pop(way)
    old = before.pop(way)
    assert after == before
    assert found[0] == new[0]
    # Digits may stay plain where digits were: a Text field reads them as text.
    assert found[1] == new[1] or (old[1] and old[0] != "null")
    assert comments_in(made.decode()) == comments_in(text)
    if made != data:
        first, last = unlike(text, made.decode())
        assert at[0] <= first
        assert last <= last_line(text, at)


def last_line(text, at):
    """The line where the value that begins at a place ends."""
    [end] = {
        one.end
        for one in events(text)
        if one.kind is Kind.SCALAR and (one.line, one.column) == at and one.end > one.start
    } or {0}
    return max(at[0], text[:end].removesuffix("\n").count("\n") + 1)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=8)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.text(max_size=5), JSON, max_size=4),
    st.text(max_size=8),
    st.sampled_from([None, 1, "\t"]),
    st.booleans(),
)
def test_any_value_of_any_json_file_can_be_changed_alone(data, new, indent, ascii):
    data = {"fields": {"x": "old", **data}} | data | {"key": "old"}
    text = json.dumps(data, indent=indent, ensure_ascii=ascii)
    # The reader takes no file with characters that do not show, but as escapes.
    assume(not meaning(text.encode(), "f", is_json=True)[1])
    made = edited(text.encode(), [Edit(_position(text, '"key":'), new)], is_json=True).decode()
    assert json.loads(made) == {**data, "key": new}
    before, _, after = text.rpartition('"old"')
    assert made.startswith(before)
    assert made.endswith(after)


def _position(text, word):
    before = text[: text.rindex(word)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def test_what_can_be_written_is_written_though_others_cannot():
    text = b"a: 1\nb: [x]\nc: 3\nd: {value: 4}\n"
    changes = [Edit((line, 1), f"new {line}") for line in (1, 2, 3, 4, 9)]
    made, refused = edited_where_possible(text, changes)
    assert made == b"a: new 1\nb: [x]\nc: new 3\nd: {value: new 4}\n"
    assert [change for change, _ in refused] == [changes[1], changes[4]]
    assert all("no single value" in why for _, why in refused)
