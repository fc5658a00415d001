"""Whatever a file of N bytes holds, reading it costs time in proportion to N.

Eight times the input may take forty times as long here: noise has room, a square (64) has none.
"""

import gc
import time

import pytest

from reconciler.specs.reading.files import read_specs
from reconciler.specs.reading.where_option import read_where
from reconciler.tables.file import read_csv
from reconciler.tables.json_lines import read_json_lines
from reconciler.tables.rows import TableRules
from reconciler.yaml.checks import Page
from reconciler.yaml.edit import edited
from reconciler.yaml.layout import laid_out
from reconciler.yaml.splicing import Edit

HEAD = "apiVersion: reconcile/v1\nkind: Cases\nmetadata: {name: n}\n"
CASES = HEAD + "cases:\n"
MANY = HEAD.replace("{name: n}", "{{name: n{}}}")
CASE = HEAD + "cases:\n- id: a\n  fields: "
POLICY = HEAD.replace("Cases", "Policy")
JSON = '{"apiVersion":"reconcile/v1","kind":"Cases","metadata":{"name":"n"},"cases":['
FLOOR = 0.002  # seconds; less cannot be measured


def numbered(pattern, count):
    return "".join(pattern.format(number) for number in range(count))


YAML = {
    "lists in lists": lambda n: HEAD + "cases: " + "[" * n,
    "mappings in mappings": lambda n: HEAD + "cases: " + "{a: " * (n // 4),
    "dashes in dashes": lambda n: HEAD + "cases:\n " + "- " * (n // 2) + "x",
    "keys in keys": lambda n: HEAD + "cases:\n " + "? " * (n // 2) + "x",
    "one long text": lambda n: CASE + "{x: " + "y " * (n // 2) + "}",
    "texts cut on one line": lambda n: CASE + "{x: " + "y #z " * (n // 5),
    "texts cut on many lines": lambda n: CASE + numbered("\n   k{}: y #z", n // 14),
    "brackets with cut texts": lambda n: CASE + "{" + numbered("k{}: y, # #z\n    ", n // 16),
    "many keys": lambda n: CASE + numbered("\n   k{}: y", n // 10),
    "one key again and again": lambda n: CASE + "\n   k: y" * (n // 8),
    "many documents": lambda n: numbered(MANY + "cases: []\n---\n", n // 70),
    "one name again and again": lambda n: (HEAD + "cases: []\n---\n") * (n // 70),
    "many cases": lambda n: CASES + numbered("- {{id: c{}, fields: {{a: 1}}}}\n", n // 30),
    "one case again and again": lambda n: CASES + "- {id: c, fields: {a: 1}}\n" * (n // 26),
    "many anchors": lambda n: HEAD + "cases:\n" + numbered("- &a{} x\n", n // 9),
    "many aliases": lambda n: HEAD + "cases:\n" + numbered("- *a{}\n", n // 7),
    "quotes in quotes": lambda n: HEAD + "cases: '" + "''" * (n // 2) + "'",
    "escapes": lambda n: HEAD + 'cases: "' + '\\"' * (n // 2),
    "a quote that is not closed": lambda n: HEAD + "cases: 'x" + "\n" * n,
    "hashes": lambda n: HEAD + "cases: []" + " #" * (n // 2),
    "blanks": lambda n: HEAD + "cases: []" + " " * n + "x",
    "lines of a block": lambda n: CASE + "\n    x: |\n" + "      y\n" * (n // 8),
    "a long key": lambda n: HEAD + "k" * n + ": 1\n",
    "a long number": lambda n: CASE + "{x: " + "1" * n + "}\n- {id: a, fields: {x: 1e" + "1" * n,
    "a long id": lambda n: HEAD + "cases:\n- {id: " + "a" * n + "!, fields: {x: 1}}\n",
    "many conditions": lambda n: POLICY + "select: {where: {all: [" + "{not: {a: b}}," * (n // 20),
    "many targets": lambda n: HEAD + "cases: []\ntarget: [" + numbered("t{}, ", n // 7) + "]",
    "a bad character at the end": lambda n: HEAD + "#" + "é" * (n // 2) + "\x07",
}  # fmt: skip
JSONS = {
    "escaped quotes": lambda n: JSON + '"\\ud83d' + '\\"' * (n // 2),
    "quotes and backslashes": lambda n: JSON + "\\ud83d" + '"\\' * (n // 2),
    "backslashes": lambda n: JSON + '"\\ud83d' + "\\\\" * (n // 2),
    "pairs": lambda n: JSON + '{"id":"a","fields":{"x":"' + "\\ud83d\\ude00" * (n // 12) + '"}}]}',
    "halves of pairs": lambda n: JSON + '"' + "\\ud83d" * (n // 6) + '"',
    "quotes": lambda n: JSON + "\\ud83d" + '"' * n,
}
LAYOUTS = {
    "comments": lambda n: "a: 1\n" + "# c\n" * (n // 4),
    "keys": lambda n: numbered("k{}: 1 # c\n", n // 14),
    "comments after lists": lambda n: "- - - - - 1\n# c\n" * (n // 16),
    "brackets": lambda n: "a: [" + "{b: c}, " * (n // 8) + "]",
    "brackets on lines": lambda n: "a: [\n" + "{b: c}, # x\n" * (n // 12) + "]",
    "documents": lambda n: "a: 1\n---\n" * (n // 9),
    "blank lines": lambda n: "a: 1\n" + "  \n" * (n // 3) + "b: 2\n",
    "blanks": lambda n: "a: 1" + " " * n + "\nb: 2\n",
    "hashes": lambda n: "a: 1 " + "# " * (n // 2),
}
TABLES = {
    "rows": lambda n: "case_id,a\n" + numbered("c{},x\n", n // 8),
    "columns": lambda n: "case_id" + numbered(",c{}", n // 8) + "\n1" + ",x" * (n // 8),
    "one column again and again": lambda n: "case_id" + ",c" * (n // 2),
    "a quote that is not closed": lambda n: 'case_id,a\n1,"' + '""' * (n // 2),
    "apostrophes": lambda n: "case_id,a\n1," + "'" * n,
    "ragged rows": lambda n: "case_id" + numbered(",c{}", n // 16) + "\n" + "1\n" * (n // 4),
}
LINES = {
    "lists in lists": lambda n: "[" * n,
    "objects in objects": lambda n: '{"a":' * (n // 5),
    "lines that are no JSON": lambda n: "{\n" * (n // 2),
    "a long number": lambda n: '{"id":"a","fields":{"x":' + "1" * n + "}}",
    "one key again and again": lambda n: '{"id":"a","fields":{' + '"x":1,' * (n // 6) + '"y":1}}',
}
WHERES = {
    "blanks": lambda n: "a" + " " * n + "b",
    "words": lambda n: "a " * (n // 2),
    "a quote that is not closed": lambda n: '"' + '\\"' * (n // 2),
    "items": lambda n: "a in " + "b , " * (n // 4),
    "blanks in an item": lambda n: "a in b" + " " * n + "c",
    "quoted items": lambda n: "a in " + '"b" ' * (n // 4),
    "quotes": lambda n: "a in " + '"' * n,
    "operators": lambda n: "a empty " * (n // 8),
    "blanks in a value": lambda n: "a = x" + " " * n + "x",
    "nots": lambda n: "{not: " * (n // 6),
}


def spent(read, text):
    """The processor time of the quickest of three readings."""
    times = []
    for _ in range(3):
        gc.collect()
        start = time.process_time()
        read(text)
        times.append(time.process_time() - start)
    return min(times)


def stays_in_proportion(read, make, size):
    small, large = spent(read, make(size)), spent(read, make(8 * size))
    assert large < 40 * max(small, FLOOR), f"{small:.4f} s for {size}, {large:.4f} s for 8 times it"


@pytest.fixture
def spec(tmp_path):
    def reading(name):
        def read(text):
            (tmp_path / name).write_text(text, encoding="utf-8")
            read_specs([tmp_path / name], root=tmp_path)

        return read

    return reading


@pytest.mark.parametrize("what", YAML)
def test_a_spec(spec, what):
    stays_in_proportion(spec("a.yaml"), YAML[what], 5_000)


@pytest.mark.parametrize("what", JSONS)
def test_a_spec_in_json(spec, what):
    stays_in_proportion(spec("a.json"), JSONS[what], 5_000)


@pytest.mark.parametrize("what", LAYOUTS)
def test_a_layout(what):
    stays_in_proportion(lambda text: laid_out(text.encode(), "f"), LAYOUTS[what], 2_000)


@pytest.mark.parametrize("what", TABLES)
def test_a_table(what):
    stays_in_proportion(
        lambda text: list(read_csv(text, Page("f", []), TableRules())), TABLES[what], 5_000
    )


@pytest.mark.parametrize("what", LINES)
def test_json_lines(what):
    stays_in_proportion(lambda text: list(read_json_lines(text, Page("f", []))), LINES[what], 5_000)


@pytest.mark.parametrize("what", WHERES)
def test_a_condition(what):
    stays_in_proportion(lambda text: read_where(text, Page("f", [])), WHERES[what], 5_000)


def test_many_edits():
    def edit(text):
        edited(text.encode(), [Edit((line, 1), "z") for line in range(1, text.count("\n") + 1)])

    stays_in_proportion(edit, lambda n: numbered("k{}: 1\n", n // 8), 5_000)


def test_the_deepest_nesting_is_refused_where_it_is_too_deep(tmp_path):
    for name, text in (("a.yaml", YAML["lists in lists"](100_000)), ("a.json", "[" * 100_000)):
        (tmp_path / name).write_text(text)
        _, [problem] = read_specs([tmp_path / name], root=tmp_path)
        assert problem.code == "too-deep"
