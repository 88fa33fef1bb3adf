"""llmconsole keys: the providers' keys in the system's keyring. A key never stands on a command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from console import present
from console.aligned import aligned
from console.commands.frame import Options, ask, common_options, echo_json, pass_options
from console.gateway import find
from console.trouble import NO, NOTHING_THERE, WRONG_USE, ClientError, Trouble

if TYPE_CHECKING:
    from console.shapes import KeyState

WORDS = {
    "missing": "no key",
    "none": "needs none",
    "client": "the client's own",
    "login": "the cloud's login",
}


@click.group()
@common_options
def keys() -> None:
    """The providers' keys in the system's keyring."""


@keys.command("list")
@common_options
@pass_options
def list_(options: Options) -> None:
    """Where each provider's key comes from; never the key."""
    found = ask(options, lambda client: client.keys())
    if options.json:
        echo_json(found)
        return
    keyring = found.keyring
    if keyring.usable:
        click.echo(f"kept in: {keyring.backend}")
    else:
        click.echo(f"no keyring: {keyring.problem}; {keyring.mend}")
    header = ("provider", "key", "from", "base URL")
    click.echo("\n".join(aligned(header, [_row(key) for key in found.keys])))


@keys.command("set")
@click.argument("provider")
@click.option("--session-only", is_flag=True, help="Keep it in the running gateway's memory only.")
@common_options
@pass_options
def set_(options: Options, provider: str, session_only: bool) -> None:
    """Store a provider's key, read from the terminal without echo, or from stdin."""
    if session_only and find(options.place().data) is None:
        raise Trouble(
            "--session-only needs a running gateway; start one with: llmconsole serve", NOTHING_THERE
        )
    key = _read_key(provider)
    try:
        state = ask(options, lambda client: client.set_key(provider, key, session_only=session_only))
    except ClientError as error:
        raise _with_ways_out(options, provider, error) from None
    if options.json:
        echo_json(state)
    else:
        click.echo(f"{state.provider}: {state.hint or 'set'} ({state.source})")


@keys.command("rm")
@click.argument("provider")
@common_options
@pass_options
def remove(options: Options, provider: str) -> None:
    """Remove a provider's key from the keyring."""
    ask(options, lambda client: client.remove_key(provider))
    if options.json:
        echo_json({"removed": provider})
    else:
        click.echo(f"removed the key of {provider}")


@keys.command("test")
@click.argument("provider")
@common_options
@pass_options
def test(options: Options, provider: str) -> None:
    """Ask the provider for its models, which costs nothing; exit status 1 if it refuses."""
    found = ask(options, lambda client: client.test_key(provider))
    if options.json:
        echo_json(found)
    elif found.ok:
        models = present.counted(found.models, "model")
        click.echo(f"{provider}: ok, {models}, {present.milliseconds(found.latency_ms)}")
    else:
        raise Trouble(f"{provider}: {found.problem}", NO)
    if not found.ok:
        raise click.exceptions.Exit(NO)


def _with_ways_out(options: Options, provider: str, error: ClientError) -> Trouble:
    if error.code != "keyring_unusable":
        return error
    known = ask(options, lambda client: client.keys()).keys
    names = next((each.key_env for each in known if each.provider == provider), ())
    ways = f"{error.message}; or set {' or '.join(names) or 'the variables of its login'}"
    return Trouble(f"{ways}, or use --session-only while a gateway runs", error.exit_status)


def _row(key: KeyState) -> tuple[str, ...]:
    if key.source == "env" and key.key_env:
        origin = f"env {key.key_env[0]}"
    else:
        origin = WORDS.get(key.source, key.source)
    return (key.provider, key.hint or present.NOTHING, origin, present.plain(key.base_url))


def _read_key(provider: str) -> str:
    if sys.stdin.isatty():
        text = str(click.prompt(f"key of {provider}", hide_input=True, err=True))
    else:
        text = sys.stdin.readline()
        if text.lstrip().startswith("{"):
            # A JSON file of Google's is a key of many lines.
            text += sys.stdin.read()
    key = text.strip()
    if not key:
        raise Trouble(
            f"no key was given; type it, or pipe it: llmconsole keys set {provider} < FILE", WRONG_USE
        )
    return key
