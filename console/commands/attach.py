"""llmconsole attach: the console on a gateway elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import click

from console.commands.frame import Options, common_options, pass_options
from console.commands.open import need_screen, show
from console.gateway import attach as attach_to
from console.gateway import read_token
from console.trouble import WRONG_USE, Trouble


@click.command()
@click.argument("url")
@click.option("--token-file", type=click.Path(path_type=Path), help="File that holds the admin token.")
@common_options
@pass_options
@click.pass_context
def attach(ctx: click.Context, options: Options, url: str, token_file: Path | None) -> None:
    """The console on the gateway at URL.

    The admin token comes from --token-file, LLMCONSOLE_ADMIN_TOKEN, or is asked for.
    """
    need_screen()
    ctx.exit(show(attach_to(url, _token(token_file))))


def _token(file: Path | None) -> str:
    if file is not None:
        try:
            return read_token(file)
        except (OSError, UnicodeDecodeError) as error:
            raise Trouble(f"{file}: the token cannot be read: {error}", WRONG_USE) from None
    if text := os.environ.get("LLMCONSOLE_ADMIN_TOKEN"):
        return text.strip()
    return str(click.prompt("admin token", hide_input=True, err=True)).strip()
