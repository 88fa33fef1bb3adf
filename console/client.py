"""The gateway's admin plane as Python: the console's only way in, local or remote."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import httpx

from console import shapes
from console.alert_calls import PATIENT, AlertCalls
from console.cache_calls import CacheCalls
from console.events import follow
from console.shapes import Event, wrapped
from console.shapes.providers import ProviderVitals
from console.trouble import ClientError, GatewayGone
from console.wire import Param, Wire, decoded

__all__ = ["AdminClient", "ClientError", "GatewayGone", "Where"]

COPYING = 3600.0
"""Seconds for what copies, prices or proves a ledger of any size."""
DEFAULT_ALERTS = (50, 80, 95, 100)

Where = Mapping[str, str]
"""Tags and `model`, `provider`, `token`, `outcome`, `cache` to wanted values; a value may end in `*`."""


class AdminClient(AlertCalls, CacheCalls):
    """Queries, commands and events of one gateway. Use as an async context manager, or call `aclose`.

    url: the gateway's root ('http://127.0.0.1:4141'); token: its admin token; transport: another way there,
    such as httpx.ASGITransport around the admin application itself.
    Every method raises ClientError when the gateway refuses and GatewayGone when it does not answer.
    """

    def __init__(self, url: str, token: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._wire = Wire(url, token, transport)

    @property
    def url(self) -> str:
        return self._wire.url

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._wire.http.aclose()

    # What is

    async def status(self) -> shapes.Status:
        return await self._wire.get("/status", shapes.Status)

    async def summary(self) -> shapes.Summary:
        return await self._wire.get("/summary", shapes.Summary)

    async def spend(self, range: str = "24h", by: str = "model") -> shapes.Spend:
        """range: 1h | 24h | 7d | month; by: model | project | user | mode | provider."""
        return await self._wire.get("/spend", shapes.Spend, [("range", range), ("by", by)])

    async def calls(
        self, limit: int = 200, *, before: str | None = None, where: Where | None = None
    ) -> shapes.Calls:
        """The newest calls; `before` is the id of a call, and older ones than it are given."""
        params = [("limit", str(limit)), *_given(before=before), *_where(where)]
        return await self._wire.get("/calls", shapes.Calls, params)

    async def call(self, id: str) -> shapes.Call:
        return await self._wire.get(f"/calls/{_part(id)}", shapes.Call)

    async def receipt(self, id: str) -> shapes.Receipt:
        """What an ended call was made of."""
        return await self._wire.get(f"/calls/{_part(id)}/receipt", shapes.Receipt)

    async def cache(self, range: str = "24h") -> shapes.CacheUse:
        return await self._wire.get("/cache", shapes.CacheUse, [("range", range)])

    async def routing(self, limit: int = 50) -> tuple[shapes.Decision, ...]:
        answer = await self._wire.get("/routing", wrapped.Decisions, [("limit", str(limit))])
        return answer.decisions

    async def report(
        self,
        *,
        since: str | None = None,
        until: str | None = None,
        by: Sequence[str] = (),
        where: Where | None = None,
    ) -> shapes.Report:
        """since, until: RFC 3339 instants; by: `model`, `provider`, `token`, `day` or any tag key."""
        params = [*_given(since=since, until=until, by=",".join(by) or None), *_where(where)]
        return await self._wire.get("/report", shapes.Report, params)

    async def export(
        self,
        format: str = "jsonl",
        *,
        since: str | None = None,
        until: str | None = None,
        where: Where | None = None,
    ) -> AsyncIterator[bytes]:
        """Every ledger row as jsonl or csv, piece by piece."""
        params = [("format", format), *_given(since=since, until=until), *_where(where)]
        async for piece in self._wire.stream("/export", params):
            yield piece

    async def doctor(self, *, ledger_only: bool = False) -> tuple[shapes.Check, ...]:
        """Whether all is well, fault by fault; ledger_only: the proof of the ledger and nothing else."""
        params: list[Param] = [("only", "ledger")] if ledger_only else []
        return (await self._wire.get("/doctor", wrapped.Checks, params, timeout=COPYING)).checks

    async def prices(self) -> tuple[shapes.ModelPrice, ...]:
        return (await self._wire.get("/prices", wrapped.Prices)).prices

    async def price(self, model: str) -> shapes.ModelPrice:
        """model: 'provider/model'."""
        return await self._wire.get(f"/prices/{_part(model)}", shapes.ModelPrice)

    async def fix_prices(
        self, *, model: str | None, since: str | None, until: str | None, apply: bool
    ) -> shapes.PriceFix:
        """Past calls at the prices of now; without `apply` nothing is changed."""
        body = {"model": model, "since": since, "until": until, "apply": apply}
        answer = await self._wire.send("POST", "/prices/fix", body, timeout=COPYING)
        return decoded(answer, shapes.PriceFix)

    async def correct(self, id: str, cost_usd: str, why: str) -> shapes.Call:
        """A word on what an ended call cost, in dollars; answers the call as it now counts."""
        body = {"cost_usd": cost_usd, "why": why}
        answer = await self._wire.send("POST", f"/calls/{_part(id)}/corrections", body)
        return decoded(answer, shapes.Call)

    async def backup(self, file: Path) -> shapes.Backup:
        """Copies the ledger into a new file at an absolute path of the gateway's machine."""
        answer = await self._wire.send("POST", "/backup", {"file": str(file)}, timeout=COPYING)
        return decoded(answer, shapes.Backup)

    def events(self, last_id: int | None = None) -> AsyncIterator[Event]:
        """What happens from now on, or after the event `last_id`. Goes on over broken connections until it is
        closed; raises ClientError only when the gateway refuses the token."""
        return follow(self._wire.http, last_id)

    # Policy

    async def budgets(self) -> tuple[shapes.Budget, ...]:
        return (await self._wire.get("/budgets", wrapped.Budgets)).budgets

    async def put_budget(
        self,
        name: str,
        *,
        match: Mapping[str, str] | None = None,
        limit_usd: Decimal | str | None = None,
        limit_tokens: int | None = None,
        window: str = "month",
        at_limit: str = "block",
        alerts: Sequence[int] = DEFAULT_ALERTS,
        unbounded: str | None = None,
        downgrade_to: str | None = None,
        expensive_above: Decimal | str | None = None,
        raised_to_usd: Decimal | None = None,
        raised_to_tokens: int | None = None,
        raised_until: str | None = None,
        ask_seconds: int | None = None,
        dry_run: bool = False,
    ) -> shapes.Budget:
        """Makes or replaces a budget; answers it as it now stands, or with dry_run as it would."""
        body = {
            "match": dict(match or {}),
            "limit_usd": _text(limit_usd),
            "limit_tokens": limit_tokens,
            "window": window,
            "at_limit": at_limit,
            "alerts": list(alerts),
            "unbounded": unbounded,
            "downgrade_to": downgrade_to,
            "expensive_above": _text(expensive_above),
            "raised_to_usd": _text(raised_to_usd),
            "raised_to_tokens": raised_to_tokens,
            "raised_until": raised_until,
            "ask_seconds": ask_seconds,
        }
        path = f"/budgets/{_part(name)}" + ("?dry_run=true" if dry_run else "")
        return await self._wire.put(path, body, shapes.Budget)

    async def raise_budget(
        self,
        name: str,
        *,
        to_usd: Decimal | str | None = None,
        to_tokens: int | None = None,
        until: str | None = None,
    ) -> shapes.Budget:
        """Sets a temporary limit in the budget's own unit. until: RFC 3339; None is the end of the window."""
        body = {"to_usd": _text(to_usd), "to_tokens": to_tokens, "until": until}
        answer = await self._wire.send("POST", f"/budgets/{_part(name)}/raise", body)
        return decoded(answer, shapes.Budget)

    async def delete_budget(self, name: str) -> None:
        await self._wire.send("DELETE", f"/budgets/{_part(name)}")

    async def throttles(self) -> tuple[shapes.Throttle, ...]:
        return (await self._wire.get("/throttles", wrapped.Throttles)).throttles

    async def put_throttle(
        self,
        name: str,
        *,
        match: Mapping[str, str] | None = None,
        tokens_per_minute: int | None = None,
        requests_per_minute: int | None = None,
        usd_per_hour: Decimal | str | None = None,
        concurrent: int | None = None,
    ) -> shapes.Throttle:
        body = {
            "match": dict(match or {}),
            "tokens_per_minute": tokens_per_minute,
            "requests_per_minute": requests_per_minute,
            "usd_per_hour": _text(usd_per_hour),
            "concurrent": concurrent,
        }
        return await self._wire.put(f"/throttles/{_part(name)}", body, shapes.Throttle)

    async def delete_throttle(self, name: str) -> None:
        await self._wire.send("DELETE", f"/throttles/{_part(name)}")

    async def routes(self) -> tuple[shapes.Route, ...]:
        """In the order in which they are tried."""
        return (await self._wire.get("/routes", wrapped.Routes)).routes

    async def put_route(
        self,
        name: str,
        *,
        when: Mapping[str, str],
        use: Sequence[str],
        enabled: bool = True,
        position: int | None = None,
    ) -> shapes.Route:
        """position: the place in the order, 0 first; None keeps the place, or adds a new route last."""
        body = {"when": dict(when), "use": list(use), "enabled": enabled, "position": position}
        return await self._wire.put(f"/routes/{_part(name)}", body, shapes.Route)

    async def delete_route(self, name: str) -> None:
        await self._wire.send("DELETE", f"/routes/{_part(name)}")

    async def mode(self) -> str:
        return (await self._wire.get("/mode", wrapped.Mode)).mode

    async def set_mode(self, mode: str) -> str:
        return (await self._wire.put("/mode", {"mode": mode}, wrapped.Mode)).mode

    async def policy_toml(self) -> str:
        return (await self._wire.get("/policy", wrapped.Policy)).toml

    async def apply_policy(self, toml: str, *, dry_run: bool = False) -> str:
        """Replaces the whole policy, or nothing of it; answers the policy as it now stands, or with
        dry_run as it would."""
        path = "/policy?dry_run=true" if dry_run else "/policy"
        return (await self._wire.put(path, {"toml": toml}, wrapped.Policy)).toml

    async def history(self, limit: int = 200) -> tuple[shapes.Edit, ...]:
        """Who changed what of the policy and when, the latest first."""
        return (await self._wire.get("/policy/history", wrapped.History, [("limit", str(limit))])).edits

    async def questions(self) -> tuple[shapes.Question, ...]:
        """The calls that wait for a person's word, the oldest first."""
        return (await self._wire.get("/questions", wrapped.Questions)).questions

    async def answer_question(self, id: str, answer: str) -> str:
        """answer: once | raised (after raising the budget) | cheaper | refuse. ClientError 404 where it is
        no longer open."""
        await self._wire.send("POST", f"/questions/{_part(id)}", {"answer": answer})
        return answer

    async def undo(self) -> str:
        """Takes the last edit of the policy back; what it was about. ClientError 404 where none is left."""
        return decoded(await self._wire.send("POST", "/policy/undo", {}), wrapped.Undone).what

    # Keys and tokens

    async def provider_vitals(self, since: str = "24h") -> ProviderVitals:
        """How every provider and model does that was called since then."""
        return await self._wire.get("/providers/vitals", ProviderVitals, [("since", since)])

    async def keys(self) -> shapes.Keys:
        return await self._wire.get("/keys", shapes.Keys)

    async def set_key(self, provider: str, key: str, *, session_only: bool = False) -> shapes.KeyState:
        """session_only: kept in the gateway's memory until it ends, where no keyring can be used."""
        body = {"key": key, "session_only": session_only}
        return await self._wire.put(f"/keys/{_part(provider)}", body, shapes.KeyState)

    async def remove_key(self, provider: str) -> None:
        await self._wire.send("DELETE", f"/keys/{_part(provider)}")

    async def test_key(self, provider: str, key: str | None = None) -> shapes.KeyTest:
        """Asks the provider for its models, which costs nothing. key: one that is not stored yet."""
        body = {} if key is None else {"key": key}
        path = f"/keys/{_part(provider)}/test"
        return decoded(await self._wire.send("POST", path, body, timeout=PATIENT), shapes.KeyTest)

    async def tokens(self) -> tuple[shapes.Token, ...]:
        return (await self._wire.get("/tokens", wrapped.Tokens)).tokens

    async def create_token(self, name: str, tags: Mapping[str, str] | None = None) -> shapes.NewToken:
        body = {"name": name, "tags": dict(tags or {})}
        return decoded(await self._wire.send("POST", "/tokens", body), shapes.NewToken)

    async def revoke_token(self, name: str) -> None:
        await self._wire.send("DELETE", f"/tokens/{_part(name)}")

    async def panics(self) -> tuple[shapes.Panic, ...]:
        """The switches that are thrown."""
        return (await self._wire.get("/panics", wrapped.Panics)).panics

    async def panic(self, restraint: str, match: Where) -> tuple[shapes.Panic, ...]:
        """Throws one. restraint: stop | cheap."""
        body = {"restraint": restraint, "match": dict(match)}
        return decoded(await self._wire.send("POST", "/panics", body), wrapped.Panics).panics

    async def lift_panics(self) -> tuple[shapes.Panic, ...]:
        """Lifts all of them."""
        return decoded(await self._wire.send("DELETE", "/panics"), wrapped.Panics).panics

    async def tags(self, *, since: str = "30d", key: str | None = None) -> tuple[shapes.Tag, ...]:
        """The tags in use since then, the dearest first."""
        params = [("since", since), *_given(key=key)]
        return (await self._wire.get("/tags", wrapped.Tags, params)).tags

    async def tag_names(self) -> tuple[shapes.TagName, ...]:
        """Every renaming in force."""
        return (await self._wire.get("/tags/names", wrapped.TagNames)).names

    async def rename_tags(self, key: str, values: Sequence[str], name: str, *, apply: bool) -> shapes.Renamed:
        """Calls values of a key by another name; without `apply` it only says what that would change."""
        body = {"key": key, "values": list(values), "name": name, "apply": apply}
        return decoded(await self._wire.send("POST", "/tags/rename", body), shapes.Renamed)

    async def restore_tag(self, key: str, value: str) -> shapes.Renamed:
        """Takes a renaming back."""
        path = f"/tags/names/{_part(key)}/{_part(value)}"
        return decoded(await self._wire.send("DELETE", path), shapes.Renamed)

    async def client_token(self) -> shapes.NewToken:
        """The token of the first start, which `llmconsole env` hands to the clients."""
        return await self._wire.get("/client-token", shapes.NewToken)

    # The gateway itself

    async def stop(self) -> None:
        await self._wire.send("POST", "/stop", {})

    async def keep(self, keep: bool) -> None:
        """Whether the gateway goes on when the console that started it ends."""
        await self._wire.send("PUT", "/keep", {"keep": keep})


def _part(name: str) -> str:
    return quote(name, safe="")


def _text(amount: Decimal | str | None) -> str | None:
    return f"{amount:f}" if isinstance(amount, Decimal) else amount


def _given(**params: str | None) -> list[Param]:
    return [(key, value) for key, value in params.items() if value is not None]


def _where(where: Where | None) -> list[Param]:
    return [("where", f"{key}={value}") for key, value in (where or {}).items()]
