"""`llmconsole doctor CLIENT`: what is set for a client, and a real request as it would send it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from console.checkup.ways import WAYS, addresses
from console.commands import env
from tests.support.client_pages import PAGES
from tests.support.commands import llmconsole
from tests.support.gateway import Gateways, RunningGateway

Checks = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def shared(shared_gateways: Gateways) -> RunningGateway:
    return shared_gateways.start()


@pytest.fixture
def gateway(shared: RunningGateway) -> RunningGateway:
    return shared.next_test()


class Shell:
    """A person's shell: a home, a working folder, variables."""

    def __init__(self, gateway: RunningGateway, folder: Path) -> None:
        self.gateway = gateway
        self.home = folder / "home"
        self.project = folder / "project"
        self.home.mkdir()
        self.project.mkdir()

    def doctor(self, client: str, *words: str, **variables: str) -> tuple[int, Checks, str]:
        """Exit status, the checks by name, and what went to standard error."""
        own = {
            "LLMCONSOLE_DATA": str(self.gateway.data),
            "LLMCONSOLE_CONFIG": str(self.gateway.config),
            **variables,
        }
        done = llmconsole(["doctor", client, "--json", *words], home=self.home, more=own, cwd=self.project)
        checks = json.loads(done.stdout)["checks"] if done.stdout else []
        return done.returncode, {check["name"]: check for check in checks}, done.stderr


@pytest.fixture
def shell(gateway: RunningGateway, tmp_path: Path) -> Shell:
    return Shell(gateway, tmp_path)


@pytest.mark.parametrize("client", [name for name in WAYS if name != "cursor"])
def test_a_client_that_finds_its_way(shell: Shell, gateway: RunningGateway, client: str) -> None:
    status, checks, _ = shell.doctor(client)
    assert (status, checks["request"]["ok"]) == (0, True), checks
    (row,) = gateway.rows(1)
    assert (row["outcome"], row["tags"]["app"], row["asked_model"]) == ("ok", "doctor", "auto")
    assert row["output_tokens"] <= 16


def test_a_shell_that_was_pointed_here(shell: Shell, gateway: RunningGateway) -> None:
    pointed = {"ANTHROPIC_BASE_URL": f"{gateway.url}/@project=web", "ANTHROPIC_AUTH_TOKEN": gateway.token}
    status, checks, _ = shell.doctor("claude", "--model", "claude-sonnet-4-5", **pointed)
    assert status == 0
    assert checks["address"]["detail"] == f"ANTHROPIC_BASE_URL={gateway.url}/@project=web"
    assert "claude-sonnet-4-5 answered for $" in checks["request"]["detail"]
    (row,) = gateway.rows(1)
    assert (row["tags"]["client"], row["tags"]["project"]) == ("claude-code", "web")


WRONG = [
    ("claude", {"ANTHROPIC_BASE_URL": "https://api.anthropic.com"}, "address", "points elsewhere"),
    ("claude", {"ANTHROPIC_BASE_URL": "http://127.0.0.1:1"}, "address", "names port 1"),
    ("claude", {"ANTHROPIC_BASE_URL": "URL/v1", "ANTHROPIC_AUTH_TOKEN": "TOKEN"}, "address", "ends in '/v1'"),
    ("openai", {"OPENAI_BASE_URL": "URL", "OPENAI_API_KEY": "TOKEN"}, "address", "wants URL/v1"),
    ("openai", {"OPENAI_BASE_URL": "URL/v1/v1", "OPENAI_API_KEY": "TOKEN"}, "address", "ends in '/v1/v1'"),
    ("openai", {"OPENAI_BASE_URL": "URL/v1", "OPENAI_API_KEY": "wrong"}, "request", "401"),
    (
        "claude",
        {"ANTHROPIC_BASE_URL": "URL", "ANTHROPIC_AUTH_TOKEN": "TOKEN", "ANTHROPIC_API_KEY": "sk-x"},
        "ANTHROPIC_API_KEY",
        "is set as well",
    ),
    ("openai", {"HTTP_PROXY": "http://127.0.0.1:9"}, "proxy", "HTTP_PROXY is set"),
]


