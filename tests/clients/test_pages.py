"""What the pages of docs/clients show is run as it stands there: code, commands, and settings files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.clients.agents import AIDER, CLAUDE, CODEX, GEMINI, LLM, OPENCODE, QUIET, Agent
from tests.support.client_pages import PAGES, Block, Page
from tests.support.gateway import PROVIDERS, Gateways, Row, RunningGateway
from tests.support.installed import NODE, need_client
from tests.support.processes import clean_environment, wait_for
from tests.support.real import need
from tests.support.simulated import SimulatedProvider

OWN = {"langchain": ("langchain", "bin", "python"), "pydantic-ai": ("pydantic-ai", "bin", "python")}
"""Clients of Python with an environment of their own; the others are in ours."""

pytestmark = pytest.mark.timeout(150)


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory, simulated: SimulatedProvider, compiled_prices: Path
) -> Iterator[RunningGateway]:
    """One gateway for all of them."""
    base_urls = {name: simulated.base_url(name) for name in PROVIDERS}
    started = Gateways(tmp_path_factory.mktemp("pages"), base_urls, compiled_prices)
    yield started.start()
    started.close()


class Person:
    """A home and a working folder; what is run there leaves rows."""

    def __init__(self, gateway: RunningGateway, folder: Path) -> None:
        self.gateway = gateway
        self.home = folder / "home"
        self.project = folder / "project"
        self.home.mkdir()
        self.project.mkdir()
        subprocess.run(["git", "init", "-q"], cwd=self.project, check=True)

    def run(self, *command: str, **variables: str) -> list[Row]:
        """The rows of a command that must succeed."""
        before = len(self.gateway.export())
        done = subprocess.run(
            command,
            env=clean_environment(self.home, {**QUIET, **variables}),
            cwd=self.project,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        wait_for(lambda: all(row["status"] == "settled" for row in self.gateway.export()), what="the rows")
        return self.gateway.export()[before:]

    def text(self, block: Block) -> str:
        return block.at(self.gateway.url, self.gateway.token)

    def keep(self, page: Page, place: str) -> None:
        """Writes the file of a page where the page says."""
        path = self.home / place.removeprefix("~/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text(page.file(place)), encoding="utf-8")


@pytest.fixture
def person(shared: RunningGateway, tmp_path: Path) -> Person:
    return Person(shared, tmp_path)


def shown(*languages: str) -> pytest.MarkDecorator:
    """Every block of the pages in one of these languages that is code of its own."""
    found = [
        pytest.param(page, block, id=f"{page.name}-{number}")
        for page in PAGES.values()
        for number, block in enumerate(page.of(*languages))
        if block.language != "sh" or block.text.startswith("curl ")
    ]
    assert len(found) >= 3
    return pytest.mark.parametrize(("page", "block"), found)


def check(rows: list[Row], page: Page, block: Block) -> None:
    """Each call is an answer, has the client that the page names, and the project that the block names."""
    assert rows
    for row in rows:
        assert (row["outcome"], row["certainty"]) == ("ok", "computed"), row
        assert page.client is None or row["tags"].get("client") == page.client
        if "project" in block.text:
            assert row["tags"]["project"] == "web"


@shown("python")
def test_code_for_python(person: Person, page: Page, block: Block) -> None:
    python = need_client(*OWN[page.name]) if page.name in OWN else Path(sys.executable)
    rows = person.run(str(python), "-c", person.text(block))
    check(rows, page, block)
    assert len(rows) == (3 if page.name in OWN else 1)


@shown("js")
def test_code_for_node(person: Person, page: Page, block: Block) -> None:
    need_client("node", "node_modules")
    (node,) = need("node")
    (person.project / "node_modules").symlink_to(NODE / "node_modules")
    (person.project / "page.mjs").write_text(person.text(block), encoding="utf-8")
    check(person.run(node, "page.mjs"), page, block)


@shown("sh")
def test_commands_of_curl(person: Person, page: Page, block: Block) -> None:
    need("curl")
    rows = person.run("sh", "-euc", person.text(block).replace("curl ", "curl -sS --fail "))
    if "/v1/models" in block.text:
        assert not rows, "a list of models costs nothing and has no row"
        return
    check(rows, page, block)
    assert len(rows) == block.text.count("curl ")


FILES: list[tuple[Agent, str, Mapping[str, str]]] = [
    (CLAUDE, "~/.claude/settings.json", {}),
    (CODEX, "~/.codex/config.toml", {"LLMCONSOLE_TOKEN": "TOKEN"}),
    (GEMINI, "~/.gemini/.env", {}),
    (OPENCODE, "~/.config/opencode/opencode.json", {}),
    (AIDER, "~/.aider.conf.yml", {}),
    (LLM, "~/.config/io.datasette.llm/extra-openai-models.yaml", {}),
]
MODELS = {"claude": "claude-sonnet-4-5", "gemini": "gemini-2.5-flash", "llm": "sonnet"}


@pytest.mark.parametrize(("agent", "place", "variables"), FILES, ids=[agent.name for agent, *_ in FILES])
def test_settings_files(person: Person, agent: Agent, place: str, variables: Mapping[str, str]) -> None:
    """The agent alone, with the file of its page in a home that is otherwise empty."""
    program = need_client(*agent.program)
    page = PAGES[agent.name]
    person.keep(page, place)
    path = os.pathsep.join([str(program.parent), os.environ.get("PATH", os.defpath)])
    given = {name: value.replace("TOKEN", person.gateway.token) for name, value in variables.items()}
    if agent is GEMINI:
        person.keep(page, "~/.gemini/settings.json")
    if agent is LLM:
        keys = json.dumps({"llmconsole": person.gateway.token})
        (person.home / place.removeprefix("~/")).with_name("keys.json").write_text(keys, encoding="utf-8")
    words = {"MODEL": agent.named(MODELS.get(agent.name, "gpt-5-mini")), "WORDS": "Say hello."}
    rows = person.run(str(program), *(words.get(word, word) for word in agent.ask), PATH=path, **given)
    check(rows, page, page.file(place))
