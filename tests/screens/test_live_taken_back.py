"""Every kind of edit is taken back and made again by one key, and never over what somebody else did since."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest

from console.gateway import GatewayHandle, Place
from console.screens.desk import Desk
from console.screens.draft import Draft
from console.shapes import ModeRule, Route, Throttle
from console.shapes.weekly import WeeklyReport
from console.trouble import ClientError
from tests.screens.live import Live, ask, live
from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT

POLICY = """
[[budgets]]
name = "web"
match = { project = "web" }
limit_usd = "10"
window = "month"

[[throttles]]
name = "pace"
concurrent = 4

[[routes]]
name = "docs"
when = { project = "docs" }
use = ["gpt-5-nano", "gpt-5-mini"]
escalate = 0.5
escalate_streams = true

[[mode_rules]]
mode = "vibing"
match = { user = "ann" }

[[mode_rules]]
mode = "building"
match = { user = "bo" }

[cache]
exact = { when = {} }
"""
pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Kind:
    """An edit of the console, how what it is about stands at the gateway, and somebody else's edit of it."""

    edit: Callable[[Desk], Awaitable[object]]
    now: Callable[[RunningGateway], Any]
    theirs: Callable[[RunningGateway], object]


async def save_budget(desk: Desk) -> None:
    (before,) = await desk.client.budgets()
    await desk.save_budget(replace(Draft.of(before), limit_usd=Decimal(20)), before)


async def make_budget(desk: Desk) -> None:
    (other,) = await desk.client.budgets()
    await desk.save_budget(replace(Draft.of(other), name="more"), None)


async def delete_budget(desk: Desk) -> None:
    await desk.delete_budget((await desk.client.budgets())[0])


async def raise_budget(desk: Desk) -> None:
    (before,) = await desk.client.budgets()
    await desk.raise_budget(before, replace(Draft.of(before), raised_to_usd=Decimal(50)))


async def save_throttle(desk: Desk) -> None:
    (before,) = await desk.client.throttles()
    await desk.save_throttle(Throttle(name="pace", match={}, concurrent=9), before)


async def make_throttle(desk: Desk) -> None:
    await desk.save_throttle(Throttle(name="more", match={}, requests_per_minute=9), None)


async def delete_throttle(desk: Desk) -> None:
    await desk.delete_throttle((await desk.client.throttles())[0])


async def save_routes(desk: Desk) -> None:
    found = await desk.client.routes()
    await desk.save_routes(found, (Route(name="new", when={}, use=("gpt-5-mini",)), *found.routes))


async def add_mode_rule(desk: Desk) -> None:
    await desk.add_mode_rule(ModeRule(mode="vibing", match={"project": "web"}))


async def move_mode_rule(desk: Desk) -> None:
    await desk.add_mode_rule(ModeRule(mode="building", match={"user": "bo"}))


async def throw(desk: Desk) -> None:
    await desk.panic("stop", {"project": "web"})


async def lift(desk: Desk) -> None:
    await desk.lift((await desk.client.panic("cheap", {})).panics)


async def label(desk: Desk) -> None:
    await desk.label((await desk.client.calls()).calls[0], "building")


async def pin(desk: Desk) -> None:
    await desk.pin((await desk.client.cache_entries()).entries[0], True)


async def discard(desk: Desk) -> None:
    await desk.discard((await desk.client.cache_entries()).entries[0])


async def told(console: Live, words: str) -> None:
    """Waits for a toast, whose lines may end anywhere."""
    await console.until(lambda: any(words in each.message for each in console.app._notifications), words)


def admin(method: str, path: str, body: Any = None) -> Callable[[RunningGateway], object]:
    return lambda gateway: gateway.admin(method, path, json=body)


def listed(path: str, name: str, *fields: str) -> Callable[[RunningGateway], Any]:
    """These fields of all that is listed there, in its order."""
    return lambda gateway: [[each[field] for field in fields] for each in gateway.admin("GET", path)[name]]


def call_path(gateway: RunningGateway) -> str:
    return f"calls/{gateway.admin('GET', 'calls')['calls'][0]['id']}/mode"