@pytest.mark.parametrize(("client", "variables", "name", "said"), WRONG, ids=lambda value: str(value)[:40])
def test_what_is_wrong_is_named(
    shell: Shell, gateway: RunningGateway, client: str, variables: dict[str, str], name: str, said: str
) -> None:
    given = {
        key: value.replace("URL", gateway.url).replace("TOKEN", gateway.token)
        for key, value in variables.items()
    }
    status, checks, error = shell.doctor(client, **given)
    assert status == 1
    assert not checks[name]["ok"] and checks[name]["mend"]
    assert said.replace("URL", gateway.url) in checks[name]["detail"]
    assert gateway.token not in json.dumps(checks) + error


def test_budgets_keys_and_models_are_told_of(gateways: Gateways, tmp_path: Path) -> None:
    budget = '[[budgets]]\nname = "tiny"\nlimit_usd = "0.0000001"\nwindow = "day"\nmatch = {}\n'
    shell = Shell(gateways.start(budget), tmp_path)
    status, checks, _ = shell.doctor("codex")
    assert status == 1 and "400 budget 'tiny' has too little left" in checks["request"]["detail"]
    status, checks, _ = shell.doctor("llm", "--model", "gqt-5")
    assert status == 1 and "404 model 'gqt-5' is not known here" in checks["request"]["detail"]


def test_a_model_is_named_where_auto_knows_none(gateways: Gateways, tmp_path: Path) -> None:
    status, checks, _ = Shell(gateways.start(base_urls={}), tmp_path).doctor("openai")
    assert status == 1 and "404 auto finds no model" in checks["request"]["detail"]
    assert "`llmconsole keys set openai` (or anthropic, gemini)" in checks["request"]["detail"]
    assert "llmconsole doctor openai --model PROVIDER/MODEL" in checks["request"]["mend"]


def test_settings_files_are_looked_at(shell: Shell, gateway: RunningGateway) -> None:
    (shell.home / ".codex").mkdir()
    config = shell.home / ".codex" / "config.toml"
    config.write_text(f'[model_providers.x]\nbase_url = "{gateway.url}/v1"\n', encoding="utf-8")
    _, checks, _ = shell.doctor("codex")
    assert checks[str(config)]["detail"] == f"points here: {gateway.url}/v1"
    config.write_text('[model_providers.x]\nbase_url = "https://proxy.example/v1"\n', encoding="utf-8")
    _, checks, _ = shell.doctor("codex")
    assert "points elsewhere: https://proxy.example/v1" in checks[str(config)]["detail"]
    config.write_text("this = is = no toml", encoding="utf-8")
    status, checks, _ = shell.doctor("codex")
    assert (status, checks[str(config)]["ok"]) == (1, False)


def test_a_file_that_beats_the_shell_decides(shell: Shell, gateway: RunningGateway) -> None:
    """Claude Code takes what its settings say over what the shell exports."""
    settings = shell.home / ".claude" / "settings.json"
    settings.parent.mkdir()
    pointed = {"ANTHROPIC_BASE_URL": gateway.url, "ANTHROPIC_AUTH_TOKEN": gateway.token}
    settings.write_text('{"env": {"ANTHROPIC_BASE_URL": "https://corp.example"}}', encoding="utf-8")
    status, checks, _ = shell.doctor("claude", **pointed)
    assert status == 1 and not checks["address"]["ok"]
    assert checks["address"]["detail"].startswith(f"ANTHROPIC_BASE_URL in {settings} points elsewhere")
    assert f"write {gateway.url} there" in checks["address"]["mend"]
    assert checks["request"]["detail"].startswith("not sent: it would go to corp.example")
    settings.write_text(json.dumps({"env": pointed}), encoding="utf-8")
    status, checks, _ = shell.doctor("claude", ANTHROPIC_BASE_URL="https://corp.example")
    assert (status, checks["request"]["ok"]) == (0, True), checks
    assert checks["request"]["detail"].startswith(f"a request as {settings} sets it up")
    assert len(gateway.rows(1)) == 1


