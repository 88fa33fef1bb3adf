"""What the subcommands share: common options, the way to a gateway, and printing."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from console.gateway import GatewayHandle, Place, find
from console.private import private_file
from console.trouble import WRONG_USE, Trouble
from gateway_core import data_folder

if TYPE_CHECKING:
    from console.client import AdminClient

MOST_DIGITS = 20
"""Digits that an amount of dollars may have before or after its point."""

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class Options:
    """The common options, given before or after the subcommand; the later one wins."""

    data: Path | None = None
    config: Path | None = None
    host: str | None = None
    port: int | None = None
    json: bool = False

    def place(self) -> Place:
        return Place(data_folder(self.data), self.config, self.host, self.port)


class _Share(click.FloatRange):
    """A number from 0 to 1. `nan` is none, though it is neither below nor above."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        share: float = super().convert(value, param, ctx)
        if share != share:
            self.fail(f"{value!r} is no number from 0 to 1", param, ctx)
        return share


SHARE = _Share(0, 1)
"""The type of options that take a share of 1, or a score."""

pass_options = click.make_pass_decorator(Options, ensure=True)


def common_options(command: F) -> F:
    """Adds --data, --config, --host, --port and --json. Their values are in the Options object."""
    return folder_options(_adding(command, _LISTENING))


def folder_options(command: F) -> F:
    """Adds --data and --config alone."""
    return _adding(command, _FOLDERS)


_PATH = click.Path(path_type=Path)
_FOLDERS: Mapping[str, Mapping[str, Any]] = {
    "--data": {"type": _PATH, "metavar": "DIR", "help": "Data folder; or LLMCONSOLE_DATA."},
    "--config": {"type": _PATH, "metavar": "FILE", "help": "config.toml; or LLMCONSOLE_CONFIG."},
}
_LISTENING: Mapping[str, Mapping[str, Any]] = {
    "--host": {"help": "Address to listen on."},
    "--port": {"type": click.IntRange(0, 65535), "help": "Port; or LLMCONSOLE_PORT."},
    "--json": {"is_flag": True, "default": None, "help": "Print JSON."},
}


def _adding(command: F, options: Mapping[str, Mapping[str, Any]]) -> F:
    for name, settings in reversed(tuple(options.items())):
        command = click.option(name, expose_value=False, callback=_keep, **settings)(command)
    return command


def _keep(ctx: click.Context, param: click.Parameter, value: object) -> None:
    options = ctx.ensure_object(Options)
    if value is not None and param.name in {field.name for field in fields(Options)}:
        setattr(options, param.name, value)


def ask(options: Options, work: Callable[[AdminClient], Awaitable[T]]) -> T:
    """What `work` answers, given the admin plane of the running gateway, or of one in this process."""
    return asyncio.run(_asked(options.place(), work))


def ask_gateway(gateway: GatewayHandle, work: Callable[[AdminClient], Awaitable[T]]) -> T:
    """What `work` answers, given this gateway's admin plane."""
    return asyncio.run(_asked_there(gateway, work))


async def _asked_there(gateway: GatewayHandle, work: Callable[[AdminClient], Awaitable[T]]) -> T:
    async with gateway.client() as client:
        return await work(client)


async def _asked(place: Place, work: Callable[[AdminClient], Awaitable[T]]) -> T:
    running = find(place.data)
    if running is None:
        from console.offline import offline

        async with offline(place) as client:
            return await work(client)
    return await _asked_there(running, work)


def echo_json(value: object) -> None:
    """One JSON document; money as text, so that no digit is lost."""
    import json

    import msgspec

    plain = msgspec.to_builtins(value, builtin_types=(Decimal,))
    click.echo(json.dumps(plain, indent=2, ensure_ascii=False, default=lambda amount: f"{amount:f}"))


def dollars(text: str | None, option: str, example: str) -> Decimal | None:
    """A sum of money as people write it, with or without a dollar sign."""
    if text is None:
        return None
    try:
        amount = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    # Looked at before it is written out: 1e999999999 is short to type and a billion digits long.
    if not amount.is_finite() or abs(amount.adjusted()) > MOST_DIGITS:
        raise Trouble(f"{option} {text!r} is no amount; write {option} {example}", WRONG_USE)
    return amount


def pairs(words: tuple[str, ...], option: str) -> Mapping[str, str]:
    """`key=value` words as a mapping."""
    found = {}
    for word in words:
        key, separator, value = word.partition("=")
        if not key or not separator or not value:
            raise Trouble(f"{option} {word!r} is no pair; write {option} project=web", WRONG_USE)
        found[key] = value
    return found


def write_out(text: str, output: Path | None) -> None:
    """Prints the text, or writes it to a file that only its owner can read."""
    if output is None:
        click.echo(text, nl=False)
    else:
        write_bytes(text.encode(), output)


def write_bytes(data: bytes, output: Path | None) -> None:
    """The same for what is no text."""
    if output is None:
        sys.stdout.buffer.write(data)
        return
    with private_file(output) as file:
        file.write(data)


def refuse_a_terminal(output: Path | None, what: str) -> None:
    """Raises Trouble where bytes that nobody can read would be printed on a terminal."""
    if output is None and sys.stdout.isatty():
        raise Trouble(f"{what} is no text; name a file with -o FILE, or send it to a program", WRONG_USE)
