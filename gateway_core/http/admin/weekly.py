"""The weekly report: when it is written, where to, and what came of the last one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from gateway_core.clock import instant_text
from gateway_core.http.admin.answers.reports import CheckAnswer
from gateway_core.http.admin.answers.weekly import WeeklyAnswer, WeeklyReportAnswer
from gateway_core.http.admin.bodies import WeeklyBody
from gateway_core.http.admin.edits import Who, edit
from gateway_core.http.admin.engine import Engine, Gateway, read
from gateway_core.http.admin.expecting import About, Expected, Over
from gateway_core.http.admin.policy_parts import revision_of, whole
from gateway_core.http.admin.subject import subject
from gateway_core.model.errors import Refusal
from gateway_core.model.weekly import WeeklyReport, WeeklyState
from gateway_core.rules.weekly import next_due, read_every
from gateway_core.settings.table import Table
from gateway_core.settings.weekly import read_weekly, target_of, weekly_fields
from gateway_core.store.queries.dimensions import parted

router = subject("reports")
SECTION = "weekly"


@router.get("/report/weekly")
async def weekly(gateway: Gateway) -> WeeklyAnswer:
    """The schedule, when and where the next one is written, and how the last one went."""
    return await _answer(gateway)


@router.put("/report/weekly")
async def put(body: WeeklyBody, gateway: Gateway, who: Who, over: Over) -> WeeklyAnswer:
    """Schedules a report of the seven days before, in place of the one that is scheduled."""
    plan = read_weekly(Table(body.model_dump(exclude_none=True), "weekly report"))
    assert plan is not None
    parted(plan.by)
    file = _next(gateway, plan)[1]
    if not await read(file.parent.is_dir):
        told = f"{file.parent} is no folder; make it first, or name another file"
        raise Refusal(400, "no_such_folder", told)
    if await read(file.is_dir):
        raise Refusal(400, "is_a_folder", f"{file} is a folder; name a file in it")
    before = gateway.policies.current.weekly
    await edit(gateway, SECTION, lambda old: replace(old, weekly=plan), who, _about(over))
    if before is None or before.every != plan.every:
        # What is due from now on counts, also where no gateway runs then.
        await read(_begin, gateway, plan.every)
    return await _answer(gateway)


@router.delete("/report/weekly")
async def delete(gateway: Gateway, who: Who, over: Over) -> WeeklyAnswer:
    """No weekly report any more; those that were written stay."""
    if gateway.policies.current.weekly is not None or over != Expected():
        await edit(gateway, SECTION, lambda old: replace(old, weekly=None), who, _about(over))
    return await _answer(gateway)


async def check(engine: Engine) -> list[CheckAnswer]:
    """The doctor's question; none where nothing is scheduled."""
    plan = engine.policies.current.weekly
    if plan is None:
        return []
    state = await read(engine.weekly.load)
    at, file = _next(engine, plan)
    if state.error is not None:
        mend = "mend what it says, or name another file: llmconsole report --every … -o FILE"
        return [CheckAnswer(name="weekly report", ok=False, detail=f"not written: {state.error}", mend=mend)]
    folder = file.parent
    if not await read(folder.is_dir):
        return [
            CheckAnswer(
                name="weekly report", ok=False, detail=f"{folder} is no folder", mend=f"mkdir -p {folder}"
            )
        ]
    last = f"last {state.file}" if state.file else "none written yet"
    detail = f"next {at.astimezone(engine.timezone):%A %Y-%m-%d %H:%M} to {file}; {last}"
    return [CheckAnswer(name="weekly report", ok=True, detail=detail, mend=None)]


def _about(over: Expected) -> About:
    return About("the weekly report", whole(SECTION), over)


def _begin(engine: Engine, every: str) -> None:
    now = instant_text(engine.clock.now())
    engine.weekly.save(replace(engine.weekly.load(), every=every, done=now, error=None, failed_at=None))


def _next(engine: Engine, plan: WeeklyReport) -> tuple[datetime, Path]:
    """When the next one is due, and its file."""
    at = next_due(read_every(plan.every), engine.clock.now(), engine.timezone)
    return at, target_of(plan, at, engine.timezone)


async def _answer(engine: Engine) -> WeeklyAnswer:
    plan = engine.policies.current.weekly
    state: WeeklyState = await read(engine.weekly.load)
    at, file = (None, None) if plan is None else _next(engine, plan)
    return WeeklyAnswer(
        report=None if plan is None else WeeklyReportAnswer(**weekly_fields(plan)),
        next_at=None if at is None else instant_text(at),
        next_file=None if file is None else str(file),
        written_at=state.written_at,
        file=state.file,
        error=state.error,
        failed_at=state.failed_at,
        revision=revision_of(whole(SECTION), engine.policies.current),
    )
