"""Providers' keys and client tokens over HTTP: kept, shown by their last four, tried and forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.gateway import PROVIDER_KEY, Gateways, RunningGateway
from tests.support.keyring_session import KeyringSession
from tests.support.simulated import SimulatedProvider
from tests.support.wires import CHAT

SECRET = "sk-test-0123456789abcdef"


@pytest.fixture
def gateway(gateways: Gateways) -> RunningGateway:
    return gateways.start()


def state_of(gateway: RunningGateway, provider: str) -> dict[str, object]:
    keys = gateway.admin("GET", "keys")["keys"]
    found: dict[str, object] = next(each for each in keys if each["provider"] == provider)
    return found


def hello(gateway: RunningGateway, token: str) -> int:
    """The status of a call with that token."""
    answer = gateway.http.post(CHAT.path, headers=CHAT.credential(token), json=CHAT.ask("Hello"))
    return answer.status_code


def test_where_each_key_comes_from_is_told_and_never_the_key(shared_gateway: RunningGateway) -> None:
    gateway = shared_gateway
    answer = gateway.admin_response("GET", "keys")
    assert PROVIDER_KEY not in answer.text
    openai, ollama, groq = (state_of(gateway, name) for name in ("openai", "ollama", "groq"))
    assert (openai["source"], openai["hint"], openai["needs_key"]) == ("file", "••••7f3a", True)
    assert (ollama["source"], ollama["hint"], ollama["needs_key"]) == ("none", None, False)
    assert (groq["source"], groq["hint"], groq["key_env"]) == ("missing", None, ["GROQ_API_KEY"])


def test_without_a_keyring_a_key_can_stay_for_the_session(gateway: RunningGateway) -> None:
    refused = gateway.admin_response("PUT", "keys/groq", json={"key": SECRET})
    assert refused.status_code == 503
    assert SECRET not in refused.text
    kept = gateway.admin("PUT", "keys/groq", json={"key": SECRET, "session_only": True})
    assert (kept["source"], kept["hint"]) == ("session", "••••cdef")
    gateway.admin("DELETE", "keys/groq")
    assert state_of(gateway, "groq")["source"] == "missing"
    assert gateway.admin_response("DELETE", "keys/groq").status_code in (404, 503)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("keys/nobody", {"key": SECRET}, 404),
        ("keys/groq", {"key": "two words", "session_only": True}, 400),
        ("keys/groq", {"key": "", "session_only": True}, 400),
    ],
)
def test_what_is_no_key_or_no_provider_is_refused(
    shared_gateway: RunningGateway, path: str, body: dict[str, object], status: int
) -> None:
    assert shared_gateway.admin_response("PUT", path, json=body).status_code == status


def test_a_key_is_tried_by_asking_for_models(gateway: RunningGateway, simulated: SimulatedProvider) -> None:
    before = simulated.mark()
    tried = gateway.admin("POST", "keys/openai/test", json={})
    assert tried["ok"] and tried["models"] > 0 and tried["latency_ms"] > 0 and tried["problem"] is None
    assert [seen["path"] for seen in simulated.seen(before)] == ["/v1/models"]
    assert gateway.admin("POST", "keys/groq/test", json={})["problem"].startswith("no key for Groq")


def test_a_provider_that_does_not_answer_is_a_problem_without_the_key(gateways: Gateways) -> None:
    gateway = gateways.start(base_urls={"openai": "http://127.0.0.1:9/v1"})
    tried = gateway.admin("POST", "keys/openai/test", json={"key": SECRET})
    assert not tried["ok"]
    assert "127.0.0.1" in tried["problem"] and SECRET not in tried["problem"]
    failed = [check for check in gateway.doctor() if check["name"] == "provider: openai"]
    assert failed and "keys test openai" in failed[0]["mend"]


def test_with_a_keyring_the_key_is_kept_there(
    gateways: Gateways, keyring_session: KeyringSession, tmp_path: Path
) -> None:
    gateway = gateways.start(environment=keyring_session.environment)
    assert gateway.admin("GET", "status")["keyring"]["usable"]
    kept = gateway.admin("PUT", "keys/groq", json={"key": SECRET})
    assert (kept["source"], kept["hint"]) == ("keyring", "••••cdef")
    assert SECRET in keyring_session.search("service", "llmconsole", "username", "groq")
    gateway.admin("DELETE", "keys/groq")
    assert SECRET not in keyring_session.search("service", "llmconsole", "username", "groq")
    assert gateway.stop() == 0
    assert SECRET not in gateway.child.output


def test_a_token_is_shown_once_and_opens_the_data_plane_until_revoked(gateway: RunningGateway) -> None:
    made = gateway.admin("POST", "tokens", json={"name": "ci", "tags": {"user": "ci"}})
    assert made["name"] == "ci"
    listed = gateway.admin_response("GET", "tokens")
    assert made["token"] not in listed.text
    assert [each["name"] for each in listed.json()["tokens"]] == ["default", "ci"]
    assert hello(gateway, made["token"]) == 200
    gateway.rows(1)
    default, used = gateway.admin("GET", "tokens")["tokens"]
    assert default["last_used_at"] is None and used["last_used_at"] >= used["created_at"]
    openai = state_of(gateway, "openai")
    assert openai["last_ok_at"] == used["last_used_at"] and openai["last_ok_ms"] is not None
    assert state_of(gateway, "gemini")["last_ok_at"] is None
    gateway.admin("DELETE", "tokens/ci")
    assert hello(gateway, made["token"]) == 401
    revoked = gateway.admin("GET", "tokens")["tokens"][1]
    assert revoked["revoked_at"] > revoked["created_at"]
    assert gateway.admin_response("DELETE", "tokens/ci").status_code == 404
    assert gateway.admin("POST", "tokens", json={"name": "ci", "tags": {}})["token"] != made["token"]
    _, before, after = gateway.admin("GET", "tokens")["tokens"]
    assert before["last_used_at"] and after["last_used_at"] is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "default", "tags": {}}, 409),
        ({"name": " ", "tags": {}}, 400),
        ({"name": "a\nb", "tags": {}}, 400),
        ({"name": "x" * 65, "tags": {}}, 400),
        ({"name": "x", "tags": {"bad key": "v"}}, 400),
        ({"name": "x", "tags": {"user": 5}}, 422),
    ],
)
def test_a_token_needs_a_name_of_its_own_and_proper_tags(
    shared_gateway: RunningGateway, body: dict[str, object], status: int
) -> None:
    assert shared_gateway.admin_response("POST", "tokens", json=body).status_code == status


def test_the_first_token_is_handed_out_until_it_is_revoked(gateway: RunningGateway) -> None:
    assert gateway.admin("GET", "client-token") == {"name": "default", "token": gateway.token}
    assert hello(gateway, gateway.token) == 200
    gateway.admin("DELETE", "tokens/default")
    assert gateway.admin_response("GET", "client-token").status_code == 404
