"""The page of kept answers on a real gateway: seen, shown, pinned, discarded, narrowed, and their savings."""

from __future__ import annotations

import anyio.to_thread
import pytest

from console.screens.cache import KeptAnswers
from console.screens.inspector import Inspector
from tests.screens.live import Live, ask, live
from tests.support.gateway import Gateways, RunningGateway
from tests.way.test_semantic_cache import CITIES, WORDS, known, pairs, stats
from tests.way.test_semantic_cache import ask as ask_docs

KEEPS = '[cache]\nexact = { when = {}, ttl = "24h" }\n'
pytestmark = pytest.mark.anyio


def kept(gateway: RunningGateway) -> dict[str, dict[str, object]]:
    """The kept answers by project."""
    return {one["project"]: one for one in gateway.admin("GET", "cache/entries")["entries"]}


def pinned(gateway: RunningGateway) -> set[str]:
    return {project for project, one in kept(gateway).items() if one["pinned"]}


async def with_three_answers(console: Live, gateway: RunningGateway) -> KeptAnswers:
    """The page, with an answer each of docs, web and search."""
    for project in ("docs", "web", "search"):
        await ask(gateway, f"about {project}", tags=f"project={project}")
    screen = await page(console)
    await console.until(lambda: len(screen.list.window._ids) == 3, "three answers")
    return screen


async def page(console: Live) -> KeptAnswers:
    await console.press("C")
    await console.until(lambda: isinstance(console.app.screen, KeptAnswers), "the kept answers")
    assert isinstance(console.app.screen, KeptAnswers)
    return console.app.screen


async def test_an_answer_is_seen_shown_and_hidden_by_the_mask(gateways: Gateways) -> None:
    gateway = gateways.start(KEEPS)
    async with live(gateway) as console:
        for _ in range(3):
            await ask(gateway, "say a few words of the masked page", tags="project=secretproject,user=ann")
        await page(console)
        await console.sees("gpt-5-mini", "secretproject", "exact", "2 times", "its token alone", "23h 59m")
        await console.sees("2      3   67%", "kept      1")
        said = gateway.admin("GET", f"cache/entries/{kept(gateway)['secretproject']['key']}")["answer"]
        assert said
        first = " ".join(said.split()[:3])
        assert first not in console.text
        await console.press("enter")
        await console.sees(first)
        await console.press("P")
        await console.sees("the mask hides what it would answer")
        await console.misses("secretproject")
        await console.misses(first)
        await console.press("P", "enter")
        await console.sees("⏎ shows what it would answer")


async def test_a_pin_and_a_discard_are_one_key_each_and_taken_back(gateways: Gateways) -> None:
    gateway = gateways.start(KEEPS)
    async with live(gateway) as console:
        await ask(gateway, "hello", tags="project=docs")
        screen = await page(console)
        await console.until(lambda: screen.current is not None, "an answer")
        await console.press("asterisk")
        await console.until(lambda: kept(gateway)["docs"]["pinned"], "the pin")
        await console.sees("■", "exact, pinned")
        await console.press("u")
        await console.until(lambda: not kept(gateway)["docs"]["pinned"], "the pin taken back")
        await console.press("u")
        await console.sees("nothing to undo")
        await console.until(lambda: screen.current and not screen.current.pinned, "the list to know of it")
        await console.press("asterisk")
        await console.until(lambda: kept(gateway)["docs"]["pinned"], "the pin again")
        before = kept(gateway)["docs"]
        await console.press("D")
        await console.until(lambda: not kept(gateway), "the answer to go")
        await console.sees("no answer is kept", "u brings it back")
        await console.press("u")
        await console.until(lambda: kept(gateway), "the answer to come back")
        assert kept(gateway)["docs"] == before, "the pin, its uses and what it saved came back too"
        await console.press("ctrl+r")
        await console.until(lambda: not kept(gateway), "the answer to go again")


