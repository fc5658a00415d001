"""Kinds of files that a command line names."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from reconciler.errors import Unwritable

_NO_STREAM = "- stands for no stream here; name a file (./- for one of that name)"


class File(click.Path):
    """The path of a file; a dash alone is no name, though most programs would make a file of it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; a dash is refused, since no stream is meant here."""
        if value == "-":
            self.fail(_NO_STREAM, param, ctx)
        return super().convert(value, param, ctx)


class OutFile(click.Path):
    """A file to write; one that cannot be written is refused before anything else is done.

    A dash alone stands for `dash`; without that it is refused.
    """

    def __init__(self, **dash: Path | None) -> None:
        super().__init__(path_type=Path, dir_okay=False, readable=False)
        self._dash = dash

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, tried."""
        if value == "-" and self._dash:
            return self._dash["dash"]
        if value == "-":
            self.fail(_NO_STREAM, param, ctx)
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if ctx is not None and ctx.resilient_parsing:  # a shell completes a word
            return path
        try:
            check_place(path)
        except Unwritable as error:
            self.fail(str(error), param, ctx)
        return path


FILE = File(path_type=Path, dir_okay=False)
OUT = OutFile()
OUT_OR_DASH = OutFile(dash=Path("-"))
OUT_OR_STDOUT = OutFile(dash=None)  # stdout, as without the option
EXISTING = click.Path(path_type=Path, exists=True)


def is_config(named: Path | None) -> bool:
    """Whether there is a config: the one that is named, or the nearest upwards."""
    from reconciler.config.file import find_config

    return named is not None or find_config(Path.cwd()) is not None


def check_place(path: Path) -> None:
    """Refuse a file that cannot be written, before anything else is done."""
    from reconciler.files.whole_file import check_place as check

    check(path)


def check_free(paths: Iterable[Path], *, force: bool) -> None:
    """Refuse to overwrite what is there."""
    from reconciler.edit.export_files import check_free as check

    check(paths, force=force)


def save(files: Mapping[Path, bytes | Iterable[bytes]], *, force: bool) -> None:
    """Write all of the files, or none when one is there already."""
    from reconciler.edit.export_files import save as write

    write(files, force=force)
