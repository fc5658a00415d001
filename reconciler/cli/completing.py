"""Words that a shell may complete an option's value with."""

import click
from click.shell_completion import CompletionItem


def targets(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The targets of the nearest config, or of the one named so far; none when it is not good."""
    from reconciler.errors import ReconcilerError
    from reconciler.project.inputs import load_config

    try:
        config = load_config(ctx.params.get("config_path"))
    except ReconcilerError:
        return []
    return [
        CompletionItem(name, help=target.region or "sandbox")
        for name, target in sorted(config.targets.items())
        if name.startswith(incomplete)
    ]


def reports(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The formats of `--report FORMAT=FILE`."""
    from reconciler.report.formats import FORMATS

    return [CompletionItem(f"{name}=") for name in FORMATS if name.startswith(incomplete)]
