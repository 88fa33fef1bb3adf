"""A server on loopback that answers every request with the same bytes, for the official SDKs to read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.clients.sdks import Place


@contextmanager
def answering(body: bytes, *, status: int = 200, kind: str = "application/json") -> Iterator[Place]:
    """Where a client gets this answer, whatever it asks."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.do_GET()

        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            with ExitStack() as clients:
                yield Place(f"http://127.0.0.1:{server.server_port}", "sk-test", {}, clients)
        finally:
            server.shutdown()
            thread.join()
