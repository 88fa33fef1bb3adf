"""The variables that point each client at the gateway, as the clients themselves read them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from console.pointing import Target, every_variable, hidden, own_command, setups, sh_lines

PLAIN = Target("http://127.0.0.1:4141", "lc-token")
TAGGED = Target("http://127.0.0.1:4141", "lc-token", {"project": "web shop", "branch": "fix/a"})


def test_openai_clients_take_the_version_and_the_others_do_not():
    known = setups(PLAIN)
    assert known["openai"].variables["OPENAI_BASE_URL"] == "http://127.0.0.1:4141/v1"
    assert known["claude"].variables["ANTHROPIC_BASE_URL"] == "http://127.0.0.1:4141"
    assert known["gemini"].variables["GOOGLE_GEMINI_BASE_URL"] == "http://127.0.0.1:4141"


def test_tags_ride_in_the_path():
    assert setups(TAGGED)["openai"].variables["OPENAI_BASE_URL"] == (
        "http://127.0.0.1:4141/@project=web%20shop,branch=fix%2Fa/v1"
    )


def test_codex_is_told_by_options_and_finds_its_token_in_a_variable():
    codex = setups(PLAIN)["codex"]
    assert codex.variables == {"LLMCONSOLE_TOKEN": "lc-token"}
    assert 'model_providers.llmconsole.base_url="http://127.0.0.1:4141/v1"' in codex.arguments
    assert "lc-token" not in " ".join(codex.arguments)


def test_opencode_gets_each_providers_own_base_url():
    told = json.loads(setups(PLAIN)["opencode"].variables["OPENCODE_CONFIG_CONTENT"])
    options = {name: each["options"]["baseURL"] for name, each in told["provider"].items()}
    assert options == {
        "openai": "http://127.0.0.1:4141/v1",
        "anthropic": "http://127.0.0.1:4141/v1",
        "google": "http://127.0.0.1:4141/v1beta",
    }


@pytest.mark.parametrize("name", list(setups(PLAIN)))
def test_no_client_is_given_what_it_must_be_without(name):
    setup = setups(PLAIN)[name]
    assert not set(setup.variables) & set(setup.without)


def test_an_unknown_program_gets_one_credential_for_anthropic():
    everything = every_variable(PLAIN)
    assert "ANTHROPIC_AUTH_TOKEN" not in everything.variables
    assert everything.variables["ANTHROPIC_API_KEY"] == "lc-token"


def test_a_command_that_is_not_on_the_path_is_named_as_a_shell_finds_it_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    program = tmp_path / ".venv" / "bin" / "llmconsole"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", "/nowhere")
    assert own_command(str(program), tmp_path) == "~/.venv/bin/llmconsole"
    assert own_command(str(program), tmp_path / "elsewhere") == str(program)
    monkeypatch.setenv("PATH", str(program.parent))
    assert own_command(str(program), tmp_path) == "llmconsole"
    assert own_command("/usr/bin/pytest", tmp_path) == "llmconsole"


def test_the_lines_of_a_shell_quote_what_they_must() -> None:
    claude = sh_lines(setups(TAGGED)["claude"], "claude")
    assert claude == [
        "export ANTHROPIC_BASE_URL=http://127.0.0.1:4141/@project=web%20shop,branch=fix%2Fa",
        "export ANTHROPIC_AUTH_TOKEN=lc-token",
        "unset ANTHROPIC_API_KEY",
    ]
    codex = sh_lines(setups(PLAIN)["codex"], "codex")
    assert codex[0] == "export LLMCONSOLE_TOKEN=lc-token" and codex[1].startswith("# start it as: codex -c ")


def test_a_token_is_shown_by_its_last_letters() -> None:
    assert hidden("lc-0123456789abcdef") == "lc-••••cdef"
    assert "0123" not in hidden("0123456789abcdef")