async def test_a_filter_narrows_the_list_and_what_is_cleared(gateways: Gateways) -> None:
    gateway = gateways.start(KEEPS)
    async with live(gateway) as console:
        screen = await with_three_answers(console, gateway)
        await console.press("slash", *"project:web")
        await console.until(lambda: screen.current and screen.current.project == "web", "the one of web")
        await console.press("space", *"is:x")
        await console.sees("is: knows pinned, unpinned, exact, semantic")
        await console.press("X")
        await console.press(*["backspace"] * 6, "enter", "X")
        await console.sees("all that fit project:web: 1 answer")
        await console.press("y")
        await console.until(lambda: set(kept(gateway)) == {"docs", "search"}, "only those of web to go")
        await console.sees("no kept answer fits the filter")
        await console.press("slash", "escape", "X")
        await console.sees("EVERY kept answer: 2 answers")
        await console.press("y")
        await console.until(lambda: not kept(gateway), "all to go")


async def test_it_sorts_splits_and_leads_to_the_call(gateways: Gateways) -> None:
    gateway = gateways.start(KEEPS)
    async with live(gateway) as console:
        for _ in range(2):
            await ask(gateway, "one", tags="project=docs,user=ann")
        await ask(gateway, "two", tags="project=web,user=bob")
        screen = await page(console)
        await console.until(lambda: len(screen.list.window._ids) == 2, "both")
        await console.press("s")
        await console.sees("by saved")
        await console.until(lambda: screen.list.window._ids[0] == kept(gateway)["docs"]["key"], "docs first")
        await console.press("S")
        await console.until(lambda: screen.list.window._ids[0] == kept(gateway)["web"]["key"], "web first")
        await console.press("v", "3")
        await console.sees("what the cache saves · last 7 days", "user", "ann", "bob")
        await console.press("o")
        await console.until(lambda: isinstance(console.app.screen, Inspector), "the call")


async def test_one_key_says_that_an_answer_given_for_its_meaning_was_wrong(gateways: Gateways) -> None:
    gateway = gateways.start(WORDS)

    def served() -> str:
        assert pairs(gateway, CITIES)["state"] == "open"
        vectors = stats(gateway)["semantic"]
        ask_docs(gateway, "How do I learn Spanish quickly?")
        known(gateway, vectors + 1)
        hit = ask_docs(gateway, "How can I learn Spanish quickly?")
        assert hit.headers["x-llmconsole-cache-kind"] == "semantic"
        return str(hit.headers["x-llmconsole-request-id"])

    async with live(gateway) as console:
        call = await anyio.to_thread.run_sync(served)
        await page(console)
        await console.sees("● serves  project=docs", "50.00% allowed", "1 answer given")
        await console.press("escape")
        console.app.push_screen(Inspector(console.app.desk, call, [call]))
        await console.sees("x says that this answer was wrong")
        await console.press("x")
        await console.sees("discarded; the semantic cache counts it as wrong")
        gone = stats(gateway)
        assert gone["rules"][0]["wrong"] == 1
        await console.press("x")
        await console.sees("no answer is kept that this call was given")
        await console.press("u")
        await console.sees("is kept again")
        back = stats(gateway)
        assert back["rules"][0]["wrong"] == 0, "what was taken back says nothing against the rule"
        assert back["semantic"] == gone["semantic"] + 1, "questions alike may get it again"


async def test_a_key_works_on_all_that_are_marked(gateways: Gateways) -> None:
    gateway = gateways.start(KEEPS)
    async with live(gateway) as console:
        screen = await with_three_answers(console, gateway)
        await console.press("space", "space", "asterisk")
        await console.until(lambda: len(pinned(gateway)) == 2, "two pins")
        await console.press("g", "space", "space")
        await console.press("escape")
        await console.until(lambda: console.app.screen is screen, "the page to stay: only the marks go")
        await console.press("G", "space", "D")
        await console.until(lambda: len(kept(gateway)) == 2, "the one that was marked anew to go")
        assert pinned(gateway) == set(kept(gateway))
