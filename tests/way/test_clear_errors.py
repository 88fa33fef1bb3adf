"""Each thing that can be wrong has its own clear error, in the client's format, naming the mend."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support.gateway import PROVIDERS, Gateways, RunningGateway
from tests.support.processes import clean_environment
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT, GEMINI, Json, Wire


def unused_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def shared(shared_gateways: Gateways) -> RunningGateway:
    return shared_gateways.start()


@pytest.fixture
def gateway(shared: RunningGateway) -> RunningGateway:
    return shared.next_test()


@pytest.fixture(scope="module")
def keyless(shared_gateways: Gateways) -> RunningGateway:
    """A gateway whose providers have no key anywhere."""
    sections = "".join(f'[providers.{name}]\napi_key = "keyring"\n' for name in PROVIDERS)
    return shared_gateways.start(sections, base_urls={})


@pytest.fixture(scope="module")
def alone(shared_gateways: Gateways) -> RunningGateway:
    """A gateway whose providers do not answer."""
    nobody = f"http://127.0.0.1:{unused_port()}"
    return shared_gateways.start(base_urls=dict.fromkeys(PROVIDERS, nobody))


def send(gateway: RunningGateway, wire: Wire, body: Json, **headers: str) -> httpx.Response:
    return gateway.http.post(wire.path, json=body, headers={**wire.credential(gateway.token), **headers})


def refused(response: httpx.Response, wire: Wire, status: int) -> str:
    """The message of a refusal, once its status and shape are what that client expects."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-llmconsole-request-id"]
    code, message = wire.error_of(response.json())
    assert code
    if wire is GEMINI:
        assert response.json()["error"]["code"] == status
    assert "Traceback" not in message and str(Path.home()) not in message
    return message


def test_a_wrong_token(gateway: RunningGateway, simulated: SimulatedProvider, wire: Wire) -> None:
    before = simulated.mark()
    for token in ("not-a-token", gateway.token[:-1], gateway.admin_token):
        response = gateway.http.post(wire.path, json=wire.ask("hello"), headers=wire.credential(token))
        assert "llmconsole env" in refused(response, wire, 401)
        assert token not in response.text
    assert not simulated.seen(before)


def test_no_token(gateway: RunningGateway, wire: Wire) -> None:
    headers = {"anthropic-version": "2023-06-01"} if wire.provider == "anthropic" else {}
    assert "token" in refused(
        gateway.http.post(wire.path, json=wire.ask("hello"), headers=headers), wire, 401
    )


def test_a_token_in_the_url(gateway: RunningGateway) -> None:
    response = gateway.http.post(f"{GEMINI.path}?key={gateway.token}", json=GEMINI.ask("hello"))
    assert "URL" in refused(response, GEMINI, 400)
    assert gateway.token not in gateway.child.output


def test_an_unknown_model(gateway: RunningGateway, simulated: SimulatedProvider, wire: Wire) -> None:
    before = simulated.mark()
    unknown = wire.model.replace("g", "q", 1).replace("claude", "cloude")
    response = gateway.http.post(
        wire.for_model(unknown),
        json=wire.ask("hello", model=unknown),
        headers=wire.credential(gateway.token),
    )
    message = refused(response, wire, 404)
    assert unknown in message and wire.model in message
    assert not simulated.seen(before)
    (row,) = gateway.rows(1)
    assert (row["outcome"], row["cost_usd"], row["asked_model"]) == ("refused", "0.00", unknown)


def test_no_provider_key(keyless: RunningGateway, wire: Wire) -> None:
    """The mend is named; the keyring of this machine holds nothing and there is no variable either."""
    gateway = keyless.next_test()
    message = refused(send(gateway, wire, wire.ask("hello")), wire, 401)
    assert f"llmconsole keys set {wire.provider}" in message
    (row,) = gateway.rows(1)
    assert (row["outcome"], row["cost_usd"]) == ("refused", "0.00")


def test_a_provider_that_is_down(alone: RunningGateway, wire: Wire) -> None:
    gateway = alone.next_test()
    message = refused(send(gateway, wire, wire.ask("hello")), wire, 502)
    assert wire.provider in message
    (row,) = gateway.rows(1)
    assert (row["outcome"], row["cost_usd"]) == ("failed", "0.00")
    assert row["error"]


def test_a_provider_that_breaks_off(gateway: RunningGateway, wire: Wire) -> None:
    response = send(gateway, wire, wire.ask("Half an answer. [[sim break=after:1]]"))
    assert refused(response, wire, 502)
    (row,) = gateway.rows(1)
    assert (row["outcome"], row["certainty"]) == ("failed", "estimated")
    assert float(row["cost_usd"]) > 0, "the provider may bill what it had begun"


