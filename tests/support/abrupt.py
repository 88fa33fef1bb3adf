"""A provider that takes each call whole and then does something that no client hopes for."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def abrupt_provider(answer: bytes = b"", *, seconds: float = 0.0) -> Iterator[str]:
    """The base URL, as OpenAI's SDK takes it, of a server that closes after these bytes, or without a word.

    seconds: how long it is silent before.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    closing = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
                    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                    while len(body) < length:
                        body += connection.recv(65536)
                    closing.wait(seconds)
                    connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    closing.set()
    listener.close()
