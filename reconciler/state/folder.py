"""The state in a folder of this machine, under the names that its files have there."""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reconciler.errors import Contended, ReconcilerError
from reconciler.files.given_file import open_given, read_given
from reconciler.files.whole_file import PRIVATE, replace_file, write_all, writing
from reconciler.state.store import FORMAT_KEY, PEEK, Entry, Stored, check_format

# A run has one file for its journal, which grows, and one for its receipt, side by side.
_KEYS = (
    (re.compile(r"runs/([^/]+)/receipt\.json"), r"runs/\1.receipt.json"),
    (re.compile(r"runs/([^/]+)/journal-0001\.jsonl"), r"runs/\1.jsonl"),
)
_RUN = re.compile(r"runs/[^/]+/")
_FILES = (
    (re.compile(r"runs/([^/]+)\.receipt\.json"), r"runs/\1/receipt.json"),
    (re.compile(r"runs/([^/]+)\.jsonl"), r"runs/\1/journal-0001.jsonl"),
)


def open_folder(root: Path) -> "FolderStore":
    """The state in a folder, unless a newer version has begun it."""
    store = FolderStore(root)
    check_format(store.get(FORMAT_KEY), f"state {root}")
    return store


class FolderStore:
    """Files below a folder, mode 0600; an object's ETag is the digest of its content."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def name(self) -> str:
        """The folder."""
        return str(self.root)

    def path(self, key: str) -> Path:
        """The file that an object is kept in."""
        parts = key.split("/")
        if not all(parts) or {".", ".."} & {*parts} or "\0" in key or "\\" in key:
            raise ReconcilerError(f"{key!r} is no key of a state")
        return self.root / _renamed(key, _KEYS)

    def get(self, key: str) -> Stored | None:
        """The object; None where there is none."""
        path = self.path(key)
        try:
            content = read_given(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ReconcilerError(f"{path}: cannot be read: {error.strerror}") from error
        return Stored(content, _etag(content))

    def peek(self, key: str, *, at_end: bool) -> bytes:
        """The first or the last bytes of an object, up to PEEK; none where there is none."""
        path = self.path(key)
        try:
            with open_given(path) as file:
                if at_end:
                    file.seek(max(0, os.fstat(file.fileno()).st_size - PEEK))
                return file.read(PEEK)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise ReconcilerError(f"{path}: cannot be read: {error.strerror}") from error

    def put_new(self, key: str, content: bytes) -> str:
        """Write an object that is not there yet; Contended where it is."""
        path = self.path(key)
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = path.parent / f".reconcile-{os.urandom(8).hex()}.tmp"
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
            try:
                write_all(handle, content)
                os.fsync(handle)
                os.link(draft, path)  # whole from the first moment, and never over another
            except FileExistsError:
                raise Contended(f"{path}: it is there already") from None
            finally:
                os.close(handle)
                draft.unlink(missing_ok=True)
        return _etag(content)

    def put_over(self, key: str, content: bytes, etag: str) -> str:
        """Write over an object that is still the one with this ETag; else Contended."""
        path = self.path(key)
        with self._alone():
            found = self.get(key)
            if found is None or found.etag != etag:
                raise Contended(f"{path}: somebody else has written it")
            replace_file(path, content)
        return _etag(content)

    def delete(self, key: str) -> None:
        """Remove the object, if it is there."""
        path = self.path(key)
        with self._alone(), writing(path):
            path.unlink(missing_ok=True)

    def list(self, prefix: str) -> Iterator[Entry]:
        """The objects whose keys begin so, in order."""
        found = []
        for path in self._files(prefix):
            key = _renamed(path.relative_to(self.root).as_posix(), _FILES)
            if key.startswith(prefix) and not path.name.startswith("."):
                with suppress(OSError):  # it went away meanwhile
                    if path.is_file():
                        found.append(Entry(key, path.stat().st_size))
        yield from sorted(found, key=lambda one: one.key)

    def _files(self, prefix: str) -> Iterable[Path]:
        """The files that may be meant; of a run its two, however many others there are."""
        if run := _RUN.match(prefix):
            return [self.path(f"{run[0]}{name}") for name in ("journal-0001.jsonl", "receipt.json")]
        return (self.root / prefix.rpartition("/")[0]).rglob("*")

    def names(self, prefix: str) -> Iterator[str]:
        """What stands next in the keys that begin so, up to a slash; each once, in order."""
        rests = (one.key.removeprefix(prefix) for one in self.list(prefix))
        yield from dict.fromkeys(rest.split("/")[0] for rest in rests if "/" in rest)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One of those that compare and replace at a time; the kernel frees a dead one's place."""
        place = self.root / ".changing"
        with writing(place):
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE)
        try:
            with writing(place):
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _renamed(name: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, other in rules:
        if pattern.fullmatch(name):
            return pattern.sub(other, name)
    return name


def _etag(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
