"""llmconsole doctor: looks at the whole path and says what to do about each fault."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import present
from console.commands.frame import Options, ask, ask_gateway, common_options, echo_json, pass_options
from console.gateway import find
from console.trouble import NO, NOTHING_THERE, WRONG_USE, Trouble

if TYPE_CHECKING:
    from console.shapes import Check


@click.command()
@click.argument("client", required=False, metavar="[CLIENT]")
@click.option("--ledger", is_flag=True, help="Prove the ledger alone.")
@click.option("--model", metavar="NAME", help="With CLIENT: the model to ask, else the cheapest.")
@common_options
@pass_options
@click.pass_context
def doctor(ctx: click.Context, options: Options, client: str | None, ledger: bool, model: str | None) -> None:
    """Check the whole path; exit status 1 if anything is wrong.

    With CLIENT (claude, codex, openai, …): what is set for that client in this shell and in its own settings,
    and one request for one token as it would send it.
    """
    checks: Sequence[Check]
    if client is None:
        checks = ask(options, lambda admin: admin.doctor(ledger_only=ledger))
    else:
        checks = _of_client(options, client, model)
    well = all(check.ok for check in checks)
    if options.json:
        echo_json({"ok": well, "checks": checks})
    for check in () if options.json else checks:
        click.echo(f"{'ok ' if check.ok else 'NOT'} {check.name}: {present.plain(check.detail)}")
        if not check.ok and check.mend:
            click.echo(f"    {present.plain(check.mend)}")
    ctx.exit(0 if well else NO)


def _of_client(options: Options, name: str, model: str | None) -> Sequence[Check]:
    from console.checkup import MODEL, Here, check_client
    from console.checkup.ways import WAYS

    if name not in WAYS:
        raise Trouble(f"no client is called {name!r} here; known are {', '.join(WAYS)}", WRONG_USE)
    running = find(options.place().data)
    if running is None:
        raise Trouble("the gateway does not run; start it with: llmconsole serve", NOTHING_THERE)
    token = ask_gateway(running, lambda admin: admin.client_token()).token
    here = Here(running.url, token, os.environ, Path.home(), Path.cwd())
    return check_client(name, here, model or MODEL)
