"""llmconsole web: the console in a browser."""

from __future__ import annotations

import asyncio
import socket
import sys
from errno import EADDRINUSE
from pathlib import Path

import click

from console.browser.door import LOOPBACK, Door, is_loopback
from console.commands.frame import Options, folder_options, pass_options
from console.commands.open import let_go
from console.extras import need
from console.gateway import GatewayHandle, find_or_start
from console.quiet import log_to
from console.trouble import WRONG_USE, Trouble

PORT = 4142
SAYING = "the console opens once at this address; enter prints another, Ctrl-C ends it"


@click.command()
@click.option("--host", default=LOOPBACK, show_default=True, help="Address that the page is served on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Its port; 0: a free one."
)
@folder_options
@pass_options
def web(options: Options, host: str, port: int) -> None:
    """The console in a browser, on the gateway of the data folder; starts one where none runs.

    Prints an address that opens once; enter prints another one, Ctrl-C ends it. Needs the extra `web`. --host
    and --port before `web` are those of the gateway that is started.
    """
    need("textual_serve", what="the console in a browser", extra="web")
    place = options.place()
    with _listening(host, port) as at:
        gateway = find_or_start(place)
        try:
            log_to(place.data)
            _serve(gateway, place.data, at, host)
        finally:
            let_go(gateway)


def _serve(gateway: GatewayHandle, data: Path, at: socket.socket, host: str) -> None:
    # Loaded by who serves a page alone, and once the extra is known to be there.
    from console.browser.server import Browsing, serve

    door = Door(host, at.getsockname()[1])
    if not is_loopback(host):
        click.echo(f"llmconsole: {_danger(host, at.getsockname()[1])}", err=True)
    attach = ["attach", gateway.url, "--token-file", str(data / "admin.token")]
    server = Browsing((sys.executable, "-P", "-m", "console", *attach), door)
    click.echo(f"llmconsole: {SAYING}", err=True)
    asyncio.run(serve(server, at, lambda: click.echo(door.invite())))


def _danger(host: str, port: int) -> str:
    return (
        f"{host} is reached from other machines, and nothing is encrypted: who reads along can use this "
        f"console, keys and limits included; ssh -L {port}:127.0.0.1:{port} THIS-MACHINE is the safe way"
    )


def _listening(host: str, port: int) -> socket.socket:
    """Raises Trouble where it cannot listen, before a gateway is started."""
    if not host.strip():
        # For a socket that is every address there is.
        raise Trouble("cannot listen on a host without a name; leave --host out for this machine", WRONG_USE)
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == EADDRINUSE:
            told = f"port {port} on {host} is taken; choose another with --port, or end that program"
        else:
            told = f"cannot listen on {host} port {port}: {error.strerror}; choose another --host and --port"
        raise Trouble(told, WRONG_USE) from None
