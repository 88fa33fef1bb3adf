"""Settings: every mistake is named with file, line and the mend; the policy reads back what it writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway_core.model.errors import ConfigError
from gateway_core.model.policy import AtLimit, CacheSpace, ExactCacheRule, MarksRule, SemanticCacheRule
from gateway_core.settings import Settings, load_settings
from gateway_core.settings.policy import read_policy, write_policy
from gateway_core.settings.table import Table

EXAMPLE = """
host = "127.0.0.1"
port = 4199
timezone = "Europe/Berlin"
keep_rows = "400d"
retries = 1

[aliases]
fast = "openai/gpt-5-mini"

[providers.openai]
base_url = "http://127.0.0.1:9001/v1"
api_key = "env:MY_KEY"
[providers.mylab]
format = "openai"
base_url = "http://10.0.0.5:8000/v1"
api_key = "none"
models = ["qwen3-32b"]

[prices."mylab/qwen3-32b"]
input = "0.10"
output = "0.40"
cached_input = "0.01"
tiers = [{ above = 200_000, input = "0.20", output = "0.60", cached_input = "0.02" }]
batch = "0.5"

[[budgets]]
name = "web team"
match = { project = "web" }
limit_usd = "25.00"
window = "month"
alerts = [50, 80, 95, 100]
at_limit = "block"
[[budgets]]
name = "tokens"
limit_tokens = 2_000_000
window = "rolling:6h"
at_limit = "alert"
[[throttles]]
match = { user = "ann" }
tokens_per_minute = 200_000
[[routes]]
name = "small talk goes local"
when = { mode = "vibing" }
use = ["ollama/qwen3:4b", "gpt-5-nano"]
[cache]
exact = { when = { project = "docs" }, ttl = "24h", tools = true, pace = 80 }
share = [["ci", "ann"], ["bob"]]
max_mb = 64
marks = { when = { project = "docs" }, life = "1h" }
semantic = { when = { project = "docs" }, endpoint = "ollama/nomic-embed-text", rate = 0.02, sample = 0 }
"""


def load(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "config.toml"
    path.write_text(text)
    return load_settings(data=tmp_path / "data", config=path)


def test_the_documented_example_is_read(tmp_path: Path) -> None:
    settings = load(tmp_path, EXAMPLE)
    assert settings.keep_days == 400
    assert (settings.port, settings.retries, settings.aliases) == (4199, 1, {"fast": "openai/gpt-5-mini"})
    assert settings.providers["mylab"].models == ("qwen3-32b",)
    web, tokens = settings.policy.budgets
    assert (web.limit_nano, web.limit_tokens, web.at_limit) == (25 * 10**9, None, AtLimit.BLOCK)
    assert (tokens.limit_nano, tokens.limit_tokens, tokens.at_limit) == (None, 2_000_000, AtLimit.ALERT)
    assert settings.policy.throttles[0].tokens_per_minute == 200_000
    assert settings.policy.routes[0].use == ("ollama/qwen3:4b", "gpt-5-nano")
    assert settings.policy.exact_cache == ExactCacheRule({"project": "docs"}, 86_400, True, True, "80")
    assert settings.policy.cache_space == CacheSpace((("ci", "ann"), ("bob",)), 64)
    assert settings.policy.marks == MarksRule({"project": "docs"}, "1h", on=True)
    (semantic,) = settings.policy.semantic_cache
    assert semantic == SemanticCacheRule({"project": "docs"}, "ollama/nomic-embed-text", 0.9, 0.02, 0.0)


def test_the_policy_reads_back_what_it_writes(tmp_path: Path) -> None:
    policy = load(tmp_path, EXAMPLE).policy
    again = read_policy(Table.parse(write_policy(policy), "written"))
    assert again == policy


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("prot = 1", r"line 1: unknown key 'prot'; did you mean 'port'\?"),
        ("port = 'x'", r"line 1: port must be a whole number, not 'x'"),
        ("port = 70000", r"port 70000 is out of range"),
        ("\n\ntimezone = 3", r"line 3: timezone must be text"),
        ("keep_rows = '400'", r"keep_rows = '400' is no number of days; write '400d'"),
        ("keep_rows = '0d'", r"no number of days"),
        ("durability = 'maybe'", r"choose one of process, power, strict"),
        ("retries = 9", r"it may be 0 to 5"),
        ("a = [", r"this is not TOML"),
        ("[[budgets]]\nname='a'", r"needs limit_usd or limit_tokens"),
        (
            "[[budgets]]\nname='a'\nlimit_usd='1'\nwindow='year'",
            r"line 4 in \[budgets\]: window 'year' is unknown",
        ),
        ("[[budgets]]\nname='a'\nlimit_usd='1'\nlimit='2'", r"line 4 in \[budgets\]: unknown key 'limit'"),
        ("[[budgets]]\nname='a'\nlimit_usd='lots'", r"line 3 in \[budgets\]: limit_usd: not a dollar amount"),
        (
            "[[budgets]]\nname='a'\nlimit_usd='1'\n[[budgets]]\nname='a'\nlimit_usd='2'",
            r"two budgets are named 'a'",
        ),
        ("[[throttles]]\nmatch={}", r"limits nothing"),
        ("[[routes]]\nname='r'\nuse=[]", r"use must list at least one model"),
        (
            "[[routes]]\nname='r'\nuse=['a','b']\nescalate_streams=true",
            r"line 4 in \[routes\]: escalate_streams needs escalate",
        ),
        ("[cache]\nmarks = { life = '2h' }", r"life = '2h'; choose one of 5m, 1h"),
        ("[cache]\nexact = { ttl = 'soon' }", r"'soon' is no duration"),
        ("[cache]\nexact = { pace = 'slow' }", r"write instant, recorded, or tokens a second"),
        ("[cache]\nshare = ['ci']", r"share must be a list of lists"),
        ("[cache]\nshare = [['a'], ['a', 'b']]", r"'a' is in two groups"),
        ("[cache]\nsemantic = { rate = 0.01 }", r"it is opted into by project"),
        ("[cache]\nsemantic = { when = { project = 'x' }, rate = 1 }", r"rate must be from"),
        ("[cache]\nsemantic = { when = { project = 'x' }, threshold = 0.1 }", r"threshold must be 0.5 at"),
        ("[cache]\nsemantic = { when = { project = 'x' }, treshold = 0.9 }", r"did you mean 'threshold'"),
        ("[providers.openai]\nbase_ulr = 'http://x'", r"line 2.*base_ulr.*base_url"),
        ("host = '0.0.0.0'\nrequire_token = false", r"open to other machines"),
        ("timezone = 'Mars/Base'", None),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, sentence: str | None) -> None:
    if sentence is None:
        load(tmp_path, text)
        return
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert re.search(sentence, caught.value.message), caught.value.message
    if "out of range" not in sentence and "open to" not in sentence:
        assert "config.toml" in caught.value.message


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no such file; name another with --config"):
        load_settings(data=tmp_path, config=tmp_path / "none.toml")


def test_the_environment_and_the_command_line_beat_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.toml"
    path.write_text("port = 5000\nhost = '127.0.0.1'")
    monkeypatch.setenv("LLMCONSOLE_CONFIG", str(path))
    monkeypatch.setenv("LLMCONSOLE_DATA", str(tmp_path / "d"))
    monkeypatch.setenv("LLMCONSOLE_PORT", "5001")
    assert (load_settings().port, load_settings().data) == (5001, tmp_path / "d")
    assert load_settings(port=5002).port == 5002
    monkeypatch.setenv("LLMCONSOLE_PORT", "many")
    with pytest.raises(ConfigError, match="LLMCONSOLE_PORT"):
        load_settings()
