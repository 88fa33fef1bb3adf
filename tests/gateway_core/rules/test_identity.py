"""Who a call belongs to, by the stated precedence."""

from __future__ import annotations

import pytest

from gateway_core.model.call import Ask, DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.rules.identity import Identity, client_kind, identify


def ask(**more: object) -> Ask:
    return Ask(DialectName.OPENAI_CHAT, Operation.GENERATE, "gpt-5.1", **more)  # type: ignore[arg-type]


def who(headers: dict[str, str] | None = None, **more: object) -> Identity:
    given = {"path_tags": {}, "pinned": {}, "ask": ask(), "mode": "vibing"} | more
    return identify(headers=headers or {}, **given)  # type: ignore[arg-type]


def test_precedence_token_header_path_body_found_default() -> None:
    identity = who(
        {"x-llmconsole-tags": "user=header,project=header", "user-agent": "curl/8"},
        pinned={"user": "token"},
        path_tags={"user": "path", "project": "path", "team": "path"},
        ask=ask(tags={"team": "body", "app": "body", "client": "body"}),
    )
    assert identity.tags == {
        "user": "token",
        "project": "header",
        "team": "path",
        "app": "body",
        "client": "body",
        "mode": "vibing",
    }


def test_a_pinned_tag_cannot_be_changed() -> None:
    assert who({"x-llmconsole-tags": "project=other"}, pinned={"project": "web"}).tags["project"] == "web"


@pytest.mark.parametrize("layer", ["pinned", "path_tags", "peer", "header", "body"])
def test_only_the_gateway_tags_calls_of_its_own(layer: str) -> None:
    said = {"opinion": "mine", "purpose": "shadow", "app": "shop"}
    header = {"x-llmconsole-tags": ",".join(f"{key}={value}" for key, value in said.items())}
    layers: dict[str, Identity] = {"header": who(header), "body": who(ask=ask(tags=said))}
    identity = layers.get(layer) or who(**{layer: said})
    assert identity.tags == identity.written == {"app": "shop", "mode": "vibing"}


def test_what_the_gateway_says_of_its_own_call_stands_above_all_and_beyond_the_most_tags() -> None:
    many = {f"tag-{number}": "x" for number in range(32)}
    own = {"opinion": "mine", "purpose": "judge"}
    asked = who(path_tags=many).tags
    assert who(path_tags=asked, own=own).tags == {**many, **own, "mode": "vibing"}


def test_a_purpose_that_is_none_of_the_gateways_is_a_tag_like_any_other() -> None:
    assert who({"x-llmconsole-tags": "purpose=research"}).tags["purpose"] == "research"


def test_a_broken_header_is_refused_with_the_mend() -> None:
    with pytest.raises(Refusal, match="x-llmconsole-tags.*key=value") as caught:
        who({"x-llmconsole-tags": "web"})
    assert caught.value.status == 400


def test_other_gateways_words_are_understood() -> None:
    identity = who(
        {
            "x-litellm-tags": "team:core,urgent",
            "x-portkey-metadata": '{"_user": "ann", "n": 3, "none": null}',
            "helicone-property-app": "shop",
        }
    )
    assert identity.tags == {
        "team": "core", "tag": "urgent", "user": "ann", "n": "3", "app": "shop", "mode": "vibing",
    }  # fmt: skip


def test_what_cannot_be_read_of_them_is_left_out() -> None:
    assert who({"x-portkey-metadata": "{broken"}).tags == {"mode": "vibing"}


def test_sessions_come_from_the_clients_own_headers() -> None:
    assert who({"x-claude-code-session-id": "abc"}, ask=ask(session="body")).session == "abc"
    assert who(ask=ask(session="body")).session == "body"
    tagged = who({"x-llmconsole-tags": "session=mine"})
    assert (tagged.session, "session" in tagged.tags) == ("mine", False)


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"user-agent": "claude-cli/2.1.197 (external, cli)"}, "claude-code"),
        ({"originator": "codex_exec", "user-agent": "codex_exec/0.169.0"}, "codex"),
        ({"user-agent": "GeminiCLI-foo/0.61.0/gemini-3-pro"}, "gemini-cli"),
        ({"user-agent": "OpenAI/Python 3.54.0"}, "openai-sdk"),
        ({"user-agent": "Mozilla/5.0"}, None),
    ],
)
def test_clients_by_what_they_call_themselves(headers: dict[str, str], kind: str | None) -> None:
    assert client_kind(headers) == kind


@pytest.mark.parametrize("coding", ["utf-8", "latin-1"])
def test_a_tag_is_the_same_in_whatever_bytes_a_program_writes_it(coding: str) -> None:
    as_read = "bär".encode(coding).decode("latin-1")
    assert who({"x-llmconsole-tags": f"project={as_read}"}).tags["project"] == "bär"
    assert who({"helicone-property-app": as_read}).tags["app"] == "bär"


def test_foreign_words_that_cannot_be_read_are_left_out() -> None:
    deep = "[" * 20_000
    assert who({"x-portkey-metadata": deep}).tags == {"mode": "vibing"}


def test_a_row_keeps_what_the_call_came_with() -> None:
    names = {("project", "web"): "shop", ("mode", "vibing"): "play"}
    found = who(path_tags={"project": "web"}, names=names)
    assert found.tags == {"project": "shop", "mode": "play"}
    assert found.written == {"project": "web", "mode": "vibing"}
