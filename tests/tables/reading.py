"""Read tables out of texts and files, as rows that tests can compare."""

from hypothesis import strategies as st

from reconciler.model.diagnostic import Source
from reconciler.model.spec import Header
from reconciler.tables.file import read_csv
from reconciler.tables.rows import TableRules
from reconciler.tables.spec import read_table
from reconciler.yaml.checks import Page

CELLS = st.lists(
    st.sampled_from(["#N/A", "None", "1E+05", "##", *" 0=+-@\t\r\n'\",;＝\x00x1é👍\u2028", "\r\n"]),
    max_size=6,
).map("".join)


def nodes(text, **rules):
    """Each row as its key and its fields, and the problems."""
    problems = []
    found = []
    for node in read_csv(text, Page("t.csv", problems), TableRules(**rules)):
        fields = node.entries["fields"][2].entries
        [key] = [entry[2].text for name, entry in node.entries.items() if name != "fields"]
        found.append((key, {name: entry[2].text for name, entry in fields.items()}))
    return found, problems


def table(folder, data, name="t.csv", format=""):
    """Cases with their fields, and the problems as `line:column code`."""
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    header = Header(at=Source(name), name="t")
    spec, problems = read_table(path, format, header, TableRules())
    cases = {case.key: {one.name: one.value.text for one in case.fields} for case in spec.cases}
    return cases, [f"{one.at.line}:{one.at.column} {one.code}" for one in problems]
