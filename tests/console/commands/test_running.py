"""Commands on a gateway that runs: they ask it, and what they print agrees with its ledger."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest

from console.reports import FORMATS
from tests.console.conftest import CommandLine
from tests.support.gateway import Gateways, RunningGateway
from tests.support.keyring_session import KeyringSession
from tests.support.processes import clean_environment, wait_for
from tests.support.wires import CHAT

SECRET = "sk-test-0123456789abcdef"


@pytest.fixture
def gateway(gateways: Gateways) -> RunningGateway:
    return gateways.start()


@pytest.fixture
def asking(llmconsole: CommandLine, gateway: RunningGateway) -> CommandLine:
    """The command line on the running gateway's data folder."""
    llmconsole.data = gateway.data
    return llmconsole


def call(gateway: RunningGateway, project: str) -> None:
    headers = {**CHAT.credential(gateway.token), "x-llmconsole-tags": f"project={project}"}
    assert gateway.http.post(CHAT.path, headers=headers, json=CHAT.ask("Hello")).is_success


def test_report_and_export_agree_with_the_ledger(asking: CommandLine, gateway: RunningGateway) -> None:
    call(gateway, "web")
    call(gateway, "docs")
    rows = gateway.rows(2)
    spent = sum(Decimal(row["cost_usd"]) for row in rows)
    report = json.loads(asking.done("report", "--by", "tag:project", "--format", "json"))
    assert Decimal(report["total"]["cost_usd"]) == spent
    assert {row["keys"]["tag:project"] for row in report["rows"]} == {"web", "docs"}
    only = json.loads(asking.done("report", "--where", "project=web", "--json"))
    assert only["total"]["calls"] == 1
    assert [json.loads(line) for line in asking.done("export").splitlines()] == rows
    assert len(asking.done("export", "--where", "project=web", "--since", "1h").splitlines()) == 1
    table = asking.done("report").splitlines()
    assert table[2].split()[:3] == ["project", "model", "calls"]


def test_a_page_is_private_and_tells_how_to_get_its_rows_again(
    asking: CommandLine, gateway: RunningGateway, tmp_path: Path
) -> None:
    call(gateway, "web")
    rows, target = gateway.rows(1), tmp_path / "report.html"
    assert asking.done("report", "--month", "--format", "html", "-o", str(target)) == ""
    assert target.stat().st_mode & 0o777 == 0o600
    page = target.read_text()
    found = re.search(r"<code>llmconsole (export --since \S+ --until \S+) \| sha256sum</code>", page)
    assert found
    exported = asking.done(*found[1].split())
    assert [json.loads(line) for line in exported.splitlines()] == rows
    assert hashlib.sha256(exported.encode()).hexdigest() in page


def test_a_masked_report_names_no_one_in_any_format(asking: CommandLine, gateway: RunningGateway) -> None:
    call(gateway, "secret,user=ann,team=core")
    call(gateway, "other,user=bo")
    gateway.rows(2)
    for format in FORMATS:
        told = asking.done("report", "--by", "project,user,team,token", "--mask", "--format", format)
        assert re.search(r"\bproject-1\b", told) and re.search(r"\buser-2\b", told), format
        assert not re.search(r"\b(secret|ann|core|other|bo)\b", told.partition("</style>")[2] or told), format


def test_periods_have_options_of_their_own(asking: CommandLine, gateway: RunningGateway) -> None:
    call(gateway, "web")
    gateway.rows(1)
    calls = {
        period: json.loads(asking.done("report", f"--{period}", "--json"))["total"]["calls"]
        for period in ("today", "week", "month", "last-month")
    }
    assert calls == {"today": 1, "week": 1, "month": 1, "last-month": 0}
    both = asking("report", "--month", "--since", "7d")
    assert (both.returncode, both.stdout) == (2, "")
    assert "--month is a period of its own" in both.stderr
    unknown = asking("report", "--include", "x")
    assert "use savings, forgone, budgets, hours, requests or none" in unknown.stderr


def test_a_backup_of_a_running_gateway_passes_the_doctor(
    asking: CommandLine, gateway: RunningGateway, tmp_path: Path
) -> None:
    call(gateway, "web")
    gateway.rows(1)
    folder = tmp_path / "copy"
    folder.mkdir(mode=0o700)
    copy = folder / "ledger.db"
    assert asking.done("backup", str(copy)).startswith(f"{copy}: 1 calls, ")
    assert copy.stat().st_mode & 0o777 == 0o600
    again = asking("backup", str(copy))
    assert again.returncode == 1
    assert again.stderr == f"llmconsole: {copy} exists and is left as it is; name another file\n"
    asking.data = folder
    assert "NOT" not in asking.done("doctor", "--ledger")
    assert len(asking.done("export").splitlines()) == 1
    told = json.loads(asking.done("backup", str(tmp_path / "offline.db"), "--json"))
    assert told["calls"] == 1


