"""llmconsole mode: what calls count as that name no mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console.commands.frame import Options, ask, common_options, echo_json, pass_options
from console.trouble import WRONG_USE, Trouble

if TYPE_CHECKING:
    from console.client import AdminClient


@click.command()
@click.argument("name", required=False)
@common_options
@pass_options
def mode(options: Options, name: str | None) -> None:
    """Print the current mode, or switch to the mode NAME: vibing, building or one of your own."""
    now = ask(options, lambda client: _mode(client, name))
    if options.json:
        echo_json({"mode": now})
    else:
        click.echo(now)


async def _mode(client: AdminClient, name: str | None) -> str:
    if name is None:
        return await client.mode()
    modes = (await client.status()).modes
    if name not in modes:
        raise Trouble(f"there is no mode {name!r}; there are {', '.join(modes)}", WRONG_USE)
    return (await client.set_mode(name)).mode