def kept_path(gateway: RunningGateway) -> str:
    return f"cache/entries/{gateway.admin('GET', 'cache/entries')['entries'][0]['key']}"


def asks_again(gateway: RunningGateway) -> None:
    """The same call as before, whose answer is kept in place of the discarded one."""
    body = CHAT.ask("kept, and labelled", cap=10_000)
    assert gateway.http.post(CHAT.path, json=body, headers=CHAT.credential(gateway.token)).is_success


BUDGETS = listed("budgets", "budgets", "name", "limit_usd", "raised_to_usd")
THROTTLES = listed("throttles", "throttles", "name", "concurrent", "requests_per_minute")
ROUTES = listed("routes", "routes", "name", "use", "escalate_streams", "revision")
RULES = listed("mode_rules", "rules", "mode", "match")
PANICS = listed("panics", "panics", "restraint", "match")
KEPT = listed("cache/entries", "entries", "key", "pinned", "hits", "call_id")
LABELS = listed("calls", "calls", "tags")

their_budget = admin("PUT", "budgets/web", {"match": {"project": "web"}, "limit_usd": "12"})
KINDS = {
    "budget": Kind(save_budget, BUDGETS, their_budget),
    "new budget": Kind(make_budget, BUDGETS, admin("PUT", "budgets/more", {"limit_usd": "12"})),
    "no budget": Kind(delete_budget, BUDGETS, their_budget),
    "raise": Kind(raise_budget, BUDGETS, their_budget),
    "throttle": Kind(save_throttle, THROTTLES, admin("PUT", "throttles/pace", {"concurrent": 5})),
    "new throttle": Kind(make_throttle, THROTTLES, admin("PUT", "throttles/more", {"concurrent": 5})),
    "no throttle": Kind(delete_throttle, THROTTLES, admin("PUT", "throttles/pace", {"concurrent": 5})),
    "routes": Kind(save_routes, ROUTES, admin("PATCH", "routes/docs", {"use": ["gpt-5", "gpt-5-nano"]})),
    "mode rule": Kind(
        add_mode_rule, RULES, admin("POST", "mode_rules", {"mode": "vibing", "match": {"user": "cyd"}})
    ),
    "moved mode rule": Kind(
        move_mode_rule, RULES, admin("POST", "mode_rules", {"mode": "vibing", "match": {"user": "cyd"}})
    ),
    "panic": Kind(throw, PANICS, admin("POST", "panics", {"restraint": "cheap", "match": {}})),
    "lift": Kind(lift, PANICS, admin("POST", "panics", {"restraint": "stop", "match": {}})),
    "label": Kind(
        label, LABELS, lambda gateway: gateway.admin("POST", call_path(gateway), json={"mode": None})
    ),
    "pin": Kind(pin, KEPT, lambda gateway: gateway.admin("POST", f"{kept_path(gateway)}/unpin", json={})),
    "discard": Kind(discard, KEPT, asks_again),
}


@pytest.mark.parametrize("name", KINDS)
async def test_an_edit_is_taken_back_and_made_again_but_never_blindly(gateways: Gateways, name: str) -> None:
    kind, gateway = KINDS[name], gateways.start(POLICY)
    async with live(gateway) as console:
        await ask(gateway, "kept, and labelled")
        gateway.rows(1)
        if name == "lift":
            gateway.admin("POST", "panics", json={"restraint": "cheap", "match": {}})
        before = kind.now(gateway)
        await kind.edit(console.app.desk)
        after = kind.now(gateway)
        assert after != before
        await console.press("u")
        await console.until(lambda: kind.now(gateway) == before, "the edit to be taken back")
        await console.press("ctrl+r")
        await console.until(lambda: kind.now(gateway) == after, "the edit to be made again")
        kind.theirs(gateway)
        stands = kind.now(gateway)
        assert stands != after
        await console.press("u")
        await told(console, "that edit stands")
        assert kind.now(gateway) == stands
        await console.press("u")
        await console.sees("nothing to undo")
        assert kind.now(gateway) == stands


