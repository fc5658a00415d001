"""The repository around a folder; git reads objects out of it, and obeys nothing that it says.

A pull request, a cache or an archive may bring settings, hooks, attributes and whole repositories
along, and many settings of git name a command. So a repository's own settings are in force only
while git says where it is, which runs no command. Every question after that is asked of an empty
stand-in repository that borrows the objects: it has no settings, hooks, attributes, references,
replacements, grafts, index or remotes of anybody's.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

SECONDS = 20  # for one question; whatever takes longer is not known

# Neither the machine's settings nor the user's, no network, no prompt, no pager, English messages.
_ALONE = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# These win over the settings of the repository that is looked for.
_SAFE = {
    "safe.bareRepository": "explicit",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.attributesFile": os.devnull,
    "core.pager": "cat",
    "diff.external": "",
    "log.showSignature": "false",
    "protocol.allow": "never",
    "submodule.recurse": "false",
}
# Where the environment says the user's and the machine's own settings are.
_WHERE_SETTINGS = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
_EMPTY_TREES = {
    40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REFUSED = ("dubious ownership", "unsafe repository")
_NOT_ONE = "not a git repository (or any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """What git says of a working tree; `problem` is why it says nothing, if it should have.

    `prefix` is the way from the tree's root to the folder that was asked about, with a slash at
    its end, or empty. `shallow` names the commits whose ancestors the clone lacks.
    """

    top: Path | None = None
    prefix: str = ""
    commit: str = ""
    branch: str = ""
    objects: Path | None = None
    shallow: bytes = b""
    problem: str = ""
    _given_up: list[str] = field(default_factory=list)

    @property
    def partial(self) -> bool:
        """Whether the clone may lack files of its commits, which are never fetched here."""
        return self.objects is not None and any(self.objects.glob("pack/*.promisor"))

    def ask(self, *arguments: str, data: bytes = b"") -> bytes:
        """What git answers about the objects; nothing where it fails, or was too slow once."""
        if not self.commit or self._given_up:
            return b""
        try:
            with _stand_in(self) as environment:
                answer = _run(arguments, environment, Path(environment["GIT_WORK_TREE"]), data)
        except OSError:  # no folder for passing files
            return b""
        # Once too slow, ever too slow: a plan must not wait 20 seconds for each of its cases.
        if answer.slow:
            self._given_up.append(answer.error)
        return answer.out


@dataclass(frozen=True, slots=True)
class _Answer:
    """What git printed; `error` is empty where it succeeded."""

    out: bytes
    error: str = ""
    slow: bool = False

    @property
    def line(self) -> str:
        """The one line of an answer."""
        return os.fsdecode(self.out.removesuffix(b"\n"))


def find_repository(folder: Path, revision: str = "HEAD") -> Repository:
    """The repository whose working tree holds the folder; a bare one is none, wherever it lies.

    What is asked of it is asked about the revision; its commit is empty where git knows none so.
    """
    folder = folder.resolve()
    for top in (folder, *folder.parents):
        if os.path.lexists(top / ".git"):
            found = _opened(top, folder, revision)
            if found is not None:
                return found
    return Repository()


def _opened(top: Path, folder: Path, revision: str) -> Repository | None:
    """The repository of a working tree; None where its `.git` is not one."""
    try:
        with TemporaryDirectory(prefix="reconcile-git-") as home:
            return _looked_at(top, folder, Path(home), revision)
    except OSError as error:
        return Repository(problem=f"no folder for passing files: {error.strerror or error}")


def _looked_at(top: Path, folder: Path, home: Path, revision: str) -> Repository | None:
    environment = _ALONE | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "GIT_CEILING_DIRECTORIES": str(top.parent),
    }

    def asked(*arguments: str) -> _Answer:
        settings = (word for name, value in _SAFE.items() for word in ("-c", f"{name}={value}"))
        return _run((*settings, *arguments), environment, top)

    where = asked("rev-parse", "--absolute-git-dir")
    if any(words in where.error for words in _REFUSED):
        environment["GIT_CONFIG_GLOBAL"] = _trusted(home)
        where = asked("rev-parse", "--absolute-git-dir")
    if where.error:
        return None if _NOT_ONE in where.error else Repository(problem=_reason(where.error, top))
    if not _belongs(Path(where.line), top):
        return None
    common = top / asked("rev-parse", "--git-common-dir").line
    # Not taken for an option, whatever it begins with.
    named = ("--end-of-options", f"{revision}^{{commit}}")
    commit = asked("rev-parse", "--verify", "--quiet", *named).line
    return Repository(
        top=top,
        prefix="".join(f"{part}/" for part in folder.relative_to(top).parts),
        commit=commit if _COMMIT.fullmatch(commit) else "",
        branch=asked("symbolic-ref", "--quiet", "HEAD").line.removeprefix("refs/heads/"),
        objects=common / "objects",
        shallow=_bytes_of(common / "shallow"),
    )


def _belongs(git_folder: Path, top: Path) -> bool:
    """Whether it is what the tree's `.git` is, or points to: never the tree, or one around it."""
    mark = top / ".git"
    if mark.is_dir():
        return git_folder.is_dir() and mark.samefile(git_folder)
    return git_folder.resolve() not in (top, *top.parents)