def test_codex_goes_by_its_configuration(shell: Shell, gateway: RunningGateway) -> None:
    status, checks, _ = shell.doctor("codex", OPENAI_BASE_URL=f"{gateway.url}/v1")
    assert status == 1 and "Codex does not read it" in checks["address"]["detail"]
    config = shell.home / ".codex" / "config.toml"
    config.parent.mkdir()
    provider = f'base_url = "{gateway.url}/v1"\nwire_api = "responses"\nenv_key = "LLMCONSOLE_TOKEN"\n'
    config.write_text(f'model_provider = "x"\n[model_providers.x]\n{provider}', encoding="utf-8")
    status, checks, _ = shell.doctor("codex")
    assert status == 1 and f"env_key names in {config} is not set here" in checks["key"]["detail"]
    status, checks, _ = shell.doctor("codex", LLMCONSOLE_TOKEN=gateway.token)
    assert (status, checks["request"]["ok"]) == (0, True), checks
    config.write_text(config.read_text().replace("/v1", "/v1/v1"), encoding="utf-8")
    status, checks, _ = shell.doctor("codex", LLMCONSOLE_TOKEN=gateway.token)
    assert status == 1 and f"in {config} ends in '/v1/v1'" in checks["address"]["detail"]


@pytest.mark.parametrize(
    ("client", "name", "text"),
    [
        ("gemini", ".gemini/.env", "GOOGLE_GEMINI_BASE_URL={url}\nGEMINI_API_KEY='{token}'\n"),
        ("aider", ".aider.conf.yml", "# mine\nopenai-api-base: {url}/v1\nopenai-api-key: {token}\n"),
    ],
)
def test_plain_files_point_a_client_here(
    shell: Shell, gateway: RunningGateway, client: str, name: str, text: str
) -> None:
    path = shell.home / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.format(url=gateway.url, token=gateway.token), encoding="utf-8")
    status, checks, _ = shell.doctor(client)
    assert (status, checks["request"]["ok"]) == (0, True), checks
    assert checks["request"]["detail"].startswith(f"a request as {path} sets it up")


@pytest.mark.parametrize("client", ["zed", "continue", "llm", "opencode"])
def test_the_ending_of_an_address_in_a_file(shell: Shell, gateway: RunningGateway, client: str) -> None:
    """The file of the client's page is right; the same without, or with a second version is not."""
    block = next(block for block in PAGES[client].of("json", "yaml") if block.place)
    path = shell.home / (block.place or "").removeprefix("~/")
    path.parent.mkdir(parents=True)
    for ending, well in (("/v1", True), ("", False), ("/v1/v1", False)):
        text = block.at(gateway.url, gateway.token).replace(f'{gateway.url}/v1"', f'{gateway.url}{ending}"')
        text = text.replace(f"{gateway.url}/v1\n", f"{gateway.url}{ending}\n")
        path.write_text(text, encoding="utf-8")
        status, checks, error = shell.doctor(client)
        assert (status == 0, checks[str(path)]["ok"]) == (well, well), (ending, checks)
        assert gateway.token not in json.dumps(checks) + error


def test_cursor_is_told_the_truth(shell: Shell) -> None:
    status, checks, _ = shell.doctor("cursor")
    assert status == 1 and "cannot reach a gateway on this machine" in checks["way"]["detail"]


def test_an_unknown_client_and_no_gateway(gateways: Gateways, tmp_path: Path) -> None:
    gateway = gateways.start()
    shell = Shell(gateway, tmp_path)
    assert shell.doctor("emacs")[0] == 2
    assert "known are claude, codex" in shell.doctor("emacs")[2]
    gateway.stop()
    status, _, error = shell.doctor("claude")
    assert status == 3 and "llmconsole serve" in error


def test_addresses_in_files(tmp_path: Path) -> None:
    yaml = tmp_path / "config.yaml"
    yaml.write_text("models:\n  - apiBase: http://127.0.0.1:4141/v1\n# http://old\n", encoding="utf-8")
    assert addresses(yaml) == ["http://127.0.0.1:4141/v1"]
    other = tmp_path / "opencode.json"
    other.write_text('{"$schema": "https://opencode.ai/config.json"}', encoding="utf-8")
    assert addresses(other) == []
    assert addresses(tmp_path / "gone") is None


@pytest.mark.parametrize("client", [name for name, way in WAYS.items() if way.urls])
def test_what_it_says_to_run_is_there_to_be_run(shell: Shell, client: str) -> None:
    _, checks, _ = shell.doctor(client)
    told = checks["address"]["detail"]
    found = re.search(r'eval "\$\(llmconsole env ([a-z-]+)\)"', told)
    assert found and found[1] in env.NAMES, told
    assert told.endswith(
        "llmconsole run -- PROGRAM" if WAYS[client].library else f"llmconsole run -- {client}"
    )