def test_prices_are_fixed_after_a_look(asking: CommandLine, gateway: RunningGateway) -> None:
    call(gateway, "web")
    (row,) = gateway.rows(1)
    name = f"{CHAT.provider}/{CHAT.model}"
    gateway.admin("PUT", "policy", json={"toml": f'[prices."{name}"]\ninput = "0"\noutput = "0"\n'})
    assert asking.done("prices", "show", name).splitlines()[0] == f"{name}: user:{name}"
    assert name in asking.done("prices", "list")
    assert asking("prices", "show", "openai/nobody-knows").returncode == 1
    looked = asking.done("prices", "fix", "--model", name, "--since", "today").splitlines()
    assert looked[1].split() == [name, "1", "0", f"${row['cost_usd']}", "$0.00"]
    assert looked[-1] == "1 calls looked at, 1 to correct; --apply does it"
    assert gateway.rows(1) == [row]
    done = json.loads(asking.done("prices", "fix", "--apply", "--json"))
    assert (done["applied"], done["total"]["calls"], done["total"]["after_usd"]) == (True, 1, "0.00")
    assert gateway.rows(1)[0]["cost_usd"] == "0.00"


def test_a_price_of_ones_own_is_set_by_a_command(asking: CommandLine, gateway: RunningGateway) -> None:
    name = f"{CHAT.provider}/{CHAT.model}"
    told = asking.done("prices", "set", name, "--input", "$0.10", "--output", "0.40").splitlines()
    assert told == [f"{name}: user:{name}", "  input = 0.10", "  output = 0.40"]
    set_ = json.loads(asking.done("prices", "set", name, "--output", "0.5", "--json"))
    assert set_["price"] == {"input": "0.10", "output": "0.5"}, "what is not given stays"
    assert f'[prices."{name}"]' in asking.done("policy", "show")
    call(gateway, "web")
    assert gateway.rows(1)[0]["price_id"] == f"user:{name}"
    asking.done("prices", "rm", name)
    assert asking.done("prices", "show", name).splitlines()[0] != f"{name}: user:{name}"
    for wrong in (
        ["set", name],
        ["set", name, "--input", "x"],
        ["set", "qwen", "--input", "1"],
        ["rm", name],
    ):
        refused = asking("prices", *wrong)
        assert refused.returncode in (1, 2) and len(refused.stderr.splitlines()) == 1, refused.stderr


def test_a_call_counts_as_its_bill_says(asking: CommandLine, gateway: RunningGateway) -> None:
    call(gateway, "web")
    (row,) = gateway.rows(1)
    told = asking.done("prices", "correct", row["id"], "0.0125", "--why", "the bill of November")
    assert told == f"{row['id']}: $0.0125 reported\n"
    (after,) = gateway.rows(1)
    assert (after["cost_usd"], after["certainty"]) == ("0.0125", "reported")
    (word,) = gateway.admin("GET", f"calls/{row['id']}")["corrections"]
    assert (word["why"], word["before_usd"]) == ("the bill of November", row["cost_usd"])
    assert json.loads(asking.done("prices", "fix", "--json"))["total"]["calls"] == 0, "its word stands"
    assert not gateway.doctor()
    for wrong in (["nowhere", "1"], [row["id"], "much"], [row["id"], "--", "-1"]):
        refused = asking("prices", "correct", "--why", "x", *wrong)
        assert refused.returncode in (1, 2) and len(refused.stderr.splitlines()) == 1


def test_status_is_words_a_line_or_json(asking: CommandLine, gateway: RunningGateway) -> None:
    words = asking.done("status").splitlines()
    assert words[0] == f"llmconsole 0.1.0 at {gateway.url} · mode vibing"
    assert asking.done("status", "--line") == "$0.00 today · $0.00/min · 0 live\n"
    told = json.loads(asking.done("status", "--json"))
    assert told["status"]["url"] == gateway.url and told["summary"]["calls_today"] == 0
    attention = {"limit_usd": "0", "window": "day", "at_limit": "alert"}
    gateway.admin("PUT", "budgets/tiny", json=attention)
    assert "! budget tiny at 100%" in asking.done("status", "--line")


