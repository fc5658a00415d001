"""What a rollback leaves alone is counted, and each of it told in a line."""

import pytest

from reconciler.model.plan import IgnoredField
from reconciler.report.text.left_alone import left_alone_lines
from tests.builders import AT, target_plan


def lines(*entries):
    return [line.plain for line in left_alone_lines(target_plan(ignored=entries))]


def entry(case_id="c1", name="Note", reason="written by jane"):
    return IgnoredField(case_id, "note", name, reason, "", AT)


@pytest.mark.parametrize(
    ("entries", "count"),
    [((entry(),), "1 field is left alone:"), ((entry(), entry("c2")), "2 fields are left alone:")],
)
def test_every_field_has_a_line_under_their_number(entries, count):
    first, *rest, last = lines(*entries)
    assert (first, last, len(rest)) == (count, "", len(entries))
    assert rest[0] == "! c1  Note  written by jane"


def test_no_text_of_a_stranger_acts_on_the_terminal():
    text = "".join(lines(entry("c\x1b[1m", "N\nx", "a\u202eb")))
    assert not {"\x1b", "\n", "\u202e"} & set(text)