async def test_what_a_restart_has_forgotten_is_out_of_the_way_of_the_rest(gateways: Gateways) -> None:
    """A discarded answer waits in memory: edits that were made before it are still taken back."""
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        desk = console.app.desk
        await ask(gateway, "kept, and labelled")
        gateway.rows(1)
        await desk.schedule(
            WeeklyReport(every="monday@09:00", to=str(gateway.data / "llm.md")), await desk.client.weekly()
        )
        await discard(desk)
        assert gateway.stop() == 0
        again = gateways.again(gateway.data, gateway.config)
        place, before = Place(again.data, again.config), desk.client
        desk.attach(GatewayHandle(again.url, again.admin_token, place, again.child.pid))
        console.app.run_worker(desk.feed.run(), group="feed", exclusive=True)
        await before.aclose()
        with pytest.raises(ClientError, match="cannot be taken back any more"):
            await desk.undo()
        assert await desk.undo() == "the weekly report is as it was"
        assert again.admin("GET", "report/weekly")["report"] is None


async def test_a_mode_that_was_switched_elsewhere_stays(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY, top='modes = ["vibing", "building", "resting"]')
    async with live(gateway) as one, live(gateway) as other:
        for each in (one, other):
            await each.sees("mode vibing")
        await one.press("M")
        await one.sees("untagged calls count as building now")
        await other.sees("mode building")
        await other.press("M")
        await other.sees("untagged calls count as resting now")
        await one.press("u")
        await told(one, "that edit stands")
        assert gateway.admin("GET", "mode")["mode"] == "resting"
        await other.press("u")
        await other.sees("mode is building again")
        assert gateway.admin("GET", "mode")["mode"] == "building"


async def test_a_rule_comes_back_to_its_place_between_the_others(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        before = RULES(gateway)
        await move_mode_rule(console.app.desk)
        assert RULES(gateway) == before[::-1]
        await console.press("u")
        await console.sees("the rule for building is in its old place again")
        assert RULES(gateway) == before


async def test_steps_on_one_thing_are_all_taken_back_in_their_order(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        before = BUDGETS(gateway)
        for edit in (save_budget, raise_budget, delete_budget):
            await edit(console.app.desk)
        for _ in range(3):
            await console.press("u")
        await console.until(lambda: BUDGETS(gateway) == before, "all three to be taken back")
        for _ in range(3):
            await console.press("ctrl+r")
        await console.until(lambda: BUDGETS(gateway) == [], "all three to be made again")


async def test_a_brake_that_one_has_not_seen_is_not_lifted(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        desk = console.app.desk
        seen = (await desk.client.panic("stop", {"project": "web"})).panics
        gateway.admin("POST", "panics", json={"restraint": "cheap", "match": {}})
        with pytest.raises(ClientError, match="another switch was thrown"):
            await desk.lift(seen)
        assert len(PANICS(gateway)) == 2
        await desk.lift((await desk.client.panics()).panics)
        assert PANICS(gateway) == []


async def test_a_mode_that_was_said_meanwhile_is_not_said_over(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    async with live(gateway) as console:
        await ask(gateway, "labelled by two")
        gateway.rows(1)
        desk = console.app.desk
        seen = (await desk.client.calls()).calls[0]
        gateway.admin("POST", call_path(gateway), json={"mode": "building"})
        with pytest.raises(ClientError, match="said meanwhile that this call was building"):
            await desk.label(seen, "vibing")
        assert LABELS(gateway) == [[{**seen.tags, "mode": "building"}]]


async def test_the_history_takes_back_no_edit_that_it_has_not_shown(gateways: Gateways) -> None:
    gateway = gateways.start(POLICY)
    their_budget(gateway)
    async with live(gateway) as console:
        await console.press("b")
        await console.sees("at limit")
        await console.press("h")
        await console.sees("history of the policy", "admin plane")
        gateway.admin("DELETE", "throttles/pace")
        await console.press("U")
        await told(console, "the policy was changed meanwhile")
        assert THROTTLES(gateway) == []
        assert BUDGETS(gateway)[0][1] == "12.00"
        await console.sees("throttles")
        await console.press("U")
        await console.until(lambda: THROTTLES(gateway), "the throttle again")
