"""llmconsole env: the lines that point a client at the gateway, to be evaluated by a shell."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from console.commands.frame import Options, ask, common_options, echo_json, pairs, pass_options
from console.commands.shells import SHELLS, Shell
from console.gateway import find
from console.pointing import Setup, Target, every_variable, setups

if TYPE_CHECKING:
    from console.client import AdminClient

NAMES = tuple(setups(Target("", "")))
DEFAULT_PORT = 4141


@click.command()
@click.argument("client", required=False, type=click.Choice(NAMES))
@click.option("--shell", type=click.Choice(tuple(SHELLS)), default="sh", show_default=True)
@click.option("--tag", "tags", multiple=True, metavar="K=V", help="A tag for every call of this client.")
@click.option("--undo", is_flag=True, help="Print the lines that point it back.")
@common_options
@pass_options
def env(options: Options, client: str | None, shell: str, tags: tuple[str, ...], undo: bool) -> None:
    """Print the lines that point CLIENT (or any program) here, or back to what was there before.

    Use it as: eval "$(llmconsole env claude)"; on a terminal it shows what that sets, without what keeps the
    earlier values for --undo.
    """
    if undo:
        lines = undoing_lines(_setup(Target("", ""), client), SHELLS[shell], client, _likely_url(options))
        click.echo("\n".join(lines))
        return
    url, token = ask(options, _address)
    setup = _setup(Target(url, token, pairs(tags, "--tag")), client)
    if options.json:
        echo_json({"set": setup.variables, "unset": setup.without, "arguments": setup.arguments})
    else:
        lines = pointing_lines(setup, SHELLS[shell], client, url, keeping=not sys.stdout.isatty())
        click.echo("\n".join(lines))


async def _address(client: AdminClient) -> tuple[str, str]:
    status, token = await client.status(), await client.client_token()
    return status.url, token.token


def _likely_url(options: Options) -> str:
    """Where the gateway is or would be. Nothing has to run, or be right, for pointing back."""
    place = options.place()
    running = find(place.data)
    return running.url if running else f"http://127.0.0.1:{place.port or DEFAULT_PORT}"


def _setup(target: Target, client: str | None) -> Setup:
    return setups(target)[client] if client else every_variable(target)


def pointing_lines(
    setup: Setup, shell: Shell, client: str | None, url: str, *, keeping: bool = True
) -> list[str]:
    """What a shell is told to point a client at the gateway of that URL. keeping: what was there, too."""
    lines = [shell.keep(name, url) for name in (*setup.variables, *setup.without) if keeping]
    lines += [shell.export(name, value) for name, value in setup.variables.items()]
    lines += [shell.unset(name) for name in setup.without]
    if setup.arguments and client:
        lines += shell.alias(client, shell.command(client, setup.arguments))
    if setup.note:
        lines.append(f"# {setup.note}")
    return lines


def undoing_lines(setup: Setup, shell: Shell, client: str | None, url: str) -> list[str]:
    """What a shell is told to have everything back as it was."""
    lines = [shell.restore(name, url) for name in (*setup.variables, *setup.without)]
    if setup.arguments and client:
        lines += shell.unalias(client)
    return lines
