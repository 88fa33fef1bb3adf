"""What the README shows works as it stands there: commands, code, pictures, the table of clients."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import pytest
from click.testing import CliRunner

from console.cli import cli
from console.commands.catalogue import COMMANDS
from console.pointing import Target, setups
from gateway_core.providers.provider import builtin_providers
from tests.console.conftest import CommandLine
from tests.support.gateway import Gateways
from tests.support.processes import clean_environment
from tests.support.sources import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| ((?:`[\w-]+`(?:, )?)+): (.*) \|$", README, re.MULTILINE)
WORDS = re.findall(r"`([a-z-]+)`", README.split("## Commands")[1].split("## ")[0])


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands() -> list[list[str]]:
    """Every `llmconsole …` of the README, in its own words, up to the program that it is to run."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    found = re.findall(r"llmconsole ((?!\d)[^)#\"`]+)", "\n".join(lines))
    found += re.findall(r"`llmconsole ([^`…]+)`", README)
    unique = dict.fromkeys(words.split(" -- ")[0].strip() for words in found)
    return [shlex.split(words) for words in unique]


@pytest.fixture(scope="module")
def llmconsole(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    home = tmp_path_factory.mktemp("home")
    return CommandLine(home, home / "data")


def test_there_is_something_to_prove() -> None:
    assert len(commands()) >= 8 and len(ROWS) >= 9 and len(blocks("python")) >= 2 and len(WORDS) >= 10


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_exists(words: list[str]) -> None:
    names = list(takewhile(lambda word: not word.startswith("-"), words))
    done = CliRunner().invoke(cli, [*names, "--help"])
    assert done.exit_code == 0, done.output
    assert not [word for word in words if word.startswith("--") and word not in done.output]


@pytest.mark.parametrize("word", WORDS)
def test_every_command_that_is_named_is_one(word: str) -> None:
    assert word in COMMANDS or word in ("llmconsole", "--help", "--json"), word


@pytest.mark.parametrize(("title", "names", "told"), ROWS, ids=[row[0] for row in ROWS])
def test_the_table_of_clients_is_what_the_command_sets(title: str, names: str, told: str) -> None:
    known = setups(Target("http://127.0.0.1:4141", "lc-token"))
    for name in re.findall(r"`([\w-]+)`", names):
        variables = set(known[name].variables)
        named = set(re.findall(r"`([A-Z_]+)`", told))
        if name == "langchain":
            named = {key for sdk in ("openai", "anthropic", "google-genai") for key in known[sdk].variables}
        assert variables == named, title


def test_every_client_that_the_command_knows_is_in_the_table() -> None:
    told = {name for _, names, _ in ROWS for name in re.findall(r"`([\w-]+)`", names)}
    assert told == set(setups(Target("", "")))


def test_the_providers_named_are_those_built_in() -> None:
    told = README.split("Providers that are built in:")[1].split(";")[0].replace("\n", " ")
    names = {name.split("(")[0].strip() for name in told.split(",")}
    titles = {provider.title for provider in builtin_providers().values()}
    assert names == {"Gemini" if title == "Google Gemini" else title for title in titles}


def test_its_code_runs_against_the_gateway(gateways: Gateways, tmp_path: Path) -> None:
    pytest.importorskip("openai")
    gateway = gateways.start()
    code = next(block for block in blocks("python") if "OpenAI(" in block)
    code = code.replace("http://127.0.0.1:4141", gateway.url).replace("lc-…", gateway.token)
    subprocess.run(
        [sys.executable, "-c", code], check=True, timeout=60, env=clean_environment(tmp_path), cwd=tmp_path
    )
    assert [row["asked_model"] for row in gateway.rows(1)] == ["gpt-5-mini"]


def test_the_variables_alone_point_an_sdk_here(gateways: Gateways, tmp_path: Path) -> None:
    pytest.importorskip("openai")
    gateway = gateways.start()
    here = CommandLine(tmp_path, gateway.data)
    told = json.loads(here.done("env", "openai", "--tag", "project=web", "--json"))
    code = (
        "from openai import OpenAI; OpenAI().chat.completions.create("
        "model='gpt-5-mini', messages=[{'role': 'user', 'content': 'Hello'}])"
    )
    environment = clean_environment(tmp_path, told["set"])
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, env=environment, cwd=tmp_path)
    (row,) = gateway.rows(1)
    assert row["tags"]["project"] == "web"


def test_the_mode_is_told_and_switched(gateways: Gateways, tmp_path: Path) -> None:
    gateway = gateways.start()
    here = CommandLine(tmp_path, gateway.data)
    assert here.done("mode") == "vibing\n"
    assert here.done("mode", "building") == "building\n"
    assert gateway.admin("GET", "mode")["mode"] == "building"
    wrong = here("mode", "dreaming")
    assert (wrong.returncode, wrong.stderr) == (
        2,
        "llmconsole: there is no mode 'dreaming'; there are vibing, building\n",
    )
