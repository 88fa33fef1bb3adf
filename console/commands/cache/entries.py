"""llmconsole cache list, show, pin, unpin, rm, restore and clear: the kept answers themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import present
from console.aligned import aligned
from console.commands.frame import F, Options, ask, common_options, echo_json, pairs, pass_options
from console.trouble import WRONG_USE, Trouble

if TYPE_CHECKING:
    from console.shapes.cache import CacheEntry

HEADER = ("key", "kind", "model", "project", "token", "used", "expires", "hits", "bytes", "saved")
SORTS = ("created", "used", "expires", "hits", "saved", "bytes", "cost", "model")


def filters(command: F) -> F:
    """Adds --where, --kind and --pinned."""
    for option in (
        click.option(
            "--where", "where", multiple=True, metavar="K=V", help="model, provider, token, call, or a tag."
        ),
        click.option("--kind", type=click.Choice(("exact", "semantic"))),
        click.option("--pinned/--unpinned", default=None, help="Only those that are pinned, or are not."),
    ):
        command = option(command)
    return command


@click.command("list")
@filters
@click.option("--sort", type=click.Choice(SORTS), default="used", show_default=True)
@click.option("--asc", is_flag=True, help="The least first.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option("--offset", type=click.IntRange(0), default=0)
@common_options
@pass_options
def list_(
    options: Options,
    where: tuple[str, ...],
    kind: str | None,
    pinned: bool | None,
    sort: str,
    asc: bool,
    limit: int,
    offset: int,
) -> None:
    """Kept answers, those used last first. Prompts are shown as a hash alone."""
    wanted, order = pairs(where, "--where"), "asc" if asc else "desc"
    found = ask(
        options,
        lambda client: client.cache_entries(
            wanted, kind=kind, pinned=pinned, sort=sort, order=order, limit=limit, offset=offset
        ),
    )
    if options.json:
        echo_json(found)
        return
    if found.entries:
        click.echo("\n".join(aligned(HEADER, [_line(each) for each in found.entries], right=3)))
    click.echo(
        f"{found.total} kept, {present.tokens(found.bytes)} bytes" if found.total else "nothing is kept"
    )


@click.command()
@click.argument("key")
@common_options
@pass_options
def show(options: Options, key: str) -> None:
    """One kept answer and the beginning of its text. KEY: six of its digits are enough."""
    found = ask(options, lambda client: client.cache_entry(key))
    if options.json:
        echo_json(found)
        return
    tags = ", ".join(f"{name}={present.plain(value)}" for name, value in found.tags.items())
    for name, value in (
        ("key", found.key),
        ("kind", found.kind + (", pinned" if found.pinned else "")),
        ("model", f"{found.provider}/{present.plain(found.model)}"),
        ("brought by", f"call {found.call_id}, token {present.plain(found.token)}, {found.created_at}"),
        ("tags", tags or present.NOTHING),
        ("prompt", f"hash {found.prompt_hash}"),
        ("used", f"{present.counted(found.hits, 'time')}, last {found.used_at}"),
        ("saved", f"{present.usd_call(found.saved_usd)}, {present.usd_call(found.cost_usd)} each time"),
        ("expires", found.expires_at),
    ):
        click.echo(f"{name:<11}{value}")
    if found.answer:
        click.echo(f"\n{present.plain(found.answer)}")


@click.command()
@click.argument("keys", nargs=-1, required=True)
@common_options
@pass_options
def pin(options: Options, keys: tuple[str, ...]) -> None:
    """Keep answers from being evicted for want of room. They expire all the same."""
    _pin(options, keys, True)


@click.command()
@click.argument("keys", nargs=-1, required=True)
@common_options
@pass_options
def unpin(options: Options, keys: tuple[str, ...]) -> None:
    """Let answers be evicted again."""
    _pin(options, keys, False)


@click.command()
@click.argument("keys", nargs=-1, required=True)
@common_options
@pass_options
def rm(options: Options, keys: tuple[str, ...]) -> None:
    """Discard answers; `restore` brings them back within an hour. One that a question alike was given counts
    as wrong there."""
    for key in keys:
        done = ask(options, lambda client, key=key: client.discard_entry(key))  # type: ignore[misc]
        if options.json:
            echo_json(done)
        else:
            wrong = "; the semantic cache counts it as wrong" if done.counted_wrong else ""
            click.echo(f"{key} is discarded{wrong}")


@click.command()
@click.argument("keys", nargs=-1, required=True)
@common_options
@pass_options
def restore(options: Options, keys: tuple[str, ...]) -> None:
    """Bring answers back that were discarded within the last hour, as long as the gateway has run since."""
    for key in keys:
        found = ask(options, lambda client, key=key: client.restore_entry(key))  # type: ignore[misc]
        if options.json:
            echo_json(found)
        else:
            click.echo(f"{key} is kept again")


@click.command()
@filters
@click.option("--all", "everything", is_flag=True, help="Every kept answer.")
@common_options
@pass_options
def clear(
    options: Options, where: tuple[str, ...], kind: str | None, pinned: bool | None, everything: bool
) -> None:
    """Discard all answers that fit a filter, or with --all every one."""
    wanted = pairs(where, "--where")
    if not wanted and kind is None and pinned is None and not everything:
        raise Trouble("clear discards every kept answer; add --all, or a filter such as --where", WRONG_USE)
    done = ask(
        options,
        lambda client: client.discard_entries(wanted, kind=kind, pinned=pinned, all=everything),
    )
    if options.json:
        echo_json(done)
    else:
        click.echo(f"{done.discarded} discarded")


def _pin(options: Options, keys: tuple[str, ...], pinned: bool) -> None:
    for key in keys:
        found = ask(options, lambda client, key=key: client.pin_entry(key, pinned=pinned))  # type: ignore[misc]
        if options.json:
            echo_json(found)
        else:
            click.echo(f"{found.short_key} is {'pinned' if pinned else 'no longer pinned'}")


def _line(one: CacheEntry) -> tuple[str, ...]:
    return (
        one.short_key + ("*" if one.pinned else ""),
        one.kind,
        f"{one.provider}/{present.plain(one.model)}",
        present.plain(one.project or present.NOTHING),
        present.plain(one.token),
        one.used_at[:19].replace("T", " "),
        one.expires_at[:19].replace("T", " "),
        present.tokens(one.hits),
        present.tokens(one.bytes),
        present.usd_call(one.saved_usd),
    )
