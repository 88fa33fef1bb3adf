"""The round of the weekly report, where nothing is scheduled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway_core.model.policy import Policy
from gateway_core.model.weekly import WeeklyReport, WeeklyState
from gateway_core.rounds.weekly import Weekly
from gateway_core.service import opened
from gateway_core.settings import load_settings
from gateway_core.store.weekly import WeeklyStore

pytestmark = pytest.mark.anyio
PLAN = WeeklyReport("monday@09:00", "/nowhere/weekly.md")


class Counting(WeeklyStore):
    """Counts how often it is read."""

    loads = 0

    def load(self) -> WeeklyState:
        self.loads += 1
        return super().load()


async def test_a_round_without_a_schedule_reads_nothing_until_there_is_an_edit(
    tmp_path: Path, data: Path
) -> None:
    config = tmp_path / "config.toml"
    config.touch()
    async with opened(load_settings(data=data, config=config)) as gateway:
        store = Counting(gateway.facts)
        policies = [Policy(weekly=PLAN)]
        weekly = Weekly.of(gateway.parts, store, data)
        weekly.policy = lambda: policies[-1]
        await weekly.look()
        assert store.load().every == PLAN.every
        policies.append(Policy())
        await weekly.look()
        assert store.load().every == "", "what comes due now need not be made up for"
        read = store.loads
        for _ in range(3):
            await weekly.look()
        assert store.loads == read
        policies.append(replace(policies[0]))
        await weekly.look()
        assert store.load().every == PLAN.every
        policies.append(Policy())
        await weekly.look()
        assert store.load().every == ""
