"""llmconsole policy: everything that can be edited live, as one TOML text."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING, TextIO

import click

from console.commands.frame import Options, ask, common_options, echo_json, pass_options
from console.trouble import NO, WRONG_USE, ClientError, Trouble

if TYPE_CHECKING:
    from console.client import AdminClient

EMPTY = "# nothing is set: no budgets, throttles, routes or prices of your own"
"""A comment, so that what is printed can be applied again."""
policy_file = click.File("r", encoding="utf-8")


@click.group()
@common_options
def policy() -> None:
    """Show, compare and replace budgets, throttles, routes and prices as TOML."""


@policy.command("show")
@common_options
@pass_options
def show(options: Options) -> None:
    """Print the policy as TOML."""
    text = ask(options, lambda client: client.policy()).toml
    if options.json:
        echo_json({"toml": text})
    else:
        click.echo(text.strip() or EMPTY)


@policy.command("apply")
@click.argument("file", type=policy_file)
@common_options
@pass_options
def apply(options: Options, file: TextIO) -> None:
    """Replace the whole policy by FILE ('-' is stdin), or nothing of it where it is wrong."""
    before, after = _asked(options, file)
    if options.json:
        echo_json({"toml": after})
    else:
        changed = "".join(_diff(before, after))
        click.echo(changed or "no change\n", nl=False)


@policy.command("diff")
@click.argument("file", type=policy_file)
@common_options
@pass_options
def diff(options: Options, file: TextIO) -> None:
    """What `policy apply FILE` would change; exit status 1 if anything."""
    before, after = _asked(options, file, dry_run=True)
    changed = "".join(_diff(before, after))
    if options.json:
        echo_json({"changed": bool(changed), "diff": changed})
    else:
        click.echo(changed, nl=False)
    if changed:
        raise click.exceptions.Exit(NO)


def _asked(options: Options, file: TextIO, *, dry_run: bool = False) -> tuple[str, str]:
    """The policy before and after. Raises Trouble that names the file."""
    try:
        wanted = file.read()
    except UnicodeDecodeError as error:
        raise Trouble(f"{file.name}: not UTF-8 text at byte {error.start}", WRONG_USE) from None
    try:
        return ask(options, lambda client: _replaced(client, wanted, dry_run=dry_run))
    except ClientError as refused:
        if refused.status in (400, 422):
            raise Trouble(f"{file.name}: {refused.message}", refused.exit_status) from None
        raise


async def _replaced(client: AdminClient, wanted: str, *, dry_run: bool = False) -> tuple[str, str]:
    found = await client.policy()
    return found.toml, await client.apply_policy(wanted, dry_run=dry_run, over=found.revision)


def _diff(before: str, after: str) -> list[str]:
    return list(
        unified_diff(
            before.splitlines(True), after.splitlines(True), "policy as it is", "policy as it would be"
        )
    )
