"""What `llmconsole web` serves, to whom, and what it refuses; over real sockets."""

from __future__ import annotations

import json
import os
import pty
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.console.browser.serving import Web
from tests.console.conftest import CommandLine
from tests.support.gateway import RunningGateway
from tests.support.processes import wait_for
from tests.support.without import without


@contextmanager
def screen(web: Web, room: str, **headers: str) -> Iterator[ClientConnection]:
    """The websocket of a tab. headers: Origin, Cookie, Host where they are not those of our own page."""
    cookie = "; ".join(f"{name}={value}" for name, value in web.http.cookies.items())
    sent = {"Origin": f"http://{web.host}", "Cookie": cookie, **headers}
    with connect(
        f"ws://{web.host}{room}ws?width=120&height=36",
        additional_headers={name: value for name, value in sent.items() if value},
        proxy=None,
        open_timeout=30,
    ) as wire:
        yield wire


def drawn(wire: ClientConnection, words: str, seconds: float = 60.0) -> str:
    """What the console draws until these words are among it."""
    told = ""
    while words not in told:
        part = wire.recv(seconds)
        told += part.decode("utf-8", "replace") if isinstance(part, bytes) else ""
    return told


def refused(web: Web, room: str, **headers: str) -> int:
    with pytest.raises(InvalidStatus) as error, screen(web, room, **headers):
        pass
    return error.value.response.status_code


def test_the_address_becomes_a_session_once(web: Web) -> None:
    answer = web.http.get(web.address)
    assert answer.status_code == 303 and "token" not in answer.headers["location"]
    room, cookie = answer.headers["location"], answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Strict", f"Path={room}"} <= set(cookie.split("; "))
    assert web.http.get(room).status_code == 200
    again = httpx.get(web.address, trust_env=False)
    assert again.status_code == 403 and "has been used" in again.text


def test_a_look_at_the_head_leaves_the_address_good(web: Web) -> None:
    """Programs that draw a picture of a link look first whether there is one."""
    assert httpx.head(web.address, trust_env=False).status_code == 405
    assert web.http.get(web.address).status_code == 303


def test_without_a_session_nothing_is_served(web: Web) -> None:
    room = web.enter()
    with httpx.Client(base_url=f"http://{web.host}", trust_env=False) as stranger:
        for path in ("", "ws", "page.js", "static/js/textual.js", "../"):
            assert stranger.get(f"{room}{path}").status_code == 403
        assert stranger.get("/?token=guess").status_code == 403
        assert stranger.get(room, headers={"Cookie": "llmconsole=guess"}).status_code == 403
    assert web.consoles() == []


def test_the_page_holds_no_token_and_loads_nothing_from_elsewhere(web: Web, gateway: RunningGateway) -> None:
    answer = web.http.get(web.enter())
    assert gateway.admin_token not in answer.text and gateway.token not in answer.text
    assert web.address.partition("token=")[2] not in answer.text
    assert "http://" not in answer.text and "https://" not in answer.text
    rules = answer.headers["content-security-policy"]
    assert "default-src 'none'" in rules and "frame-ancestors 'none'" in rules
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1:1"])
def test_a_foreign_host_is_refused(web: Web, host: str) -> None:
    room, port = web.enter(), web.host.rpartition(":")[2]
    headers = {"Host": host.format(port=port)}
    assert web.http.get(room, headers=headers).status_code == 403
    assert web.http.get("/?token=x", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "origin", ["", "null", "http://evil.example", "http://127.0.0.1:1", "https://{host}"]
)
def test_another_page_may_not_open_the_console(web: Web, origin: str) -> None:
    room = web.enter()
    assert refused(web, room, Origin=origin.format(host=web.host)) == 403
    assert web.consoles() == []


def test_a_session_that_is_none_opens_no_console(web: Web) -> None:
    room = web.enter()
    assert refused(web, room, Cookie="") == refused(web, room, Cookie="llmconsole=guess") == 403


def test_a_screen_is_drawn_follows_keys_and_ends_with_its_tab(web: Web, gateway: RunningGateway) -> None:
    room = web.enter()
    with screen(web, room) as wire:
        drawn(wire, "vibing")
        (command,) = web.consoles()
        assert "attach" in command and gateway.admin_token not in command
        wire.send(json.dumps(["stdin", "?"]))
        drawn(wire, "keys · dashboard")
        wire.send(json.dumps(["resize", {"width": 10**9, "height": -1}]))
        wire.send(json.dumps(["ping", "7"]))
    wait_for(lambda: not web.consoles(), what="the console's end", seconds=30)


def test_leaving_the_console_closes_the_tab(web: Web) -> None:
    with screen(web, web.enter()) as wire:
        drawn(wire, "spend")
        wire.send(json.dumps(["stdin", "q"]))
        with pytest.raises(ConnectionClosed):
            drawn(wire, "never said")
    wait_for(lambda: not web.consoles(), what="the console's end", seconds=30)


def test_enter_prints_another_address(gateway: RunningGateway, tmp_path: Path) -> None:
    keyboard, terminal = pty.openpty()
    web = Web(gateway, tmp_path / "typed", stdin=terminal)
    try:
        web.enter()
        os.write(keyboard, b"\n")
        wait_for(lambda: web.child.output.count("http://") == 2, what="another address", seconds=30)
        another = web.child.output.split()[-1]
        assert another != web.address and web.http.get(another).status_code == 303
        # The end of the input ends nothing.
        os.write(keyboard, b"\x04")
        assert web.interrupt() == 0
    finally:
        web.close()
        os.close(keyboard)
        os.close(terminal)


def test_ctrl_c_ends_consoles_and_server_without_a_word(web: Web, gateway: RunningGateway) -> None:
    with screen(web, web.enter()) as wire:
        drawn(wire, "vibing")
        assert web.interrupt() == 0
        with pytest.raises(ConnectionClosed):
            drawn(wire, "never said")
    assert web.child.output.count("\n") == 2, web.child.output
    assert gateway.child.running


def test_a_taken_port_is_one_sentence_and_starts_no_gateway(llmconsole: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        ran = llmconsole("web", "--port", str(port))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        f"llmconsole: port {port} on 127.0.0.1 is taken; choose another with --port, or end that program\n"
    )
    assert not llmconsole.data.exists()


def test_a_host_that_is_not_here_is_one_sentence(llmconsole: CommandLine) -> None:
    ran = llmconsole("web", "--host", "192.0.2.1")
    assert ran.returncode == 2 and ran.stderr.count("\n") == 1
    assert "cannot listen on 192.0.2.1 port 4142" in ran.stderr


@pytest.mark.parametrize("host", ["", " ", "a..b", "x" * 70])
def test_a_host_that_is_none_is_one_sentence_and_listens_nowhere(llmconsole: CommandLine, host: str) -> None:
    ran = llmconsole("web", "--host", host, "--port", "0")
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert ran.stderr.startswith("llmconsole: cannot listen on ")
    assert not llmconsole.data.exists()


def test_without_the_extra_its_install_line_is_told(llmconsole: CommandLine, tmp_path: Path) -> None:
    ran = llmconsole("web", more=without(tmp_path, "textual_serve", "aiohttp"))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.endswith("not installed; run in the clone: uv tool install '.[web]'\n")
    assert ran.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="0.0.0.0 may ask a firewall elsewhere")
def test_another_host_tells_the_danger(gateway: RunningGateway, tmp_path: Path) -> None:
    web = Web(gateway, tmp_path / "open", "--host", "0.0.0.0")
    try:
        assert "reached from other machines, and nothing is encrypted" in web.child.output
    finally:
        web.close()
