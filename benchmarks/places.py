"""Where the same request is sent: straight to the provider, through nginx, through the gateway, to peers."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks import shapes
from gateway_core.providers.prices import ensure_compiled
from tests.support.gateway import PROVIDER_KEY, Gateways, RunningGateway
from tests.support.real import find
from tests.support.simulated import SimulatedProvider

TAGS = {"x-llmconsole-tags": "project=web,user=ann,mode=building"}

# Every feature that a call can meet is on: three budgets, a throttle, a route, the cache asked for by tag.
POLICY = """
[[budgets]]
name = "everything"
match = {}
limit_usd = "1000000"
window = "month"
[[budgets]]
name = "web"
match = { project = "web" }
limit_usd = "100000"
window = "day"
[[budgets]]
name = "ann"
match = { user = "ann" }
limit_tokens = 1_000_000_000_000
window = "month"
[[throttles]]
match = { user = "ann" }
tokens_per_minute = 1_000_000_000_000
[[routes]]
name = "building stays"
when = { mode = "building" }
use = ["gpt-4o-mini"]
[cache]
exact = { when = { project = "cached" }, ttl = "1h" }
"""

NGINX = """
daemon off; master_process off; worker_processes 1; error_log stderr crit; pid {folder}/nginx.pid;
events {{ worker_connections 512; }}
http {{
    access_log off; tcp_nodelay on; keepalive_requests 100000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    upstream provider {{ server 127.0.0.1:{provider}; keepalive 64; keepalive_requests 100000000; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_buffering off;
        }}
    }}
}}
"""


@dataclass
class Place:
    """One way to the provider. `pids` are its own processes, none for the direct call."""

    name: str
    url: str
    key: str = PROVIDER_KEY
    headers: dict[str, str] = field(default_factory=dict)
    pids: tuple[int, ...] = ()

    def request(self, *, stream: bool = False) -> bytes:
        return shapes.request(self.url, key=self.key, stream=stream, headers=self.headers)

    def answers(self) -> bool:
        """Whether a first request is answered with 200."""
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json", **self.headers}
        url = f"{self.url}/v1/chat/completions"
        try:
            return httpx.post(url, content=shapes.body(), headers=headers, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False


def wait_for_answer(place: Place, seconds: float = 20.0) -> float:
    """Seconds until the place answers. Raises TimeoutError."""
    start = time.perf_counter()
    while not place.answers():
        if time.perf_counter() - start > seconds:
            raise TimeoutError(f"{place.name} does not answer at {place.url}")
        time.sleep(0.005)
    return time.perf_counter() - start


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def provider(folder: Path, *options: str) -> Iterator[tuple[SimulatedProvider, Place]]:
    """The simulated provider in its plain mode: one canned answer, so that it costs next to nothing."""
    folder.mkdir()
    simulated = SimulatedProvider(folder, "--plain", *options)
    try:
        yield simulated, Place("direct", simulated.url)
    finally:
        simulated.close()


@contextmanager
def nginx(folder: Path, simulated: SimulatedProvider) -> Iterator[Place | None]:
    """A plain nginx proxy in front of the provider; None where nginx is not installed."""
    program = find("nginx")
    if program is None:
        yield None
        return
    folder.mkdir()
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, provider=simulated.port, port=port), encoding="utf-8")
    with (folder / "nginx.log").open("wb") as log:
        running = subprocess.Popen([program, "-p", folder, "-e", "stderr", "-c", config], stderr=log)
    try:
        place = Place("nginx", f"http://127.0.0.1:{port}", pids=(running.pid,))
        wait_for_answer(place)
        yield place
    finally:
        running.terminate()
        running.wait()


@contextmanager
def gateway(folder: Path, simulated: SimulatedProvider) -> Iterator[tuple[Place, RunningGateway, float]]:
    """The gateway with everything on, and the seconds from its start to its first answer."""
    folder.mkdir()
    prices = folder / "prices.json"
    ensure_compiled(prices)
    # As from a keyring, the key is in memory from the first call on; a key file is read each time.
    section = (
        f'[providers.openai]\nbase_url = "{simulated.base_url("openai")}"\napi_key = "env:OPENAI_API_KEY"\n'
    )
    environment = {"OPENAI_API_KEY": PROVIDER_KEY}
    gateways = Gateways(folder, {}, prices, fresh=True)
    try:
        # The first start writes the data folder; the one that is timed finds it, as every later one does.
        first = gateways.start(section + POLICY, environment=environment)
        first.stop()
        start = time.perf_counter()
        running = gateways.again(first.data, first.config, environment=environment)
        place = Place("gateway", running.url, running.token, TAGS, (running.child.pid,))
        wait_for_answer(place)
        yield place, running, time.perf_counter() - start
    finally:
        gateways.close()
        shutil.rmtree(folder, ignore_errors=True)
