"""Every sum that the admin plane tells agrees with the rows of the export, and with every other sum."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from tests.support.gateway import Gateways, RunningGateway
from tests.support.wires import CHAT, GEMINI, MESSAGES, Wire

POLICY = """
[[routes]]
name = "small"
when = { project = "docs", provider = "openai" }
use = ["gpt-5-nano"]
[cache]
exact = { when = { project = "web" }, ttl = "1h" }
"""
TWICE = "One [[sim input=2000 cached=1500 output=50]]"
Row = dict[str, Any]


def usd(rows: Iterable[Row], column: str = "cost_usd") -> Decimal:
    return sum((Decimal(row[column]) for row in rows), Decimal(0))


@pytest.fixture(scope="module")
def gateway(module_gateways: Gateways) -> RunningGateway:
    """A gateway after six calls: a routed one, a cache hit, a refused one and three plain ones."""
    gateway = module_gateways.start(POLICY)
    send(gateway, CHAT, "web", TWICE)
    # The answer is kept with the row; once that is there, so is the answer.
    gateway.rows(1)
    for wire, project, prompt in (
        (CHAT, "web", TWICE),
        (CHAT, "docs", "Two"),
        (MESSAGES, "docs,user=ann", "Three"),
        (GEMINI, "it's=odd", "Four"),
    ):
        send(gateway, wire, project, prompt)
    refused = gateway.http.post(
        CHAT.path, headers=CHAT.credential(gateway.token), json=CHAT.ask("Five", model="no-such-model")
    )
    assert refused.status_code == 404
    gateway.rows(6)
    return gateway


def send(gateway: RunningGateway, wire: Wire, project: str, prompt: str) -> None:
    headers = {**wire.credential(gateway.token), "x-llmconsole-tags": f"project={project}"}
    answer = gateway.http.post(wire.path, headers=headers, json=wire.ask(prompt))
    assert answer.status_code == 200, answer.text


def test_an_overview_agrees_with_the_export(gateway: RunningGateway) -> None:
    found = gateway.admin("GET", "report/overview", params={"by": "project,user"})
    span = {"since": found["since"], "until": found["until"]}
    exported = gateway.admin_response("GET", "export", params=span).content
    assert found["ledger"] == {"rows": 6, "under_way": 0, "sha256": hashlib.sha256(exported).hexdigest()}
    rows = gateway.export()
    parts = [found["rows"], found["over_time"], found["hours"], *(group["rows"] for group in found["groups"])]
    assert [usd(part) for part in parts] == [usd(rows)] * 6
    assert [group["by"] for group in found["groups"]] == ["project", "user", "model"]
    assert sum(map(Decimal, (found["savings"]["own_cache_usd"], found["savings"]["routing_usd"]))) == usd(
        rows, "saved_usd"
    )
    assert found["timezone"] == "UTC"
    quick = gateway.admin("GET", "report/overview", params={"by": "project,user", **span, "rows": "false"})
    assert quick == {**found, "ledger": None}


def test_names_are_told_in_the_order_of_their_first_call(gateway: RunningGateway) -> None:
    names = gateway.admin("GET", "report/names", params={"keys": "project,user"})["names"]
    assert names["project"] == ["web", "docs", "it's=odd"]
    assert names["user"] == ["ann"]
    assert len(names["token"]) == 1


def test_status_tells_what_runs(gateway: RunningGateway) -> None:
    status = gateway.admin("GET", "status")
    assert status["url"] == gateway.url
    assert status["pid"] == gateway.child.pid
    assert status["data"] == str(gateway.data)
    assert status["timezone"] == "UTC"
    assert status["any_key"] is True
    assert (status["mode"], status["modes"]) == ("vibing", ["vibing", "building"])
    assert (status["in_flight"], status["watchers"], status["simulated"]) == (0, 0, False)


def test_the_summary_adds_up(gateway: RunningGateway) -> None:
    rows = gateway.export()
    summary = gateway.admin("GET", "summary")
    saved = usd(rows, "saved_usd") + usd(calls_of(gateway), "provider_cache_saved_usd")
    assert Decimal(summary["today_usd"]) == Decimal(summary["month_usd"]) == usd(rows)
    assert Decimal(summary["now_usd_per_min"]) == usd(rows)
    assert Decimal(summary["saved_today_usd"]) == saved
    assert summary["saved_share"] == pytest.approx(float(saved / (saved + usd(rows))))
    assert summary["calls_today"] == 6
    assert summary["cache_hit_rate_today"] == pytest.approx(0.5)
    assert summary["first_byte_p50_ms"] > 0
    assert Decimal(summary["lands_usd"]) >= usd(rows)
    assert summary["attention"] is None


def calls_of(gateway: RunningGateway) -> list[Row]:
    calls: list[Row] = gateway.admin("GET", "calls")["calls"]
    return calls


def test_the_parts_of_every_chart_sum_to_the_whole(gateway: RunningGateway) -> None:
    spent = usd(gateway.export())
    for span, by in product(("1h", "24h", "7d", "month"), ("model", "project", "user", "mode", "provider")):
        spend = gateway.admin("GET", "spend", params={"range": span, "by": by})
        assert Decimal(spend["total_usd"]) == spent, (span, by)
        assert sum(Decimal(each["total_usd"]) for each in spend["series"]) == spent, (span, by)
        assert len({len(each["cost_usd"]) for each in spend["series"]}) == 1
        for series in spend["series"]:
            assert sum(map(Decimal, series["cost_usd"])) == Decimal(series["total_usd"])


def test_calls_are_newest_first_in_pages_and_filtered(gateway: RunningGateway) -> None:
    whole = calls_of(gateway)
    assert [call["started_at"] for call in whole] == sorted((c["started_at"] for c in whole), reverse=True)
    first = gateway.admin("GET", "calls", params={"limit": 2})["calls"]
    rest = gateway.admin("GET", "calls", params={"limit": 9, "before": first[-1]["id"]})["calls"]
    assert [*first, *rest] == whole
    docs = gateway.admin("GET", "calls", params=[("where", "project=docs"), ("where", "provider=anthropic")])
    assert [call["tags"]["user"] for call in docs["calls"]] == ["ann"]
    alone = gateway.admin("GET", f"calls/{whole[0]['id']}")
    assert alone == whole[0] | {"mode_revision": alone["mode_revision"]}
    exported = {row["id"]: row for row in gateway.export()}
    for call in whole:
        assert exported[call["id"]].items() <= call.items()


def test_reports_group_by_anything_and_add_up(gateway: RunningGateway) -> None:
    for by in ("", "project", "tag:project,model", "provider,token,outcome,cache", "day,user"):
        report = gateway.admin("GET", "report", params={"since": "today", "by": by})
        assert usd(report["rows"]) == Decimal(report["total"]["cost_usd"]) == usd(gateway.export())
        assert sum(row["calls"] for row in report["rows"]) == report["total"]["calls"] == 6
    only = gateway.admin("GET", "report", params={"by": "model", "where": "project=docs"})
    assert only["total"]["calls"] == 2
    assert (
        gateway.admin("GET", "report", params={"until": "2020-01-01", "since": "2019-01-01"})["total"][
            "calls"
        ]
        == 0
    )


def test_cache_and_routing_tell_what_they_saved(gateway: RunningGateway) -> None:
    rows = gateway.export()
    cache = gateway.admin("GET", "cache", params={"range": "1h"})
    hits = [row for row in rows if row["cache"] == "hit"]
    routed = [row for row in rows if row["route"] == "small"]
    assert (cache["exact"]["hits"], cache["exact"]["misses"], cache["exact"]["bypass"]) == (1, 1, 4)
    assert Decimal(cache["exact"]["saved_usd"]) == usd(hits, "saved_usd") > 0
    assert Decimal(cache["routing_saved_usd"]) == usd(routed, "saved_usd") > 0
    assert cache["provider"]["cached_tokens"] >= 1500
    parts = (cache["exact"]["saved_usd"], cache["provider"]["saved_usd"], cache["routing_saved_usd"])
    assert sum(map(Decimal, parts)) == Decimal(cache["saved_total_usd"])
    decisions = gateway.admin("GET", "routing")["decisions"]
    assert gateway.admin("GET", "routing", params={"limit": 3})["decisions"] == decisions[:3]
    assert next(each for each in decisions if each["route"])["model"] == "gpt-5-nano"


def test_the_export_is_every_row_in_both_formats(gateway: RunningGateway) -> None:
    rows = gateway.export()
    answer = gateway.admin_response("GET", "export", params={"format": "csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    sheet = list(csv.DictReader(io.StringIO(answer.text)))
    assert [each["id"] for each in sheet] == [row["id"] for row in rows]
    assert list(sheet[0]) == list(rows[0])
    assert usd(sheet) == usd(rows)
    assert "project=docs,user=ann" in sheet[3]["tags"]
    filtered = gateway.admin_response("GET", "export", params={"where": "project=docs", "since": "1h"})
    assert len(filtered.text.splitlines()) == 2
    assert all(json.loads(line)["tags"]["project"] == "docs" for line in filtered.text.splitlines())
    assert gateway.admin_response("GET", "export", params={"until": "2020-01-01"}).text == ""


def test_attention_names_the_budget_that_needs_somebody(gateway: RunningGateway) -> None:
    body = {"limit_usd": "0.000001", "window": "day", "at_limit": "alert"}
    gateway.admin("PUT", "budgets/tiny", json=body)
    attention = gateway.admin("GET", "summary")["attention"]
    gateway.admin("DELETE", "budgets/tiny")
    assert attention["level"] == "error"
    assert attention["text"].startswith("budget tiny at ")


def test_the_month_shows_the_tightest_limit_on_everything(gateway: RunningGateway) -> None:
    budgets: dict[str, dict[str, Any]] = {
        "wide": {"limit_usd": "900"},
        "tight": {"limit_usd": "500"},
        "part": {"limit_usd": "1", "match": {"user": "ann"}},
        "day": {"limit_usd": "2", "window": "day"},
    }
    for name, fields in budgets.items():
        gateway.admin("PUT", f"budgets/{name}", json=fields)
    limit = gateway.admin("GET", "summary")["month_limit_usd"]
    for name in budgets:
        gateway.admin("DELETE", f"budgets/{name}")
    assert limit == "500.00"


def test_the_doctor_finds_nothing_wrong(gateway: RunningGateway) -> None:
    checks = gateway.admin("GET", "doctor")["checks"]
    assert [check for check in checks if not check["ok"]] == []
    names = {check["name"] for check in checks}
    assert {"data folder", "configuration", "prices", "provider: openai", "ledger: pages"} <= names
    alone = {check["name"] for check in gateway.admin("GET", "doctor?only=ledger")["checks"]}
    assert "ledger: pages" in alone and "prices" not in alone


def test_a_running_call_is_shown_with_what_it_holds(gateways: Gateways) -> None:
    gateway = gateways.start()
    body = CHAT.ask("Slow [[sim output=200 chunks=200 gap=0.05]]", stream=True, cap=300)
    with gateway.http.stream("POST", CHAT.path, headers=CHAT.credential(gateway.token), json=body) as stream:
        pieces = stream.iter_raw()
        next(pieces)
        running = gateway.admin("GET", "calls")["in_flight"]
        assert [call["status"] for call in running] == ["open"]
        assert Decimal(running[0]["held_usd"]) > 0
        assert gateway.admin("GET", f"calls/{running[0]['id']}")["status"] == "open"
        assert gateway.admin("GET", "summary")["in_flight"] == 1


def test_a_report_counts_what_ended_just_before_it(gateways: Gateways) -> None:
    gateway = gateways.start()
    counted = []
    for number in range(20):
        send(gateway, CHAT, "web", f"Number {number}")
        counted.append(gateway.admin("GET", "report")["total"]["calls"])
    assert counted == list(range(1, 21))
