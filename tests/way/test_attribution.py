"""Attribution without a word: a program in a git repository is known by itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.support.gateway import Gateways, Row, RunningGateway
from tests.support.hooks import at_the_start
from tests.support.processes import clean_environment

Start = Callable[..., RunningGateway]
SCRIPT = """
import os, sys
from openai import OpenAI

client = OpenAI(max_retries=0)
for number in range(2):
    answer = client.chat.completions.create(
        model="gpt-5-mini",
        messages=[{"role": "user", "content": f"Question {number}"}],
        extra_headers=dict(each.split("=", 1) for each in sys.argv[1:]),
    )
    assert answer.choices[0].message.content
client.close()
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "harbour"
    folder.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "feature/tides"], cwd=folder, check=True)
    (folder / "script.py").write_text(SCRIPT, encoding="utf-8")
    return folder


@pytest.fixture
def looking(gateways: Gateways, tmp_path: Path) -> Start:
    """Starts a gateway that looks at who calls, and waits to know it however busy this machine is."""
    environment = at_the_start(tmp_path, "from gateway_core import peers\n\npeers.PATIENCE = 10\n")
    return partial(gateways.start, top="peer_tags = true", environment=environment)


def direct(gateway: RunningGateway, folder: Path, *arguments: str) -> list[Row]:
    """Runs the script with nothing but the address and the token; the rows of its two calls."""
    environment = clean_environment(
        gateway.config.parent,
        {"OPENAI_BASE_URL": f"{gateway.url}/v1", "OPENAI_API_KEY": gateway.token},
    )
    subprocess.run([sys.executable, "script.py", *arguments], cwd=folder, env=environment, check=True)
    return gateway.rows(2)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it counts from the second request on")
def test_a_program_is_known_by_its_process(looking: Start, repository: Path) -> None:
    rows = direct(looking(), repository)
    for row in rows:
        assert row["tags"] == {
            "app": "script.py",
            "branch": "feature/tides",
            "client": "openai-sdk",
            "mode": "vibing",
            "project": "harbour",
        }


def test_it_can_be_switched_off(gateways: Gateways, repository: Path) -> None:
    rows = direct(gateways.start(top="peer_tags = false"), repository)
    assert {row["tags"].get("project") for row in rows} == {None}


def test_what_anybody_says_is_stronger(looking: Start, repository: Path) -> None:
    said = "x-llmconsole-tags=project=other,branch=main"
    rows = direct(looking(), repository, said)
    assert {(row["tags"]["project"], row["tags"]["branch"]) for row in rows} == {("other", "main")}


def test_budgets_count_what_was_found(looking: Start, repository: Path) -> None:
    budget = (
        '[[budgets]]\nname = "harbour"\nmatch = { project = "harbour" }\nlimit_usd = "5"\nwindow = "day"\n'
    )
    gateway = looking(budget)
    direct(gateway, repository)
    (found,) = gateway.admin("GET", "budgets")["budgets"]
    assert float(found["spent_usd"]) > 0
    assert not gateway.doctor()


MODE_RULES = """
[[mode_rules]]
mode = "building"
match = { app = "script.py", model = "gpt-5*" }

[[mode_rules]]
mode = "vibing"
match = {}
"""


def test_a_rule_says_the_mode_of_calls_that_name_none(looking: Start, repository: Path) -> None:
    gateway = looking(MODE_RULES)
    assert gateway.admin("GET", "policy")["toml"].count("[[mode_rules]]") == 2
    assert {row["tags"]["mode"] for row in direct(gateway, repository)} == {"building"}
    headers = {"authorization": f"Bearer {gateway.token}"}
    body = {"model": "gpt-5-mini", "messages": [{"role": "user", "content": "Hi"}]}
    gateway.http.post("/v1/chat/completions", json=body, headers=headers)
    gateway.http.post("/@mode=night/v1/chat/completions", json=body, headers=headers)
    assert [row["tags"]["mode"] for row in gateway.rows(4)[2:]] == ["vibing", "night"]


def test_run_attributes_a_script_and_tells_its_cost(gateways: Gateways, repository: Path) -> None:
    gateway = gateways.start()
    environment = clean_environment(
        gateway.config.parent,
        {"LLMCONSOLE_DATA": str(gateway.data), "LLMCONSOLE_CONFIG": str(gateway.config)},
    )
    command = [sys.executable, "-m", "console", "run", "--", sys.executable, "script.py"]
    done = subprocess.run(
        command, cwd=repository, env=environment, capture_output=True, text=True, check=True
    )
    rows = gateway.rows(2)
    for row in rows:
        assert (row["tags"]["project"], row["tags"]["branch"]) == ("harbour", "feature/tides")
        assert row["tags"]["app"] == "script.py"
    cost = sum(float(row["cost_usd"]) for row in rows)
    assert done.stderr.strip() == f"llmconsole: ${cost:.4f} in 2 calls"
