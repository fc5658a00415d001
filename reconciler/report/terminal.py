"""Turn styled lines into the characters of a terminal, or of a plain log (rich's one door)."""

import io
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text


def rendered(lines: Iterable[Text], *, colour: bool) -> str:
    """The lines as one string; never wrapped, since logs and files have no width."""
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
        console.print(line, soft_wrap=True)
    return buffer.getvalue()
