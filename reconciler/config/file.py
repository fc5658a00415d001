"""Find and read `reconcile.yaml`."""

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from reconciler.config.after_section import with_order
from reconciler.config.model import Config, OwnerRule, Target
from reconciler.config.state_address import EXPECTED, NoPlace, StatePlace, state_place
from reconciler.config.target import TargetReader
from reconciler.errors import AuthorErrors, ReconcilerError
from reconciler.files.paths import CONFIG_NAMES, real_path
from reconciler.model.diagnostic import Problem
from reconciler.yaml.checks import Page, described, listed, nearest, position
from reconciler.yaml.reader import MapNode, Node, reading
from reconciler.yaml.source_bytes import FileBytes

if TYPE_CHECKING:
    from reconciler.config.window_model import Window
    from reconciler.config.windows_section import WindowReader

_KEYS = ("apiVersion", "kind", "specs", "targets", "default_target", "windows", "owners", "state")
_FIXED = {"apiVersion": ("unknown-api-version", "reconcile/v1"), "kind": ("unknown-kind", "Config")}


def find_config(start: Path) -> Path | None:
    """The config of a folder or of the nearest folder above it."""
    for folder in (start.absolute(), *start.absolute().parents):
        for name in CONFIG_NAMES:
            if (folder / name).is_file():
                return folder / name
    return None


def read_config(path: Path, environment: Mapping[str, str] | None = None) -> Config:
    """Read one config; AuthorErrors has everything that is wrong in it.

    Without an environment, that of the process says which hosts may be asked besides AWS's own.
    """
    problems: list[Problem] = []
    page = Page(path.name, problems)
    try:
        with path.open("rb") as handle:
            nodes = _nodes(page, handle, path) if page.fits(handle) else []
    except OSError as error:
        raise ReconcilerError(
            f"found no config that can be read at {path} ({error.strerror}), expected a file: "
            "check the path and its permissions, or begin with `reconcile init`"
        ) from error
    return _config(page, nodes, path, environment)


def config_of(data: bytes, path: Path, environment: Mapping[str, str] | None = None) -> Config:
    """The config that a file held once; AuthorErrors where this version cannot read it."""
    page = Page(path.name, [])
    return _config(page, _nodes(page, BytesIO(data), path), path, environment)


def _nodes(page: Page, handle: BinaryIO, path: Path) -> list[Node]:
    pieces = FileBytes(handle, is_json=path.suffix == ".json", digested=False)
    nodes: list[Node] = []
    with reading(pieces, path.name, page.problems) as reader:
        while reader.next_document():
            nodes.append(reader.node())
    return nodes


def _config(
    page: Page, nodes: list[Node], path: Path, environment: Mapping[str, str] | None
) -> Config:
    problems = page.problems
    config = _ConfigReader(page, path, environment).read(nodes) if nodes or not problems else None
    if config is None or problems:
        raise AuthorErrors(problems)
    return config


