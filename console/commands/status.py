"""llmconsole status: what is spent and what runs, in words; quick enough for a prompt."""

from __future__ import annotations

import json
import time
from typing import Any

import click

from console import present
from console.commands.frame import Options, common_options, pass_options
from console.gateway import GatewayHandle, fetch, find
from console.trouble import NOTHING_THERE, GatewayGone, Trouble

BETWEEN = 2.0
"""Seconds between two looks of --watch."""

# What is known of the gateway as it came: decoding it into shapes would take longer than asking for it.
Facts = dict[str, Any]


@click.command()
@click.option("--line", is_flag=True, help="One short line, for tmux and prompts.")
@click.option("--watch", is_flag=True, help="Go on, and print again when something changes.")
@common_options
@pass_options
@click.pass_context
def status(ctx: click.Context, options: Options, line: bool, watch: bool) -> None:
    """What is spent and what runs; exit status 3 where no gateway runs."""
    code = print_status(options, line=line)
    while watch and code == 0:
        time.sleep(BETWEEN)
        code = print_status(options, line=line, unless_like=ctx)
    ctx.exit(code)


def print_status(options: Options, *, line: bool = False, unless_like: click.Context | None = None) -> int:
    """Prints the status once; the exit status. unless_like: a context that remembers what stood last."""
    place = options.place()
    running = find(place.data)
    if running is None:
        raise Trouble(f"no gateway runs for {place.data}; start one with: llmconsole serve", NOTHING_THERE)
    facts = {"status": _facts(running, "/status"), "summary": _facts(running, "/summary")}
    text = _written(facts, options, line)
    if unless_like is None or unless_like.meta.get("status") != text:
        click.echo(text)
    if unless_like is not None:
        unless_like.meta["status"] = text
    return 0


def _written(facts: Facts, options: Options, line: bool) -> str:
    if options.json:
        return json.dumps(facts, ensure_ascii=False)
    return _line(facts["summary"]) if line else "\n".join(_lines(facts["status"], facts["summary"]))


def _facts(running: GatewayHandle, path: str) -> Facts:
    try:
        code, body = fetch(running.url, f"/admin/v1{path}", token=running.token)
    except OSError as error:
        raise GatewayGone(f"the gateway at {running.url} went away: {error}") from None
    if code != 200:
        raise Trouble(
            f"the gateway at {running.url} refused ({code}): {body[:200].decode('utf-8', 'replace')}"
        )
    facts: Facts = json.loads(body)
    return facts


def _line(summary: Facts) -> str:
    words = [
        f"{present.usd(summary['today_usd'])} today",
        present.usd_pace(summary["now_usd_per_min"]),
        f"{summary['in_flight']} live",
    ]
    if summary["attention"]:
        words.append(f"! {present.plain(summary['attention']['text'])}")
    return " · ".join(words)


def _lines(status: Facts, summary: Facts) -> list[str]:
    lines = [
        [f"llmconsole {status['version']} at {status['url']}", f"mode {present.plain(status['mode'])}"],
        [
            f"now {present.usd_pace(summary['now_usd_per_min'])}",
            f"today {present.usd(summary['today_usd'])}",
            _month(summary),
        ],
        [
            f"{summary['in_flight']} running",
            f"{present.counted(summary['calls_today'], 'call')} today",
            f"cache {present.percent(summary['cache_hit_rate_today'])}",
            f"first byte p50 {present.milliseconds(summary['first_byte_p50_ms'])}",
        ],
        [f"saved today {present.usd(summary['saved_today_usd'])}", present.percent(summary["saved_share"])],
    ]
    if summary["unpriced_today"]:
        lines.append([f"{present.counted(summary['unpriced_today'], 'call')} today without a price"])
    if status["simulated"]:
        lines.append(["simulated: no money is spent"])
    if summary["attention"]:
        lines.append([f"! {present.plain(summary['attention']['text'])}"])
    return [" · ".join(words) for words in lines]


def _month(summary: Facts) -> str:
    words = f"month {present.usd(summary['month_usd'])}"
    if summary["month_limit_usd"] is not None:
        words += f" of {present.usd_limit(summary['month_limit_usd'])}"
    if summary["lands_usd"] is not None:
        words += f", lands at {present.usd(summary['lands_usd'])}"
    return words
