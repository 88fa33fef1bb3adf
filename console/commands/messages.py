"""llmconsole messages: what calls asked and were answered, where that is kept; and how to be rid of it."""

from __future__ import annotations

import click

from console import present
from console.commands.frame import Options, ask, common_options, echo_json, pass_options
from console.trouble import WRONG_USE, Trouble


@click.group()
@common_options
def messages() -> None:
    """Messages of calls that a [[capture]] of the policy keeps: count, show, delete them."""


@messages.command()
@common_options
@pass_options
def kept(options: Options) -> None:
    """Whose messages are kept, for how long, and how many there are."""
    found = ask(options, lambda client: client.kept_messages())
    if options.json:
        echo_json(found)
        return
    for rule in found.rules:
        click.echo(
            f"kept of {present.plain(present.matched(rule.match))}, for {present.counted(rule.days, 'day')}"
        )
    if not found.rules:
        click.echo("nobody's messages are kept; [[capture]] in the policy keeps those of a project")
    click.echo(f"{present.counted(found.calls, 'call')}, {present.tokens(found.bytes)} bytes")


@messages.command()
@click.argument("call")
@common_options
@pass_options
def show(options: Options, call: str) -> None:
    """What a CALL asked and was answered."""
    found = ask(options, lambda client: client.messages(call))
    if options.json:
        echo_json(found)
        return
    for turn in (*found.asked, None):
        role, text = ("answer", found.answer) if turn is None else (turn.role, turn.text)
        click.echo(f"--- {present.plain(role)}")
        click.echo("\n".join(present.plain_lines(text)))


@messages.command()
@click.argument("call", required=False)
@click.option("--all", "everything", is_flag=True, help="Of every call.")
@common_options
@pass_options
def rm(options: Options, call: str | None, everything: bool) -> None:
    """Delete the messages of a CALL, or with --all of every one."""
    if (call is None) != everything:
        raise Trouble("name a call, or say --all", WRONG_USE)
    gone = ask(options, lambda client: client.forget_messages(call))
    if options.json:
        echo_json({"deleted": gone})
    else:
        click.echo(f"messages of {present.counted(gone, 'call')} are deleted")
