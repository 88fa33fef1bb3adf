"""Second opinions in the configuration: read, written back, and every mistake named."""

from __future__ import annotations

import pytest

from gateway_core.model.errors import ConfigError
from gateway_core.model.policy import OPINION_TAG, Opinion, Whose
from gateway_core.settings.policy import read_policy, write_policy
from gateway_core.settings.table import Table

GOOD = """
[[opinions]]
name = "mini"
when = { project = "web", complexity = ">=medium" }
cheap = "gpt-5-nano"
strong = "gpt-5"
whose = "cheap"
share = 0.1
judge = "gpt-5-mini"
usd_per_day = "0.50"
"""
CLASH = '[[budgets]]\nname = "second opinion mini"\nlimit_usd = "1"\n'


def read(text: str) -> tuple[Opinion, ...]:
    return read_policy(Table.parse(text, "config.toml")).opinions


def test_it_is_read_and_written_back() -> None:
    (opinion,) = read(GOOD)
    assert (opinion.whose, opinion.share, opinion.usd_per_day_nano) == (Whose.CHEAP, 0.1, 500_000_000)
    policy = read_policy(Table.parse(GOOD, "config.toml"))
    assert read_policy(Table.parse(write_policy(policy), "again")) == policy
    budget = opinion.budget
    assert (budget.match, budget.window, budget.limit_nano) == ({OPINION_TAG: "mini"}, "day", 500_000_000)
    assert policy.all_budgets == (budget,) and policy.budgets == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('usd_per_day = "0.50"', "", "usd_per_day must say what it may cost in a day"),
        ('usd_per_day = "0.50"', 'usd_per_day = "0"', "usd_per_day must say what it may cost in a day"),
        ('strong = "gpt-5"', 'strong = "gpt-5-nano"', "a second opinion needs another"),
        ('strong = "gpt-5"', "", "strong is missing"),
        ("share = 0.1", "share = 5", "share must be a number from 0 to 1"),
        ('whose = "cheap"', 'whose = "mine"', "choose one of both, cheap, strong"),
        ('">=medium"', '"tough"', "complexity = 'tough' is none of"),
        ('name = "mini"', 'name = "mini*"', "must not end in '*'"),
        ("[[opinions]]", f"{CLASH}[[opinions]]", "give one of the two another name"),
    ],
)  # fmt: skip
def test_mistakes_are_named(old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError, match=told.replace("*", r"\*")):
        read(GOOD.replace(old, new))
