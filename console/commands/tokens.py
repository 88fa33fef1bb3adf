"""llmconsole tokens: what clients send to be let in, with tags that they cannot change."""

from __future__ import annotations

import click

from console import present
from console.aligned import aligned
from console.commands.frame import Options, ask, common_options, echo_json, pairs, pass_options


@click.group()
@common_options
def tokens() -> None:
    """The tokens that clients send."""


@tokens.command("create")
@click.argument("name")
@click.option("--tag", "tags", multiple=True, metavar="K=V", help="A tag pinned on every call of this token.")
@common_options
@pass_options
def create(options: Options, name: str, tags: tuple[str, ...]) -> None:
    """Make a token. Its text is printed this once and kept nowhere."""
    pinned = pairs(tags, "--tag")
    made = ask(options, lambda client: client.create_token(name, pinned))
    if options.json:
        echo_json(made)
    else:
        click.echo(made.token)


@tokens.command("list")
@common_options
@pass_options
def list_(options: Options) -> None:
    """Every token by name, never its text."""
    found = ask(options, lambda client: client.tokens())
    if options.json:
        echo_json({"tokens": found})
        return
    rows = [
        (
            present.plain(token.name),
            present.plain(" ".join(f"{key}={value}" for key, value in sorted(token.tags.items()))),
            token.created_at[:10],
            token.revoked_at[:10] if token.revoked_at else "",
        )
        for token in found
    ]
    click.echo("\n".join(aligned(("name", "tags", "created", "revoked"), rows)))


@tokens.command("revoke")
@click.argument("name")
@common_options
@pass_options
def revoke(options: Options, name: str) -> None:
    """Let a token in no longer, from now on."""
    ask(options, lambda client: client.revoke_token(name))
    if options.json:
        echo_json({"revoked": name})
    else:
        click.echo(f"revoked token {name}")
