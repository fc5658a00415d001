"""Write the options of a command into its --help: by group, and none of it longer than needed."""

from collections.abc import Iterator, Sequence

import click

from reconciler.cli.groups import GROUPS, GUARDS, TALKING

# Groups whose options every reader knows after one of them: their names, and one sentence.
BRIEF = {GUARDS: "- each lifts one guard; README, Guards", TALKING: ""}


def write_options(
    parameters: Sequence[click.Parameter], ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    """Every option, in the order of the groups."""
    formatter.write_paragraph()
    for group in GROUPS:
        found = [one for one in parameters if _group(one) == group]
        if not found:
            continue
        if group in BRIEF:
            _brief(group, found, formatter)
            continue
        rows = list(_rows(found, ctx))
        formatter.write_text(f"{group}:")
        formatter.indent()
        formatter.write_dl(rows, col_max=26)
        formatter.dedent()


def _brief(group: str, found: Sequence[click.Parameter], formatter: click.HelpFormatter) -> None:
    words = [f"{_spelled(one)}," for one in found]
    words[-1] = words[-1].removesuffix(",")
    line = f"{group}:"
    for word in (*words, *BRIEF[group].split()):
        if len(line) + 1 + len(word) > formatter.width:
            formatter.write(f"{line}\n")
            line = " "
        line += f" {word}"
    formatter.write(f"{line}\n")


def _group(parameter: click.Parameter) -> str:
    if not isinstance(parameter, click.Option):
        return ""
    return str(getattr(parameter, "group", TALKING))


def _spelled(parameter: click.Parameter) -> str:
    assert isinstance(parameter, click.Option)
    names = "/".join(parameter.opts)
    if parameter.is_flag or parameter.count:
        return names
    kinds = parameter.type
    choices = "|".join(map(str, kinds.choices)) if isinstance(kinds, click.Choice) else ""
    return f"{names} {parameter.metavar or choices}"


def _rows(found: Sequence[click.Parameter], ctx: click.Context) -> Iterator[tuple[str, str]]:
    """A row for each attribute: the second spelling of one stands beside the first."""
    seen: dict[str | None, int] = {}
    rows: list[tuple[str, str]] = []
    for one in found:
        record = one.get_help_record(ctx)
        if record is None:
            continue
        if one.name in seen:
            at = seen[one.name]
            rows[at] = (rows[at][0], f"{rows[at][1]} {record[0]}: none.")
        else:
            seen[one.name] = len(rows)
            rows.append(record)
    yield from rows
