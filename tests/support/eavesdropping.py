"""Who is called, and with what: a relay to a server that notes every request, and a proxy that lets nothing
through and notes where somebody wanted to go."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_REQUEST = re.compile(rb"(?:^|\r\n\r\n|\})([A-Z]{3,7}) (\S+) HTTP/1\.1\r\n((?:[^\r\n]+\r\n)*)")
_STATUS = re.compile(rb"(?:^|\n)HTTP/1\.1 (\d{3})")


class Listener:
    """A server on this machine, each connection in a thread. `asked`: method and target of every request,
    with the protocol that it wanted to change to; `answered`: the statuses that came back."""

    def __init__(self, to: str | None = None) -> None:
        """to: the URL of the server that is relayed to; without one nothing is let through."""
        self._to = urlsplit(to) if to else None
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._host = self._to.netloc.encode() if self._to else b""
        self.asked: list[str] = []
        self.answered: list[int] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._socket.accept()
                threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            if self._to is None or self._to.hostname is None:
                self._note(client.recv(65_536))
                client.sendall(
                    b"HTTP/1.1 503 Nothing passes\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                )
                return
            with socket.create_connection((self._to.hostname, self._to.port or 80)) as server:
                back = threading.Thread(target=self._pass, args=(server, client, False), daemon=True)
                back.start()
                self._pass(client, server, True)
                back.join(5)

    def _pass(self, source: socket.socket, target: socket.socket, up: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if up:
                    self._note(data)
                    data = data.replace(self.url.removeprefix("http://").encode(), self._host)
                else:
                    self.answered += [int(found) for found in _STATUS.findall(data)]
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def _note(self, data: bytes) -> None:
        for method, target, fields in _REQUEST.findall(data):
            changed = re.search(rb"(?im)^upgrade: *(\S+)", fields)
            words = [method, target, *([b"-> " + changed[1].lower()] if changed else [])]
            self.asked.append(b" ".join(words).decode("latin-1"))
