"""What the documents of one spec file say of themselves, whatever else they ask for."""

from io import BytesIO

from reconciler.model.diagnostic import Problem
from reconciler.model.spec import Header
from reconciler.specs.reading.document import DocumentReader
from reconciler.yaml.checks import Page
from reconciler.yaml.reader import reading
from reconciler.yaml.source_bytes import FileBytes


def heads_of(data: bytes, file: str) -> tuple[Header, ...] | None:
    """The head of each document; None where this version cannot read them all."""
    problems: list[Problem] = []
    page = Page(file, problems)
    found: list[Header] = []
    pieces = FileBytes(BytesIO(data), is_json=file.lower().endswith(".json"), digested=False)
    with reading(pieces, file, problems) as reader:
        while reader.next_document():
            spec = DocumentReader(reader, page).read()
            if spec is not None:
                found.append(spec.header)
    return None if problems else tuple(found)