def _trusted(home: Path) -> str:
    """A file of the repositories that the machine or the user trusts whoever owns them.

    Older versions of git take this setting from a file only, not from the command line.
    """
    environment = {name: os.environ[name] for name in _WHERE_SETTINGS if name in os.environ}
    own = _ALONE.keys() - set(_WHERE_SETTINGS)
    environment |= {name: _ALONE[name] for name in own}
    environment["GIT_CEILING_DIRECTORIES"] = str(home.parent)
    answer = _run(("config", "-z", "--get-all", "safe.directory"), environment, home)
    values = (os.fsdecode(value) for value in answer.out.split(b"\0")[:-1])
    lines = (f'\tdirectory = "{_quoted(value)}"\n' for value in values)
    file = home / ".gitconfig"
    file.write_bytes(os.fsencode("[safe]\n" + "".join(lines)))
    return str(file)


def _quoted(value: str) -> str:
    """A value as a file of settings has it; `~` is the user's home, which git is not told."""
    if value.startswith("~/"):
        value = os.environ.get("HOME", "~") + value[1:]
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _reason(error: str, top: Path) -> str:
    if any(words in error for words in _REFUSED):
        return (
            "git refuses this checkout, which belongs to another user; if you trust it: "
            f"git config --global --add safe.directory {top}"
        )
    return error


@contextmanager
def _stand_in(repository: Repository) -> Iterator[Mapping[str, str]]:
    """An environment in which git sees the objects, one commit, and nothing else."""
    with TemporaryDirectory(prefix="reconcile-git-") as name:
        home = Path(name)
        for folder in ("refs", "objects", "tree"):
            (home / folder).mkdir()
        version, format_ = (1, "[extensions]\nobjectFormat = sha256\n")
        if len(repository.commit) != 64:  # older versions of git do not know the setting
            version, format_ = (0, "")
        settings = f"[core]\nrepositoryFormatVersion = {version}\nbare = false\n{format_}"
        (home / "config").write_text(settings, encoding="ascii")
        (home / "HEAD").write_text(f"{repository.commit}\n", encoding="ascii")
        if repository.shallow:
            (home / "shallow").write_bytes(repository.shallow)
        yield _ALONE | {
            "HOME": name,
            "XDG_CONFIG_HOME": name,
            "GIT_DIR": name,
            "GIT_WORK_TREE": str(home / "tree"),
            "GIT_OBJECT_DIRECTORY": str(repository.objects),
            "GIT_ATTR_SOURCE": _EMPTY_TREES[len(repository.commit)],
        }


def _run(
    arguments: tuple[str, ...], environment: Mapping[str, str], folder: Path, data: bytes = b""
) -> _Answer:
    """Run git with no more of the environment than what is not about git."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    # What lies in the working directory is no git, whatever PATH says.
    path = filter(os.path.isabs, os.environ.get("PATH", os.defpath).split(os.pathsep))
    inherited["PATH"] = os.pathsep.join(path) or os.devnull
    try:
        done = subprocess.run(
            ["git", "--no-pager", *arguments],
            cwd=folder,
            env={**inherited, **environment},
            input=data,
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except (FileNotFoundError, NotADirectoryError):
        return _Answer(b"", "git is not installed, or not on the PATH")
    except subprocess.TimeoutExpired:
        return _Answer(b"", f"git did not answer within {SECONDS} s", slow=True)
    except (OSError, ValueError) as error:  # ValueError: a NUL in an argument
        return _Answer(b"", f"git cannot be run: {error}")
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return _Answer(b"", said[0] if said else "git failed and did not say why")
    return _Answer(done.stdout)


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes() if file.is_file() else b""  # a pipe would be waited for
    except OSError:
        return b""