@pytest.mark.parametrize("body", [b"", b"{", b'{"model": "gpt-5-mini", "messages": [}', b"[]", b"\xff\xfe{}"])
def test_broken_json(gateway: RunningGateway, simulated: SimulatedProvider, wire: Wire, body: bytes) -> None:
    before = simulated.mark()
    headers = {**wire.credential(gateway.token), "content-type": "application/json"}
    response = gateway.http.post(wire.path, content=body, headers=headers)
    message = refused(response, wire, 400)
    assert "JSON" in message or "UTF-8" in message
    assert not simulated.seen(before)


def test_a_body_that_is_too_large(gateways: Gateways) -> None:
    gateway = gateways.start(top="max_body_mb = 1")
    assert "max_body_mb" in refused(send(gateway, CHAT, CHAT.ask("x" * 1_200_000)), CHAT, 413)


def test_an_unknown_path_is_named(gateway: RunningGateway) -> None:
    response = gateway.http.post("/v2/chat/completions", json={}, headers=CHAT.credential(gateway.token))
    assert response.status_code == 404
    assert "/v2/chat/completions" in response.text


@pytest.mark.parametrize(
    ("headers", "word"),
    [({"host": "evil.example"}, "Host"), ({"origin": "https://evil.example"}, "web pages")],
    ids=["host", "origin"],
)
def test_a_foreign_page(gateway: RunningGateway, headers: dict[str, str], word: str) -> None:
    assert word in refused(send(gateway, CHAT, CHAT.ask("hello"), **headers), CHAT, 403)
    assert gateway.http.get("/admin/v1/status", headers=headers).status_code in (401, 403)


def test_a_throttle_says_when_it_goes_on(gateways: Gateways, wire: Wire) -> None:
    gateway = gateways.start('[[throttles]]\nmatch = { user = "ann" }\ntokens_per_minute = 2_000\n')
    ann = {"x-llmconsole-tags": "user=ann"}
    assert send(gateway, wire, wire.ask("[[sim output=1500]]", cap=1500), **ann).status_code == 200
    response = send(gateway, wire, wire.ask("[[sim output=1500]]", cap=1500), **ann)
    assert refused(response, wire, 429)
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert send(gateway, wire, wire.ask("[[sim output=10]]"), **{"x-llmconsole-tags": "user=bob"}).is_success


class TestConfiguration:
    """The gateway does not start on a wrong configuration; one line says file, line and the mend."""

    @staticmethod
    def start(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
        config = folder / "config.toml"
        config.write_text(text, encoding="utf-8")
        return subprocess.run(
            [
                sys.executable, "-m", "gateway_core",
                "--data", str(folder / "data"), "--config", str(config), "--port", "0", *options,
            ],
            env=clean_environment(folder),
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("text", "line", "words"),
        [
            ('prot = 4141\n', 1, ["prot", "port"]),
            ('port = "x"\n', 1, ["port"]),
            ('\n[providers.openai]\nbase_uri = "http://127.0.0.1:1/v1"\n', 3, ["base_uri", "base_url"]),
            ('[[budgets]]\nname = "a"\nlimit_usd = "ten"\nwindow = "month"\n', 3, ["ten"]),
            ('[[budgets]]\nname = "a"\nlimit_usd = "10"\nwindow = "fortnight"\n', 4, ["fortnight", "month"]),
            ('[prices."mylab/x"]\ninputs = "1"\n', 2, ["inputs", "input"]),
            ("port = 4141\nport = 4142\n", 2, []),
            ("port = \n", 1, []),
        ],
        ids=["key", "type", "nested key", "amount", "window", "price key", "twice", "no TOML"],
    )  # fmt: skip
    def test_a_mistake_is_named(self, tmp_path: Path, text: str, line: int, words: list[str]) -> None:
        done = self.start(tmp_path, text)
        assert done.returncode == 2, done.stderr
        assert not done.stdout
        (sentence,) = done.stderr.strip().splitlines()
        assert f"config.toml:{line}" in sentence or f"line {line}" in sentence, sentence
        assert all(word in sentence for word in words), sentence

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        done = self.start(tmp_path, "", "--config", str(tmp_path / "nowhere.toml"))
        assert done.returncode == 2
        assert "nowhere.toml" in done.stderr and len(done.stderr.strip().splitlines()) == 1

    def test_a_port_that_is_taken(self, tmp_path: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            done = self.start(tmp_path, "", "--port", str(port))
        assert done.returncode == 3, done.stderr
        (sentence,) = done.stderr.strip().splitlines()
        assert str(port) in sentence
        if sys.platform == "linux":
            assert str(os.getpid()) in sentence, "who holds it is named"

    def test_a_data_folder_in_use(self, gateway: RunningGateway, tmp_path: Path) -> None:
        done = self.start(tmp_path, "", "--data", str(gateway.data))
        assert done.returncode == 3, done.stderr
        (sentence,) = done.stderr.strip().splitlines()
        assert str(gateway.child.pid) in sentence or gateway.url in sentence
        assert gateway.http.get("/health/live").status_code == 200
