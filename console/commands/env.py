"""llmconsole env: the lines that point a client at the gateway, to be evaluated by a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console.commands.frame import Options, ask, common_options, echo_json, pairs, pass_options
from console.commands.shells import SHELLS, Shell
from console.pointing import Setup, Target, every_variable, setups

if TYPE_CHECKING:
    from console.client import AdminClient

NAMES = tuple(setups(Target("", "")))


@click.command()
@click.argument("client", required=False, type=click.Choice(NAMES))
@click.option("--shell", type=click.Choice(tuple(SHELLS)), default="sh", show_default=True)
@click.option("--tag", "tags", multiple=True, metavar="K=V", help="A tag for every call of this client.")
@click.option("--undo", is_flag=True, help="Print the lines that point it back.")
@common_options
@pass_options
def env(options: Options, client: str | None, shell: str, tags: tuple[str, ...], undo: bool) -> None:
    """Print the lines that point CLIENT (or any program) here, or back again.

    Use it as: eval "$(llmconsole env claude)"
    """
    if undo:
        click.echo("\n".join(_undoing(_setup(Target("", ""), client), SHELLS[shell], client)))
        return
    url, token = ask(options, _address)
    setup = _setup(Target(url, token, pairs(tags, "--tag")), client)
    if options.json:
        echo_json({"set": setup.variables, "unset": setup.without, "arguments": setup.arguments})
    else:
        click.echo("\n".join(_pointing(setup, SHELLS[shell], client)))


async def _address(client: AdminClient) -> tuple[str, str]:
    status, token = await client.status(), await client.client_token()
    return status.url, token.token


def _setup(target: Target, client: str | None) -> Setup:
    return setups(target)[client] if client else every_variable(target)


def _pointing(setup: Setup, shell: Shell, client: str | None) -> list[str]:
    lines = [shell.point(name, value) for name, value in setup.variables.items()]
    lines += [shell.drop(name) for name in setup.without]
    if setup.arguments and client:
        lines.append(shell.alias(client, _command(shell, client, setup.arguments)))
    if setup.note:
        lines.append(f"# {setup.note}")
    return lines


def _undoing(setup: Setup, shell: Shell, client: str | None) -> list[str]:
    lines = [shell.restore(name) for name in (*setup.variables, *setup.without)]
    if setup.arguments and client:
        lines.append(shell.unalias(client))
    return lines


def _command(shell: Shell, client: str, arguments: tuple[str, ...]) -> str:
    # Without `command` an alias of its own name would call itself in some shells.
    program = f"command {client}"
    if shell is SHELLS["powershell"]:
        program = f"& (Get-Command -CommandType Application {client})[0]"
    return " ".join([program, *map(shell.quote, arguments)])
