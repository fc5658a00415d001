"""Read every spec file of a run into one set."""

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from reconciler.files.paths import shown
from reconciler.model.diagnostic import Problem
from reconciler.model.spec import IgnoreSpec, Spec, SpecSet
from reconciler.specs.reading.document import DocumentReader
from reconciler.specs.reading.lookalike import nothing_in
from reconciler.specs.reading.search import find_files
from reconciler.yaml.checks import Page
from reconciler.yaml.reader import reading
from reconciler.yaml.source_bytes import FileBytes

_IGNORE = b"Ignore"


def read_specs(
    paths: Sequence[Path], *, root: Path, digested: bool = True, ignores: Path | None = None
) -> tuple[SpecSet, tuple[Problem, ...]]:
    """Read all spec files at or below these paths, and report every problem in them, sorted.

    What could be read of a wrong file is in the set too, so that further checks find more; a set
    that comes with problems is for that alone, never for a plan. Without `digested` the set has
    no digest, which only a plan needs. Of the files below `ignores` that no path leads to, the
    rules of what to leave alone are in the set as well.
    """
    root = root.resolve()
    problems: list[Problem] = []
    specs: list[Spec | IgnoreSpec] = []
    digests: dict[str, str] = {}
    passed_over: list[Problem] = []

    def read(files: Sequence[Path]) -> None:
        for file in files:
            name = shown(file, root)
            before = len(specs), len(problems)
            digest = _read_file(file, name, specs, problems, digested)
            # Likely a mistake: whoever puts a file here expects it to be read.
            if digest is not None and before == (len(specs), len(problems)):
                passed_over.append(nothing_in(name))
            if digest is not None:
                digests[name] = digest

    with _no_collection():
        asked_for = find_files(paths, root, problems, passed_over)
        read(asked_for)
        wanted = len(specs)
        read(() if ignores is None else _others_with_rules(ignores, root, set(asked_for)))
    found = SpecSet(
        specs=tuple(one for one in specs[:wanted] if not isinstance(one, IgnoreSpec)),
        digest=_digest_of(digests) if digested else "",
        files=tuple(sorted(digests)),
        ignores=tuple(one for one in specs if isinstance(one, IgnoreSpec)),
        passed_over=tuple(sorted(set(passed_over))),
    )
    return found, tuple(sorted(set(problems)))


def _others_with_rules(folder: Path, root: Path, known: Collection[Path]) -> list[Path]:
    """The other files that may hold a document of kind Ignore; what else is wrong is not asked."""
    files = find_files([folder], root, []) if folder.is_dir() else []
    return [file for file in files if file not in known and _IGNORE in _bytes_of(file)]


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return _IGNORE  # reading it as a spec says why it cannot be read


@contextmanager
def _no_collection() -> Iterator[None]:
    """Reading makes very many objects and no cycles: looking for some costs a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _digest_of(digests: Mapping[str, str]) -> str:
    from hashlib import sha256  # loads OpenSSL: not for a run that only validates

    # With the names, since owners hold files by their names.
    listing = "".join(f"{name}\0{digests[name]}\n" for name in sorted(digests))
    return sha256(listing.encode()).hexdigest()


def _read_file(
    file: Path, name: str, specs: list[Spec | IgnoreSpec], problems: list[Problem], digested: bool
) -> str | None:
    """Add the specs of one file, and give the digest of its bytes; None when it was not read."""
    page = Page(name, problems)
    try:
        with file.open("rb") as handle:
            if not page.fits(handle):
                return None
            pieces = FileBytes(handle, is_json=file.suffix.lower() == ".json", digested=digested)
            with reading(pieces, name, problems) as reader:
                while reader.next_document():
                    spec = DocumentReader(reader, page).read()
                    if spec is not None:
                        specs.append(spec)
            return pieces.digest()
    except OSError as error:
        page.refuse(
            (1, 1),
            "unreadable-file",
            f"found a file that cannot be read: {error.strerror}",
            "check its permissions",
        )
        return None
