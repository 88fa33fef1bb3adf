"""Tags: from the token, the header, the path and the body, in that order; untagged calls take the mode."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT, MESSAGES, Wire


@pytest.fixture
def gateway(gateways: Gateways) -> RunningGateway:
    return gateways.start()


def tags_of_one(
    gateway: RunningGateway,
    *,
    prefix: str = "",
    token: str = "",
    wire: Wire = CHAT,
    more: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> dict[str, str]:
    sent = {**wire.credential(token or gateway.token), **(headers or {})}
    body = {**wire.ask("Whose is this?"), **(more or {})}
    response = gateway.http.post(prefix + wire.path, json=body, headers=sent)
    assert response.status_code == 200, response.text
    tags: dict[str, str] = gateway.rows(1)[0]["tags"]
    return tags


def test_untagged_calls_take_the_current_mode(gateway: RunningGateway) -> None:
    gateway.admin("PUT", "mode", json={"mode": "building"})
    assert tags_of_one(gateway)["mode"] == "building"


def test_the_path_tags_clients_that_can_only_set_a_url(gateway: RunningGateway) -> None:
    tags = tags_of_one(gateway, prefix="/@project=web,mode=vibing")
    assert tags.items() >= {"project": "web", "mode": "vibing"}.items()


def test_the_body_tags_too(gateway: RunningGateway) -> None:
    tags = tags_of_one(gateway, more={"metadata": {"project": "docs"}, "user": "ann"})
    assert tags.items() >= {"project": "docs", "user": "ann"}.items()


def test_anthropics_metadata_names_the_user(gateway: RunningGateway) -> None:
    tags = tags_of_one(gateway, wire=MESSAGES, more={"metadata": {"user_id": "ann"}})
    assert tags["user"] == "ann"


def test_the_stronger_source_wins(gateway: RunningGateway) -> None:
    made = gateway.admin("POST", "tokens", json={"name": "ci", "tags": {"user": "ci"}})
    tags = tags_of_one(
        gateway,
        token=made["token"],
        headers={"x-llmconsole-tags": "user=somebody,project=header"},
        prefix="/@project=path,team=path",
        more={"metadata": {"team": "body", "app": "body"}},
    )
    assert tags.items() >= {"user": "ci", "project": "header", "team": "path", "app": "body"}.items()


@pytest.mark.parametrize(
    "headers",
    [
        {"x-litellm-tags": "project=web"},
        {"x-portkey-metadata": '{"project": "web"}'},
        {"helicone-property-project": "web"},
        {"x-llmconsole-tags": "project:web"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_headers_of_people_who_migrate(gateway: RunningGateway, headers: dict[str, str]) -> None:
    assert tags_of_one(gateway, headers=headers)["project"] == "web"
