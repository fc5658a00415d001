"""The specs as they stood at earlier commits, out of the repository around the config."""

import io
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from reconciler.adapters.git_facts import blob_at, commit_words, files_holding, line_commits
from reconciler.adapters.spec_bytes import FileBytes
from reconciler.adapters.spec_checks import Page
from reconciler.adapters.spec_document import DocumentReader
from reconciler.adapters.yaml_reader import reading
from reconciler.model.diagnostic import Problem
from reconciler.model.spec import CasesSpec, PolicySpec, Spec
from reconciler.ports import CommitFacts, LineCommit

_PATTERNS = ("*.yaml", "*.yml", "*.json")
MOST_FILES = 20  # that name one case at one commit; the rest is not looked at


class GitSpecs:
    """Asks git, each question once; paths count from the root, the folder of the config."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lines = lru_cache(64)(lambda file: line_commits(root, file))
        self._words = lru_cache(256)(lambda commit: commit_words(root, commit))
        self._holding = lru_cache(1024)(
            lambda commit, text: files_holding(root, commit, text, *_PATTERNS)
        )

    def specs_at(self, commit: str, file: str) -> tuple[Spec, ...]:
        """The specs of one file as they stood at a commit; none if this version cannot read it."""
        data = blob_at(self._root, commit, file)
        problems: list[Problem] = []
        specs: list[Spec] = []
        page = Page(file, problems)
        pieces = FileBytes(io.BytesIO(data), is_json=file.endswith(".json"), digested=False)
        with reading(pieces, file, problems) as reader:
            while reader.next_document():
                spec = DocumentReader(reader, page).read()
                if isinstance(spec, CasesSpec | PolicySpec):
                    specs.append(spec)
        return () if problems else tuple(specs)

    def files_naming(self, commit: str, text: str) -> tuple[str, ...]:
        """The spec files that held a text at a commit."""
        return self._holding(commit, text)[:MOST_FILES]

    def line_commit(self, file: str, first: int, last: int | None) -> LineCommit | None:
        """What made the newest of these lines; None where git does not know all of them."""
        lines = self._lines(file)[first - 1 : last]
        if not lines or (last is not None and len(lines) <= last - first):
            return None
        if "" in {commit for _, commit in lines}:
            return LineCommit(None, "HEAD")
        at, commit = max(lines)
        return LineCommit(datetime.fromtimestamp(at, UTC), f"{commit}^")

    def commit(self, commit: str) -> CommitFacts | None:
        """What a commit says of itself."""
        words = self._words(commit)
        return CommitFacts(*words) if words else None