def test_status_watches_until_the_gateway_ends(asking: CommandLine, gateway: RunningGateway) -> None:
    environment = clean_environment(asking.home, {"LLMCONSOLE_DATA": str(gateway.data)})
    watching = subprocess.Popen(
        [sys.executable, "-u", "-m", "console", "status", "--line", "--watch"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert watching.stdout is not None
    assert watching.stdout.readline().endswith("0 live\n")
    gateway.stop()
    told = watching.communicate(timeout=20)
    assert watching.returncode == 3
    assert told[0] == "" and "no gateway runs" in told[1]


def test_check_is_an_exit_status(asking: CommandLine, gateway: RunningGateway) -> None:
    call(gateway, "web")
    spent = Decimal(gateway.rows(1)[0]["cost_usd"])
    body = {"limit_usd": str(spent * 2), "window": "day", "at_limit": "alert"}
    gateway.admin("PUT", "budgets/half", json=body)
    assert asking("check").returncode == 0
    half = asking("check", "--at", "50")
    assert (half.returncode, half.stdout) == (1, "half: 50% of its limit\n")
    assert json.loads(asking("check", "--at", "50", "--json").stdout)["ok"] is False


def test_a_key_for_the_session_stays_with_the_gateway(asking: CommandLine, gateway: RunningGateway) -> None:
    told = asking.done("keys", "set", "groq", "--session-only", stdin=f"{SECRET}\n")
    assert told == "groq: ••••cdef (session)\n"
    assert "••••cdef" in asking.done("keys", "list")
    asking.done("keys", "rm", "groq")
    assert "••••cdef" not in asking.done("keys", "list")
    assert asking.done("keys", "test", "openai").startswith("openai: ok, ")


def test_a_key_is_typed_without_echo(
    gateways: Gateways, llmconsole: CommandLine, keyring_session: KeyringSession
) -> None:
    gateway = gateways.start(environment=keyring_session.environment)
    controller, terminal = pty.openpty()
    typing = subprocess.Popen(
        [sys.executable, "-m", "console", "keys", "set", "groq", "--data", str(gateway.data)],
        env=clean_environment(llmconsole.home),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    shown = b""
    while b"key of groq" not in shown:
        shown += os.read(controller, 1000)
    time.sleep(0.2)
    os.write(controller, SECRET.encode() + b"\n")
    assert typing.wait(30) == 0
    shown += os.read(controller, 1000)
    os.close(controller)
    assert SECRET.encode() not in shown
    assert "••••cdef (keyring)" in shown.decode()
    assert SECRET in keyring_session.search("service", "llmconsole", "username", "groq")


CLIENT = """
import json, os, sys, urllib.request
body = json.dumps({"model": "gpt-5-mini", "messages": [{"role": "user", "content": "Hello"}]}).encode()
headers = {"authorization": "Bearer " + os.environ["OPENAI_API_KEY"], "content-type": "application/json"}
url = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
print(urllib.request.urlopen(urllib.request.Request(url, body, headers)).status)
sys.exit(int(sys.argv[1]))
"""


def test_run_points_a_program_here_tags_it_and_tells_the_cost(
    asking: CommandLine, gateway: RunningGateway, tmp_path: Path
) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "fix/cart"], cwd=folder, check=True)
    command = [sys.executable, "-c", CLIENT, "7"]
    ran = asking("run", "--tag", "ticket=A 1", "--", *command, cwd=folder, more={"NO_PROXY": "*"})
    assert (ran.returncode, ran.stdout) == (7, "200\n"), ran.stderr
    row = gateway.rows(1)[0]
    wanted = {"project": "shop", "branch": "fix/cart", "ticket": "A 1"}
    assert row["tags"].items() >= wanted.items()
    cost = Decimal(row["cost_usd"]).quantize(Decimal("0.0001"))
    assert ran.stderr == f"llmconsole: ${cost} in 1 calls\n" or "<$0.0001 in 1 calls" in ran.stderr


def test_run_starts_a_gateway_where_none_runs_and_ends_it(offline: CommandLine) -> None:
    ran = offline("run", "--port", "0", "--", "sh", "-c", 'echo "$ANTHROPIC_BASE_URL"; kill -TERM $$')
    assert ran.returncode == 128 + signal.SIGTERM
    assert ran.stdout.startswith("http://127.0.0.1:") and "/@" in ran.stdout
    assert ran.stderr == "llmconsole: $0.0000 in 0 calls\n"
    assert not (offline.data / "gateway.json").exists()
    missing = offline("run", "--port", "0", "--", "no-such-program-here")
    assert missing.returncode == 2
    assert "no-such-program-here cannot be run" in missing.stderr


def test_serve_is_the_gateway_itself(offline: CommandLine) -> None:
    serving = subprocess.Popen(
        [sys.executable, "-m", "console", "serve", "--port", "0"],
        env=clean_environment(offline.home, {"LLMCONSOLE_DATA": str(offline.data)}),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for((offline.data / "gateway.json").exists, what="the gateway")
        assert json.loads((offline.data / "gateway.json").read_text())["pid"] == serving.pid
        second = offline("serve", "--port", "0")
        assert second.returncode == 3 and "already runs a gateway" in second.stderr
        serving.send_signal(signal.SIGINT)
        _, told = serving.communicate(timeout=20)
    finally:
        serving.kill()
        serving.wait()
    assert serving.returncode == 0
    assert "listening on http://127.0.0.1:" in told and "Traceback" not in told


def test_spending_is_stopped_and_goes_on(asking: CommandLine, gateway: RunningGateway) -> None:
    assert asking.done("panic") == "no switch is thrown\n"
    assert "nothing that costs is sent, for project=web" in asking.done(
        "panic", "stop", "--match", "project=web"
    )
    headers = {**CHAT.credential(gateway.token), "x-llmconsole-tags": "project=web"}
    refused = gateway.http.post(CHAT.path, headers=headers, json=CHAT.ask("Hello"))
    assert refused.status_code == 402 and "llmconsole panic lift" in refused.text
    assert "cheapest model" in asking.done("panic", "cheap")
    assert len(json.loads(asking.done("panic", "--json"))["panics"]) == 2
    assert asking.done("panic", "lift") == "no switch is thrown\n"
    call(gateway, "web")
