"""llmconsole alerts: what was told and where it went, a test of every channel, the webhook's secret."""

from __future__ import annotations

import secrets
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from console import present
from console.commands.frame import Options, ask, common_options, echo_json, pass_options
from console.gateway import find
from console.trouble import NO, NOTHING_THERE, WRONG_USE, Trouble

if TYPE_CHECKING:
    from console.alert_shapes import Alert, Delivery

NO_CHANNELS = "no channel leaves this gateway; set webhook or notify under [alerts] in config.toml"


@click.group()
@common_options
def alerts() -> None:
    """The latest alerts, how far each has come, and a test of every channel."""


@alerts.command("list")
@click.option("-n", "limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many.")
@common_options
@pass_options
def list_(options: Options, limit: int) -> None:
    """The latest alerts, newest first, and where each was delivered."""
    found = ask(options, lambda client: client.alerts(limit))
    if options.json:
        echo_json(found)
        return
    if not found.channels:
        click.echo(NO_CHANNELS)
    if not found.alerts:
        click.echo("no alert was raised so far")
    now = datetime.now(UTC)
    for alert in found.alerts:
        for line in _lines(alert, now):
            click.echo(line)


@alerts.command("test")
@common_options
@pass_options
def test(options: Options) -> None:
    """Send a test through every channel; exit status 1 if one fails or there is none."""
    sent = ask(options, lambda client: client.test_alerts())
    if options.json:
        echo_json(sent)
    for delivery in () if options.json else sent.deliveries:
        click.echo(f"{present.plain(delivery.channel)}: {present.plain(delivery.error or 'delivered')}")
    if not sent.deliveries:
        raise Trouble(NO_CHANNELS, NO)
    if any(delivery.error for delivery in sent.deliveries):
        raise click.exceptions.Exit(NO)


@alerts.command("secret")
@click.option("--new", is_flag=True, help="Make one, and print it this once for the receiver.")
@click.option("--session-only", is_flag=True, help="Keep it in the running gateway's memory only.")
@common_options
@pass_options
def secret(options: Options, new: bool, session_only: bool) -> None:
    """Store the secret that signs the webhook, read from the terminal without echo, or from stdin."""
    if session_only and find(options.place().data) is None:
        raise Trouble(
            "--session-only needs a running gateway; start one with: llmconsole serve", NOTHING_THERE
        )
    text = secrets.token_urlsafe(32) if new else _read_secret()
    ask(options, lambda client: client.set_webhook_secret(text, session_only=session_only))
    if options.json:
        echo_json({"secret": text} if new else {"stored": True})
    else:
        click.echo(text if new else "the webhook is signed with this secret from now on")


def _read_secret() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("secret of the webhook", hide_input=True, err=True)).strip()
    text = sys.stdin.readline().strip()
    if not text:
        raise Trouble(
            "no secret was given; type it, pipe it, or make one: llmconsole alerts secret --new", WRONG_USE
        )
    return text


def _lines(alert: Alert, now: datetime) -> list[str]:
    told = f"{present.age(alert.at, now):>8}  {present.plain(alert.text)}"
    return [told, *(f"{'':10}{_way(each, now)}" for each in alert.deliveries)]


def _way(delivery: Delivery, now: datetime) -> str:
    words = f"{present.plain(delivery.channel)} {delivery.state}"
    if delivery.error:
        tries = present.counted(delivery.attempts, "try", "tries")
        words += f" after {tries}: {present.plain(delivery.error)}"
    if delivery.due_at and delivery.attempts:
        words += f"; next try in {present.until(delivery.due_at, now)}"
    return words
