"""[alerts] and [guard]: read strictly, and no address or secret is ever repeated in what is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway_core.model.alerts import AlertSettings
from gateway_core.model.errors import ConfigError
from gateway_core.rules.watch import Action, BurnRule, CallRule, GuardRules
from gateway_core.settings import Settings, load_settings
from tests.support.sources import ROOT

EXAMPLE = """
[alerts]
webhook = "https://hooks.example/llm?channel=ops"
webhook_secret = "env:MY_SECRET"
notify = ["env:MY_ADDRESS", "json://ann:pw@127.0.0.1/x"]
retry_seconds = 5
landing = false
bell = true

[guard]
stop_minutes = 5
repeat = { calls = 40, minutes = 2, action = "stop" }
errors = { action = "off" }
[guard.burn]
times = 20
above_usd = "2.50"
[guard.fan_out]
calls = 8
"""


def settings(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(config=path, data=tmp_path / "data")


def mistake(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, text)
    return caught.value.message.removeprefix(f"{tmp_path / 'config.toml'}, ")


def test_the_example_of_the_readme_is_read_and_shows_the_defaults(tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (example,) = [block for block in blocks if "[guard]" in block]
    read = settings(tmp_path, example)
    assert read.guard == GuardRules()
    assert read.alerts.webhook and read.alerts.notify == ("env:MY_ADDRESS",) and read.alerts.bell


def test_everything_is_read(tmp_path: Path) -> None:
    read = settings(tmp_path, EXAMPLE)
    assert read.alerts == AlertSettings(
        webhook="https://hooks.example/llm?channel=ops",
        webhook_secret="env:MY_SECRET",
        notify=("env:MY_ADDRESS", "json://ann:pw@127.0.0.1/x"),
        retry_seconds=5,
        landing=False,
        bell=True,
    )
    assert read.guard == GuardRules(
        stop_seconds=300,
        repeat=CallRule(40, 120, Action.STOP),
        errors=CallRule(20, 300, Action.OFF),
        fan_out=CallRule(8),
        burn=BurnRule(20, 2_500_000_000),
    )


def test_without_sections_the_guard_alerts_and_nothing_leaves(tmp_path: Path) -> None:
    read = settings(tmp_path, "")
    assert read.alerts == AlertSettings() and not read.alerts.webhook and not read.alerts.notify
    assert read.guard == GuardRules() and read.guard.on
    rules = (read.guard.repeat, read.guard.errors, read.guard.fan_out, read.guard.burn)
    assert {rule.action for rule in rules} == {Action.ALERT}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[alerts]\nwebhok = 'x'", "line 2 in [alerts]: unknown key 'webhok'; did you mean 'webhook'?"),
        (
            "[guard]\nrepeat = { cals = 3 }",
            "line 2 in [guard.repeat]: unknown key 'cals'; did you mean 'calls'?",
        ),
        ("[guard]\n[guard.fan_out]\nminutes = 3", "line 3 in [guard.fan_out]: unknown key 'minutes'"),
        ("[guard]\nrepeat = { calls = 1 }", "line 2 in [guard.repeat]: calls = 1; it may be 2 to 10000"),
        ("[guard.errors]\naction = 'kill'", "action = 'kill'; choose one of off, alert, stop"),
        ("[guard.burn]\nabove_usd = 'much'", "above_usd: not a dollar amount: 'much'"),
        ("[guard]\nstop_minutes = 0", "stop_minutes = 0; it may be 1 to 1440"),
        ("[alerts]\nretry_seconds = 0", "retry_seconds = 0; it may be 1 to 3600"),
        ("[alerts]\nnotify = ['json://x/y', 'json://x/y']", "notify names one address twice"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, said: str) -> None:
    assert said in mistake(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "[alerts]\nwebhook = 'ftp://very-secret/x'",
        "[alerts]\nwebhook = 'https://ann:very-secret@hooks.example/'",
        "[alerts]\nwebhook = ['https://hooks.example/very-secret']",
        "[alerts]\nwebhook = 'https://[very-secret'",
        "[alerts]\nwebhook_secret = 'very-secret'",
        "[alerts]\nwebhook_secret = { it = 'very-secret' }",
        "[alerts]\nnotify = 'slack://very-secret'",
        "[alerts]\nnotify = ['very-secret']",
        "[alerts]\nnotify = [{ slack = 'very-secret' }]",
    ],
)
def test_what_may_be_a_secret_is_not_repeated(tmp_path: Path, text: str) -> None:
    said = mistake(tmp_path, text)
    assert "very-secret" not in said and "line 2 in [alerts]" in said
