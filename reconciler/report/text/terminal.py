"""Turn styled lines into the characters of a terminal, or of a plain log (rich's one door)."""

import io
from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style, StyleType
from rich.text import Text

HANG = 4  # columns by which the rest of a folded line stands further in
NARROW = 40  # columns; in less than this nothing reads well, and lines are left to the terminal
_COLOURS = ColorSystem.STANDARD


def rendered(lines: Iterable[Text], *, colour: bool, width: int | None = None) -> str:
    """The lines as one string, folded at words where there is a width; logs and files have none."""
    console = _console(colour=colour)
    shown = _Coloured() if colour else _plain
    return "".join(
        [shown(console, piece) for line in lines for piece in _folded(console, line, width)]
    )


def _console(*, colour: bool) -> Console:
    return Console(
        file=io.StringIO(),
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
        width=10_000,
    )


def _printed(console: Console, line: Text) -> str:
    """The line as rich prints it, whatever is in it: ten times the time that a usual one needs."""
    with console.capture() as printed:
        console.print(line, soft_wrap=True)
    return printed.get()


def _plain(console: Console, line: Text) -> str:
    text = line.plain
    return _printed(console, line) if "\t" in text else f"{text}\n"


class _Coloured:
    """Lines with their colours; each combination of styles is looked up once."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, object], Style] = {}

    def __call__(self, console: Console, line: Text) -> str:
        """The line as rich prints it, where its spans are one behind the other."""
        text, base = line.plain, line.style
        if "\t" in text or "\n" in text:
            return _printed(console, line)
        pieces: list[str] = []
        end = 0
        for start, stop, style in [*line.spans, (len(text), len(text) + 1, "")]:
            if start < end or start == stop:
                return _printed(console, line)
            for piece, own in ((text[end:start], ""), (text[start:stop], style)):
                pieces.append(self._style(console, base, own).render(piece, color_system=_COLOURS))
            end = stop
        return "".join(pieces) + "\n"

    def _style(self, console: Console, base: StyleType, own: StyleType) -> Style:
        known = self._known.get((base, own))
        if known is None:
            both = (console.get_style(one, default=Style.null()) for one in (base, own))
            known = self._known[base, own] = Style.combine(both)
        return known


def _folded(console: Console, line: Text, width: int | None) -> Iterator[Text]:
    """The line in as many pieces as its length needs, the second and later ones further in."""
    if width is None or width < NARROW or _fits(line, width):
        yield line
        return
    inside = min(len(line.plain) - len(line.plain.lstrip(" ")), width // 2)
    rest = line[inside:]
    margin = inside
    while rest.cell_len > width - margin:
        first = rest.wrap(console, width - margin, overflow="fold")[0]
        rest = rest[len(first.plain) :]
        first.truncate(cell_len(first.plain.rstrip(" ")))  # no other blank is lost
        yield Text.assemble(" " * margin, first)
        rest = rest[len(rest.plain) - len(rest.plain.lstrip(" ")) :]
        margin = inside + HANG
    yield Text.assemble(" " * margin, rest)


def _fits(line: Text, width: int) -> bool:
    text = line.plain
    return len(text) <= width if text.isascii() else line.cell_len <= width
