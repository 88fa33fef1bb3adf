"""llmconsole doctor: looks at the whole path and says what to do about each fault."""

from __future__ import annotations

import click

from console import present
from console.commands.frame import Options, ask, common_options, echo_json, pass_options
from console.trouble import NO


@click.command()
@click.option("--ledger", is_flag=True, help="Prove the ledger alone.")
@common_options
@pass_options
@click.pass_context
def doctor(ctx: click.Context, options: Options, ledger: bool) -> None:
    """Check the whole path; exit status 1 if anything is wrong."""
    checks = ask(options, lambda client: client.doctor(ledger_only=ledger))
    well = all(check.ok for check in checks)
    if options.json:
        echo_json({"ok": well, "checks": checks})
    for check in () if options.json else checks:
        click.echo(f"{'ok ' if check.ok else 'NOT'} {check.name}: {present.plain(check.detail)}")
        if not check.ok and check.mend:
            click.echo(f"    {present.plain(check.mend)}")
    ctx.exit(0 if well else NO)
