"""llmconsole tags: which tags are in use, by spend, and what their values are called."""

from __future__ import annotations

import click

from console import present
from console.aligned import aligned
from console.commands.frame import Options, ask, common_options, echo_json, pass_options
from console.shapes import Renamed
from console.trouble import WRONG_USE, Trouble


@click.group(invoke_without_command=True)
@click.option("--since", default="30d", show_default=True, metavar="T", help="7d, 24h, month, or an instant.")
@click.option("--key", metavar="K", help="Only tags of this key, such as project.")
@common_options
@pass_options
@click.pass_context
def tags(ctx: click.Context, options: Options, since: str, key: str | None) -> None:
    """List the tags in use, the dearest first; rename or merge their values."""
    if ctx.invoked_subcommand is not None:
        return
    found = ask(options, lambda client: client.tags(since=since, key=key))
    if options.json:
        echo_json({"tags": found})
    elif not found:
        click.echo("no tags in that time; send x-llmconsole-tags: project=web, or use llmconsole run")
    else:
        lines = [
            (
                f"{one.key}={present.plain(one.value)}",
                present.tokens(one.calls),
                present.usd_call(one.cost_usd),
            )
            for one in found
        ]
        click.echo("\n".join(aligned(("tag", "calls", "cost"), lines, right=2)))


@tags.command()
@click.argument("key")
@click.argument("old")
@click.argument("new")
@click.option("--yes", is_flag=True, help="Do it; without it only what would change is told.")
@common_options
@pass_options
def rename(options: Options, key: str, old: str, new: str, yes: bool) -> None:
    """Call OLD by the name NEW, in all that was counted and all that comes."""
    _name(options, key, (old,), new, yes)


@tags.command()
@click.argument("key")
@click.argument("values", nargs=-1, required=True)
@click.option("--into", required=True, metavar="NAME", help="The name for all of them.")
@click.option("--yes", is_flag=True, help="Do it; without it only what would change is told.")
@common_options
@pass_options
def merge(options: Options, key: str, values: tuple[str, ...], into: str, yes: bool) -> None:
    """Count several VALUES of KEY as one."""
    _name(options, key, values, into, yes)


@tags.command()
@common_options
@pass_options
def names(options: Options) -> None:
    """Every renaming in force."""
    found = ask(options, lambda client: client.tag_names())
    if options.json:
        echo_json({"names": found})
    else:
        click.echo("\n".join(f"{one.key}={one.value} is called {one.name}" for one in found) or "none")


@tags.command()
@click.argument("key")
@click.argument("old")
@common_options
@pass_options
def restore(options: Options, key: str, old: str) -> None:
    """Take the renaming of OLD back; rules that followed it stay as they are."""
    done = ask(options, lambda client: client.restore_tag(key, old))
    if options.json:
        echo_json(done)
    else:
        click.echo(f"{key}={old} is called {old} again: {_amount(done)}")


@tags.command()
@click.argument("call")
@click.argument("mode", required=False)
@common_options
@pass_options
def mode(options: Options, call: str, mode: str | None) -> None:
    """Say which MODE an ended CALL had; without one it has the mode again that it was written with."""
    done = ask(options, lambda client: client.label(call, mode))
    if options.json:
        echo_json(done)
    else:
        click.echo(f"call {done.id} counts as {present.plain(done.tags.get('mode', 'untagged'))}")


def _name(options: Options, key: str, values: tuple[str, ...], name: str, yes: bool) -> None:
    if name in values and len(values) == 1:
        raise Trouble(f"{key}={name} is called that already", WRONG_USE)
    done = ask(options, lambda client: client.rename_tags(key, values, name, apply=yes))
    if options.json:
        echo_json(done)
        return
    what = " and ".join(f"{key}={value}" for value in values)
    click.echo(f"{what} {'is' if yes else 'would be'} called {name}: {_amount(done)}")
    for rule in done.rules:
        click.echo(f"  {rule} {'follows' if yes else 'would follow'}")
    if not yes:
        click.echo("nothing is changed yet; add --yes")


def _amount(done: Renamed) -> str:
    return f"{present.counted(done.calls, 'call')}, {present.usd_call(done.cost_usd)}"
