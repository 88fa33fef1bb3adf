"""The agents as a person starts them, without a screen: `llmconsole run -- AGENT …` in a git repository."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from tests.clients.light import light
from tests.support.eavesdropping import Listener
from tests.support.gateway import Row, RunningGateway
from tests.support.installed import need_client
from tests.support.processes import clean_environment

SECONDS = 100
NOTHING_MORE: Mapping[str, str] = MappingProxyType({})
BRANCH = "feature/tides"
QUIET = {
    "NO_PROXY": "127.0.0.1,localhost",
    "NO_COLOR": "1",
    "IS_SANDBOX": "1",
    "DISABLE_AUTOUPDATER": "1",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "OPENCODE_DISABLE_AUTOUPDATE": "1",
}
GEMINI_SETTINGS = {
    "security": {"auth": {"selectedType": "gemini-api-key"}},
    "general": {"disableAutoUpdate": True},
    "telemetry": {"enabled": False},
}
"""What Gemini CLI needs to know without a screen."""


@dataclass(frozen=True)
class Agent:
    """How one is called. `tool`: its own tool that runs a shell command, and that tool's argument."""

    name: str
    program: tuple[str, ...]
    """Below .clients."""
    client: str
    """How rows name it."""
    ask: tuple[str, ...]
    """Its arguments; MODEL and WORDS are put in."""
    again: tuple[str, ...] = ()
    """Arguments that go on with the last conversation; none where it has no way to."""
    tool: tuple[str, str] | None = None
    session: bool = False
    """Whether its requests name their conversation."""
    prefixes: dict[str, str] | None = None
    """How it writes the models of each maker."""

    def named(self, model: str) -> str:
        """A model in its words."""
        maker = model.partition("-")[0]
        return f"{(self.prefixes or {}).get(maker, '')}{model}"


def _node(name: str) -> tuple[str, ...]:
    return ("node", "node_modules", ".bin", name)


CLAUDE = Agent(
    "claude",
    _node("claude"),
    "claude-code",
    ("-p", "WORDS", "--model", "MODEL", "--allowedTools", "Bash", "--output-format", "json"),
    again=("--continue",),
    tool=("Bash", "command"),
    session=True,
)
CODEX = Agent(
    "codex",
    _node("codex"),
    "codex",
    ("exec", "--json", "--sandbox", "danger-full-access", "-m", "MODEL", "WORDS"),
    again=("exec", "resume", "--last", "--json", "-m", "MODEL", "WORDS"),
    tool=("exec_command", "cmd"),
    session=True,
)
GEMINI = Agent(
    "gemini",
    _node("gemini"),
    "gemini-cli",
    ("-m", "MODEL", "--skip-trust", "--yolo", "-p", "WORDS"),
    tool=("run_shell_command", "command"),
)
OPENCODE = Agent(
    "opencode",
    _node("opencode"),
    "opencode",
    ("run", "-m", "MODEL", "WORDS"),
    again=("run", "--continue", "-m", "MODEL", "WORDS"),
    tool=("bash", "command"),
    session=True,
    prefixes={"gpt": "openai/", "claude": "anthropic/", "gemini": "google/"},
)
LLM = Agent(
    "llm", ("llm", "bin", "llm"), "openai-sdk", ("-m", "MODEL", "WORDS"), again=("-c", "-m", "MODEL", "WORDS")
)
AIDER = Agent(
    "aider",
    ("aider", "bin", "aider"),
    "",
    (
        "--model", "MODEL", "--message", "WORDS", "--yes-always", "--no-auto-commits", "--no-check-update",
        "--no-show-model-warnings", "--analytics-disable", "--no-pretty", "--no-gitignore", "--map-tokens=0",
    ),
    prefixes={"gpt": "openai/", "gemini": "openai/"},
)  # fmt: skip


def calling(tool: tuple[str, str], command: str) -> str:
    """Words that make the simulated model call a tool of the client's once."""
    name, argument = tool
    given = json.dumps(
        {argument: command, "description": "by the test"} if name != "exec_command" else {argument: command}
    )
    packed = base64.urlsafe_b64encode(given.encode()).decode().rstrip("=")
    return f"Please do it. [[sim call={name}:{packed}]]"


@dataclass
class Ran:
    """How a run ended. `rows`: what it left in the ledger; `elsewhere`: whom it wanted to call beside this
    machine, where nothing let it."""

    code: int
    out: str
    err: str
    rows: list[Row]
    elsewhere: list[str]

    @property
    def shown(self) -> str:
        """Everything that a person sees."""
        return self.out + self.err

    @property
    def told(self) -> Decimal:
        """The dollars that `llmconsole run` names at the end."""
        line = self.err.splitlines()[-1]
        assert line.startswith("llmconsole: "), self.err
        return Decimal(line.split()[1].lstrip("~$"))

    @property
    def cost(self) -> Decimal:
        return sum((Decimal(row["cost_usd"]) for row in self.rows), Decimal(0))


class Workplace:
    """A person's home and a git repository, on a gateway that others use too."""

    def __init__(self, gateway: RunningGateway, folder: Path) -> None:
        self.gateway = gateway
        self.home = folder / "home"
        self.project = folder / "harbour"
        for path in (self.home / ".gemini", self.project):
            path.mkdir(parents=True)
        (self.home / ".gemini" / "settings.json").write_text(json.dumps(GEMINI_SETTINGS), encoding="utf-8")
        subprocess.run(["git", "init", "-q", "-b", BRANCH], cwd=self.project, check=True)
        self._light = light(folder)

    def run(
        self,
        agent: Agent,
        model: str,
        words: str,
        *,
        again: bool = False,
        more: tuple[str, ...] = (),
        tags: tuple[str, ...] = (),
        variables: Mapping[str, str] = NOTHING_MORE,
    ) -> Ran:
        """Starts the agent by `llmconsole run` and waits for its end. again: it goes on where it was."""
        program = need_client(*agent.program)
        given = {"MODEL": agent.named(model), "WORDS": words}
        asked = agent.ask if not again else agent.again
        if again and "WORDS" not in asked:
            asked = (*asked, *agent.ask)
        command = [
            sys.executable,
            "-m",
            "console",
            "run",
            *(f"--tag={tag}" for tag in tags),
            "--",
            agent.name,
        ]
        before = len(self.gateway.export())
        with Listener() as wall:
            proxies = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY"), wall.url)
            done = subprocess.run(
                [*command, *(given.get(word, word) for word in asked), *more],
                env={**self._environment(program.parent), **proxies, **variables},
                cwd=self.project,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        rows = self.gateway.export()[before:]
        return Ran(done.returncode, done.stdout, done.stderr, rows, wall.asked)

    def _environment(self, programs: Path) -> dict[str, str]:
        path = os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])
        environment = clean_environment(self.home, {**QUIET, **self._light, "PATH": path})
        environment["LLMCONSOLE_DATA"] = str(self.gateway.data)
        environment["LLMCONSOLE_CONFIG"] = str(self.gateway.config)
        return environment
