"""Turn styled lines into the characters of a terminal, or of a plain log (rich's one door)."""

import io
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

HANG = 4  # columns by which the rest of a folded line stands further in
NARROW = 40  # columns; in less than this nothing reads well, and lines are left to the terminal


def rendered(lines: Iterable[Text], *, colour: bool, width: int | None = None) -> str:
    """The lines as one string, folded at words where there is a width; logs and files have none."""
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
        width=10_000,
    )
    for line in lines:
        for piece in _folded(console, line, width):
            console.print(piece, soft_wrap=True)
    return buffer.getvalue()


def _folded(console: Console, line: Text, width: int | None) -> Iterator[Text]:
    """The line in as many pieces as its length needs, the second and later ones further in."""
    if width is None or width < NARROW or line.cell_len <= width:
        yield line
        return
    inside = min(len(line.plain) - len(line.plain.lstrip(" ")), width // 2)
    rest = line[inside:]
    margin = inside
    while rest.cell_len > width - margin:
        first = rest.wrap(console, width - margin, overflow="fold")[0]
        rest = rest[len(first.plain) :]
        first.rstrip()
        yield Text.assemble(" " * margin, first)
        rest = rest[len(rest.plain) - len(rest.plain.lstrip(" ")) :]
        margin = inside + HANG
    yield Text.assemble(" " * margin, rest)
