"""llmconsole routes test: a change of routes on past traffic, or the routes on one prompt."""

from __future__ import annotations

from typing import Any, TextIO

import click

from console.commands.frame import SHARE, Options, ask, common_options, echo_json, pairs, pass_options
from console.commands.progress import progress
from console.commands.routes.words import route_body, route_options
from console.decision_words import prompt_words
from console.trial_words import routes_words
from console.trouble import WRONG_USE, Trouble


@click.command("test")
@click.option("--file", "file", type=click.File(encoding="utf-8"), help="The routes of a policy as TOML.")
@click.option("--set", "name", metavar="NAME", help="One route, as `routes set NAME` would make it.")
@click.option("--rm", "removed", multiple=True, metavar="NAME", help="Without that route.")
@route_options
@click.option("--medium", type=SHARE, metavar="X", help="Another threshold of medium.")
@click.option("--hard", type=SHARE, metavar="Y", help="Another threshold of hard.")
@click.option("--margin", type=SHARE, metavar="Z", help="Another margin: up when unsure.")
@click.option("--since", default="7d", show_default=True, metavar="TIME", help="2026-11-01, 7d, today …")
@click.option("--until", metavar="TIME", help="As --since; now if not given.")
@click.option("--where", "where", multiple=True, metavar="K=V", help="Only these calls.")
@click.option("--prompt", metavar="TEXT", help="Try one prompt instead; nothing is sent.")
@click.option("--tag", "tags", multiple=True, metavar="K=V", help="With --prompt: its tags.")
@click.option("--model", metavar="M", help="With --prompt: the model asked for; auto if not given.")
@common_options
@pass_options
def test(options: Options, /, **words: Any) -> None:
    """What a change of routes would have done to past calls; nothing is sent, nothing changes.

    Without a change: whether the routes in force would send past calls as they went.
    """
    draft = _draft(words)
    if words["prompt"] is not None:
        _prompt(options, draft, words)
        return
    if words["tags"] or words["model"]:
        raise Trouble("--tag and --model belong to --prompt; filter past calls with --where", WRONG_USE)
    where = dict(pairs(words["where"], "--where"))
    body = {**draft, "since": words["since"], "until": words["until"], "where": where}
    with progress() as told:
        found = ask(options, lambda client: client.test_routes(body, told))
    if options.json:
        echo_json(found)
    else:
        click.echo("\n".join(routes_words(found)))


def _prompt(options: Options, draft: dict[str, Any], words: dict[str, Any]) -> None:
    body = {**draft, "prompt": words["prompt"], "tags": dict(pairs(words["tags"], "--tag"))}
    if words["model"]:
        body["model"] = words["model"]
    found = ask(options, lambda client: client.try_prompt(body))
    if options.json:
        echo_json(found)
    else:
        click.echo("\n".join(prompt_words(found)))


def _draft(words: dict[str, Any]) -> dict[str, Any]:
    """The change that the options say. Raises Trouble."""
    draft: dict[str, Any] = {"remove": list(words["removed"])}
    file: TextIO | None = words["file"]
    if file is not None:
        draft["toml"] = file.read()
    fields = route_body(words)
    if words["name"] is None and fields:
        raise Trouble("name the route that these options make: --set NAME", WRONG_USE)
    if words["name"] is not None:
        draft["put" if "use" in fields else "change"] = {words["name"]: fields}
    thresholds = {key: words[key] for key in ("medium", "hard", "margin") if words[key] is not None}
    if thresholds:
        draft["routing"] = thresholds
    return draft
