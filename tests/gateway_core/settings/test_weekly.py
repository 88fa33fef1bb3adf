"""[weekly] of the configuration: read back as it was written, and wrong words named with their mend."""

from __future__ import annotations

import pytest

from gateway_core.model.errors import ConfigError
from gateway_core.model.policy import Policy
from gateway_core.model.weekly import WeeklyReport
from gateway_core.settings.policy import read_policy, write_policy
from gateway_core.settings.table import Table


def read(text: str) -> Policy:
    return read_policy(Table.parse(text, "config.toml"))


def test_little_is_enough() -> None:
    found = read('[weekly]\nevery = "mon@9:00"\nto = "~/llm.md"\n').weekly
    assert found == WeeklyReport("monday@09:00", "~/llm.md")
    assert read("").weekly is None


@pytest.mark.parametrize(
    "report",
    [
        WeeklyReport("friday@17:30", "/r/%G-%V.csv", "csv", ("user", "tag:ticket"), {"user": "a*"}, True, ()),
        WeeklyReport("sunday@00:00", "/r/a.md", include=("savings", "forgone")),
        None,
    ],
)
def test_it_is_read_back_as_it_was_written(report: WeeklyReport | None) -> None:
    assert read(write_policy(Policy(weekly=report))).weekly == report


@pytest.mark.parametrize(
    "line, told",
    [
        ('every = "never"', "'never' is no time of the week"),
        ('to = "llm.md"', "begin with / or ~/"),
        ('to = "~nobody-of-this-name/llm.md"', "begin with / or ~/"),
        ('to = "/r/llm\\u0000.md"', "no name of a file"),
        ('to = "/r/"', "names a folder"),
        ('to = "/r/%q.md"', "'%q' in '/r/%q.md' stands for nothing"),
        ('format = "pdf"', "choose one of md, html"),
        ('by = ["a b"]', "'a b' is no word"),
        ("masked = true", "did you mean 'mask'?"),
    ],
)
def test_a_wrong_word_is_named(line: str, told: str) -> None:
    usual = {"every": 'every = "mon@9:00"', "to": 'to = "/llm.md"'}
    lines = [each for key, each in usual.items() if not line.startswith(key)]
    with pytest.raises(ConfigError) as caught:
        read("\n".join(["[weekly]", *lines, line]))
    assert told in caught.value.message and caught.value.message.startswith("config.toml, line ")