class _ConfigReader:
    """Reads the one document of a config."""

    def __init__(self, page: Page, path: Path, environment: Mapping[str, str] | None) -> None:
        self._page = page
        self._environment = environment
        self._path = path.absolute()
        self._root = path.absolute().parent.resolve()
        self._window_reader: WindowReader | None = None
        self._general: tuple[Window, ...] = ()  # those of every target

    def read(self, nodes: list[Node]) -> Config | None:
        """The config; None when its problems leave nothing to work with."""
        if len(nodes) != 1:
            at = position(nodes[1]) if nodes and nodes[1] is not None else (1, 1)
            self._page.refuse(
                at,
                "wrong-shape",
                f"found {len(nodes)} documents, expected one",
                "`reconcile init` writes a config to begin with",
            )
            return None
        node = self._page.mapping(nodes[0], "apiVersion, kind and targets")
        if node is None:
            return None
        self._page.only(node, _KEYS, "the config")
        for key, (code, expected) in _FIXED.items():
            self._fixed(self._page.required(node, key, "the config"), key, code, expected)
        self._general = self._windows(node)
        targets = self._targets(self._page.required(node, "targets", "the config"))
        state = self._state(node)
        return Config(
            root=self._root,
            path=self._path,
            specs=self._specs(node),
            targets=targets,
            default_target=self._default(node, targets),
            owners=self._owners(node),
            state_folder=state.folder,
            state_bucket=state.bucket,
            environment=self._environment,
        )

    def _fixed(self, node: Node, key: str, code: str, expected: str) -> None:
        written = self._page.text(node, expected)
        if written is not None and written.text != expected:
            self._page.refuse(
                position(written),
                code,
                f"found {described(written)}, expected {expected}",
                f"write `{key}: {expected}`",
            )

    def _specs(self, node: MapNode) -> Path:
        """The folder of the specs, which are below the root so that git says who changed them."""
        if "specs" not in node.entries:
            return self._root / "specs"
        written = self._page.name(node.entries["specs"][2], "the folder of the specs")
        if written is None:
            return self._root
        folder = self._root / written.text
        if "\0" in written.text or not real_path(folder).is_relative_to(self._root):
            self._page.refuse(
                position(written),
                "outside-repository",
                f"found {described(written)}, expected a folder below that of the config",
                "write the path from the config's folder, such as `specs: specs`",
            )
            return self._root
        return folder

    def _state(self, node: MapNode) -> StatePlace:
        if "state" not in node.entries:
            return StatePlace()
        written = self._page.name(node.entries["state"][2], "a folder, or s3://bucket/prefix")
        if written is None:
            return StatePlace()
        try:
            return state_place(written.text, self._root)
        except NoPlace as error:
            self._page.refuse(
                position(written),
                "not-a-state",
                f"found {described(written)} ({error}), expected {EXPECTED}",
                "such as `state: .reconcile` or `state: s3://bucket/prefix`",
            )
            return StatePlace()

    def _targets(self, node: Node) -> dict[str, Target]:
        mapping = self._page.mapping(node, "a target for each name")
        if mapping is None:
            return {}
        if not mapping.entries:
            self._page.refuse(
                position(mapping),
                "missing-key",
                "found no target, expected at least one",
                "add a target with `sandbox:` or `region:`, and `domain:`",
            )
        reader = TargetReader(self._page, self._root, self._environment)
        targets: dict[str, Target] = {}
        for name, (line, column, target) in mapping.entries.items():
            if self._page.good_key(name, (line, column), "the name of a target"):
                windows = (*self._general, *self._windows(target))
                targets[name] = replace(reader.read(name, target), windows=windows)
        return with_order(self._page, mapping, targets)

    def _windows(self, node: Node) -> "tuple[Window, ...]":
        """The change windows of the config or of a target; only these load time zones."""
        if not isinstance(node, MapNode) or "windows" not in node.entries:
            return ()
        if self._window_reader is None:
            from reconciler.config.windows_section import WindowReader

            self._window_reader = WindowReader(self._page)
        return self._window_reader.read(node.entries["windows"][2])

    def _owners(self, node: MapNode) -> tuple[OwnerRule, ...]:
        if "owners" not in node.entries:
            return ()
        from reconciler.config.owners_section import read_owners

        return read_owners(self._page, node.entries["owners"][2])

    def _default(self, node: MapNode, targets: dict[str, Target]) -> str | None:
        """The default target: the named one, or the only one."""
        if "default_target" not in node.entries:
            return next(iter(targets)) if len(targets) == 1 else None
        written = self._page.name(node.entries["default_target"][2], "the name of a target")
        if written is None:
            return None
        if targets and written.text not in targets:
            self._page.refuse(
                position(written),
                "unknown-target",
                f"found {described(written)}, expected {listed(tuple(targets))}",
                nearest(written.text, tuple(targets), "name one of `targets`"),
            )
        return written.text
