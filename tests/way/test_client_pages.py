"""The pages of the clients say what the commands say, and every address in them is one that answers."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from console.checkup.ways import WAYS
from console.cli import cli
from console.commands.catalogue import COMMANDS
from console.pointing import Target, setups
from tests.support.client_pages import FOLDER, INDEX, PAGES, TOKEN, URL, Block, Page
from tests.support.gateway import Gateways
from tests.support.sources import ROOT
from tests.support.wires import CHAT, GEMINI, MESSAGES, RESPONSES

SETUPS = setups(Target(URL, TOKEN))
HEADINGS = ["Point it here", "Tags", "Other models", "When a call is refused", "Limits", "Back"]
BESIDE = {"ANTHROPIC_CUSTOM_HEADERS", "GEMINI_CLI_CUSTOM_HEADERS", "LLMCONSOLE_API_KEY"}
"""Variables that pages tell of beside those which `env` sets."""

each_page = pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))


def exported(page: Page) -> dict[str, str]:
    lines = [line for block in page.of("sh") for line in block.text.splitlines()]
    words = [shlex.split(line.removeprefix("export ")) for line in lines if line.startswith("export ")]
    return dict(word.split("=", 1) for (word,) in words)


def parsed(block: Block) -> Any:
    """The settings file that a block is."""
    if block.language == "toml":
        return tomllib.loads(block.text)
    if block.language == "json":
        return json.loads(block.text)
    if block.language == "dotenv":
        return dict(line.split("=", 1) for line in block.text.splitlines())
    return yaml.safe_load(block.text)


def addresses(value: object, keys: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every address of the gateway in a settings file, with the keys that lead to it."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from addresses(each, (*keys, str(key)))
    elif isinstance(value, list):
        for each in value:
            yield from addresses(each, keys)
    elif isinstance(value, str) and value.startswith(URL):
        yield ".".join(keys).lower(), value


def called(page: str, keys: str, address: str) -> tuple[str, dict[str, Any]]:
    """Where a client goes from that base URL, and a body for there."""
    anthropic = "anthropic" in keys
    google = "google" in keys
    wire = MESSAGES if anthropic else GEMINI if google else RESPONSES if page == "codex" else CHAT
    path = wire.path
    for version in ("/v1beta", "/v1"):
        if address.endswith(version):
            assert path.startswith(f"{version}/"), f"{address} of {keys}"
            return address + path.removeprefix(version), wire.ask("Hello")
    assert anthropic or google, f"{address} of {keys} has no version"
    return address + path, wire.ask("Hello")


def test_there_is_a_page_for_each_client_that_doctor_knows() -> None:
    assert set(PAGES) == set(WAYS)
    assert set(re.findall(r"\]\(([\w-]+)\.md\)", INDEX)) == set(PAGES)
    assert "(docs/clients/README.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert all((FOLDER / f"{name}.md").is_file() for name in PAGES)


@each_page
def test_every_page_says_the_same_things(page: Page) -> None:
    assert page.headings == HEADINGS
    assert f"`llmconsole doctor {page.name}`" in page.text
    assert max(map(len, page.text.splitlines())) <= 120


@each_page
def test_variables_are_those_that_env_sets(page: Page) -> None:
    told = {name: value for name, value in exported(page).items() if name not in BESIDE}
    if page.name not in SETUPS:
        assert not told
        return
    setup = SETUPS[page.name]
    shown = {name: value for name, value in setup.variables.items() if not value.startswith("{")}
    assert told == shown
    assert set(setup.without) <= set(re.findall(r"`([A-Z_]+)`", page.text)), "what it unsets is told"
    assert f'eval "$(llmconsole env {page.name})"' in page.text
    assert f'eval "$(llmconsole env {page.name} --undo)"' in page.text


@each_page
def test_every_command_of_a_page_exists(page: Page) -> None:
    found = re.findall(r"llmconsole ((?:[a-z]+ )*[a-z]+(?: --?[\w-]+)*)", page.text)
    commands = [words.split() for words in found if words.split()[0] in COMMANDS]
    assert commands
    for words in commands:
        names = list(takewhile(lambda word: not word.startswith("-") and word not in WAYS, words))[:2]
        done = CliRunner().invoke(cli, [*names, "--help"])
        assert done.exit_code == 0 or CliRunner().invoke(cli, [names[0], "--help"]).exit_code == 0, words
        assert not [word for word in words if word.startswith("--") and word not in done.output], words


def test_files_say_what_env_says() -> None:
    claude = parsed(PAGES["claude"].file("~/.claude/settings.json"))
    assert claude["env"] == SETUPS["claude"].variables
    assert parsed(PAGES["gemini"].file("~/.gemini/.env")) == SETUPS["gemini"].variables
    opencode = parsed(PAGES["opencode"].file("~/.config/opencode/opencode.json"))
    assert opencode == json.loads(SETUPS["opencode"].variables["OPENCODE_CONFIG_CONTENT"])
    codex = parsed(PAGES["codex"].file("~/.codex/config.toml"))
    options = dict(word.split("=", 1) for word in SETUPS["codex"].arguments[1::2])
    flat = {"model_provider": codex["model_provider"]}
    flat |= {
        f"model_providers.llmconsole.{key}": value
        for key, value in codex["model_providers"]["llmconsole"].items()
    }
    assert {key: json.loads(value) for key, value in options.items()} == flat
    aider = parsed(PAGES["aider"].file("~/.aider.conf.yml"))
    assert aider["openai-api-base"] == SETUPS["aider"].variables["OPENAI_API_BASE"]


def test_every_address_answers(gateways: Gateways) -> None:
    gateway = gateways.start()
    tried = 0
    for page in PAGES.values():
        settings = [parsed(block) for block in page.of("json", "toml", "yaml", "dotenv")]
        for keys, address in addresses([*settings, exported(page)]):
            url, body = called(page.name, keys, address.replace(URL, gateway.url))
            answer = gateway.http.post(url, json=body, headers={"authorization": f"Bearer {gateway.token}"})
            assert answer.status_code == 200, f"{page.name}: {url}: {answer.text}"
            tried += 1
    assert tried > 20
    assert len(gateway.rows(tried)) == tried
