"""The door of the admin plane: who gets in, what a refusal looks like, and that all of it is described."""

from __future__ import annotations

import json
import re
import socket

import pytest

from gateway_core.http.admin_plane import MAX_BODY
from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT


@pytest.fixture
def gateway(shared_gateway: RunningGateway) -> RunningGateway:
    return shared_gateway


def admin_headers(gateway: RunningGateway) -> dict[str, str]:
    return {"authorization": f"Bearer {gateway.admin_token}"}


@pytest.mark.parametrize("path", ["/status", "/openapi.json", "/events", "/nowhere", "/export"])
def test_only_the_admin_token_opens_it(gateway: RunningGateway, path: str) -> None:
    for credential in (
        {},
        {"authorization": f"Bearer {gateway.token}"},
        {"x-api-key": gateway.admin_token},
        {"x-llmconsole-token": gateway.token},
        {"authorization": gateway.admin_token},
        {"authorization": f"Bearer {gateway.admin_token[:-1]}"},
        {"authorization": f"Bearer {gateway.admin_token}x"},
    ):
        answer = gateway.http.get(f"/admin/v1{path}", headers=credential)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "invalid_admin_token"


def test_the_admin_token_is_no_client_token(gateway: RunningGateway) -> None:
    answer = gateway.http.post(CHAT.path, headers=admin_headers(gateway), json=CHAT.ask("Hello"))
    assert answer.status_code == 401


@pytest.mark.parametrize("header", [{"host": "evil.example"}, {"origin": "https://evil.example"}])
def test_a_web_page_is_refused_before_its_token_is_looked_at(
    gateway: RunningGateway, header: dict[str, str]
) -> None:
    answer = gateway.http.get("/admin/v1/status", headers={**admin_headers(gateway), **header})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "nowhere", None, 404, "not_found"),
        ("DELETE", "status", None, 405, "method_not_allowed"),
        ("PUT", "mode", {"mode": "vibing", "mod": 1}, 422, "invalid_request"),
        ("PUT", "mode", {}, 422, "invalid_request"),
        ("GET", "calls?limit=0", None, 422, "invalid_request"),
        ("GET", "calls?where=loose", None, 400, "invalid_where"),
        ("GET", "calls/none", None, 404, "no_such_call"),
        ("GET", "spend?range=2h", None, 400, "invalid_range"),
        ("GET", "spend?by=nonsense", None, 422, "invalid_request"),
        ("GET", "report?by=nonsense", None, 400, "unknown_grouping"),
        ("GET", "report?since=soon", None, 400, "invalid_time"),
        ("GET", "export?format=xml", None, 422, "invalid_request"),
    ],
)
def test_every_refusal_is_a_code_and_a_sentence(
    gateway: RunningGateway, method: str, path: str, body: object, status: int, code: str
) -> None:
    answer = gateway.admin_response(method, path, json=body)
    assert answer.status_code == status, answer.text
    assert answer.json().keys() == {"error"}
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["message"]


def test_what_is_wrong_in_a_body_is_named_but_never_repeated(gateway: RunningGateway) -> None:
    body = {"key": "sk-secret-123456789", "sesion_only": True}
    answer = gateway.admin_response("PUT", "keys/openai", json=body)
    assert answer.status_code == 422
    assert "sesion_only" in answer.text
    assert "sk-secret" not in answer.text


def test_a_body_is_bounded_and_json(gateway: RunningGateway) -> None:
    big = json.dumps({"toml": "#" * MAX_BODY})
    assert gateway.admin_response("PUT", "policy", content=big).status_code == 413
    streamed = gateway.admin_response("PUT", "policy", content=iter([b'{"toml": ""}']))
    assert streamed.status_code == 413
    assert gateway.admin_response("PUT", "policy", content=b"{broken").status_code == 422


def test_everything_is_described(gateway: RunningGateway) -> None:
    schema = gateway.admin("GET", "openapi.json")
    told = [
        (path, verb, operation) for path, each in schema["paths"].items() for verb, operation in each.items()
    ]
    assert len(told) >= 30
    for path, verb, operation in told:
        assert path.startswith("/admin/v1/"), path
        assert operation.get("description"), f"{verb} {path} has no description"
    assert schema["components"]["schemas"]["BudgetAnswer"]["description"]


def test_the_server_answers_while_the_admin_plane_is_loaded(gateways: Gateways) -> None:
    """Two first requests at once load it once, and neither waits for ever."""
    gateway = gateways.start()
    host, port = re.fullmatch(r"http://(.*):(\d+)", gateway.url).groups()  # type: ignore[union-attr]
    request = (
        f"GET /admin/v1/mode HTTP/1.1\r\nhost: {host}:{port}\r\n"
        f"authorization: Bearer {gateway.admin_token}\r\nconnection: close\r\n\r\n"
    ).encode()
    sockets = [socket.create_connection((host, int(port)), timeout=20) for _ in range(2)]
    for each in sockets:
        each.sendall(request)
    for each in sockets:
        with each, each.makefile("rb") as stream:
            assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
