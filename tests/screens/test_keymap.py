"""Keys: one list of them, all told in the help of the page they are valid on, none taken twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from itertools import combinations, product
from pkgutil import walk_packages

import pytest
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import key_to_character
from textual.widgets import Input

import console
from console import keymap
from console.app import Console
from console.choices import user_folder
from console.keymap.mouse import GESTURES
from console.keymap.together import TOGETHER
from console.screens.dashboard import Dashboard
from console.screens.filter_bar import FilterBar
from console.screens.help import Help
from console.screens.page import Form, Page
from tests.screens.capture import rows_of, text_of
from tests.screens.stage import on_stage, press, sees
from tests.screens.story import Story
from tests.screens.story_limits import THROWN

PLACES = {key.where for key in keymap.KEYS}
NAMED = {
    *("up", "down", "left", "right", "pageup", "pagedown", "home", "end", "enter", "escape", "tab", "space"),
    *("shift+tab", "shift+up", "shift+down", *(f"f{number}" for number in range(1, 13))),
    *("minus", "plus", "slash"),
}
"""Keys with a name that every common terminal sends, also within tmux and over ssh."""
ALIASES = frozenset("hijm[")
"""With ctrl these are backspace, tab, enter, enter and escape to a terminal."""


def our_classes() -> Iterator[type[DOMNode]]:
    for module in walk_packages(console.__path__, "console."):
        if module.name.startswith(("console.screens", "console.panels", "console.widgets", "console.app")):
            for value in vars(import_module(module.name)).values():
                if isinstance(value, type) and issubclass(value, DOMNode) and value.__module__ == module.name:
                    yield value


def own_bindings(cls: type[DOMNode]) -> list[Binding]:
    return [binding for binding in vars(cls).get("BINDINGS", []) if isinstance(binding, Binding)]


def pages() -> list[type[Page]]:
    return [cls for cls in our_classes() if issubclass(cls, Page) and cls is not Page]


def test_there_are_pages_forms_and_an_app_to_judge() -> None:
    found = set(our_classes())
    assert {Dashboard, Console, Help, FilterBar} <= found
    assert len(pages()) >= 5


def test_nothing_is_bound_outside_the_keymap() -> None:
    ids = {key.id for key in keymap.KEYS}
    for cls in our_classes():
        raw = vars(cls).get("BINDINGS", [])
        assert all(isinstance(binding, Binding) and binding.id in ids for binding in raw), cls


def test_every_key_of_the_keymap_is_bound_somewhere() -> None:
    bound = {binding.id for cls in our_classes() for binding in own_bindings(cls)}
    assert bound == {key.id for key in keymap.KEYS}


def test_ids_are_unique_and_every_key_explains_itself() -> None:
    assert not [one for one, count in Counter(key.id for key in keymap.KEYS).items() if count > 1]
    assert all(key.label and key.help and key.action for key in keymap.KEYS)


def can_be_sent(key: str) -> bool:
    """Whether every terminal sends this key as something of its own."""
    if key.startswith("ctrl+"):
        letter = key.removeprefix("ctrl+")
        return len(letter) == 1 and letter.isascii() and letter.islower() and letter not in ALIASES
    return key in NAMED or ("+" not in key and key_to_character(key) is not None)


def test_a_terminal_can_send_every_key() -> None:
    keys = {key for each in keymap.KEYS for key in each.key.split(",")}
    assert sorted(key for key in keys if not can_be_sent(key)) == []
    assert not any(
        map(can_be_sent, ("ctrl+shift+a", "ctrl+i", "ctrl+1", "ctrl+enter", "super+k", "shift+enter"))
    )


@pytest.mark.parametrize("place", sorted(PLACES))
def test_no_key_is_taken_twice_in_a_place(place: str) -> None:
    keys = [one for key in keymap.at(place) for one in key.key.split(",")]
    assert not [one for one, count in Counter(keys).items() if count > 1]


@pytest.mark.parametrize(("page", "key"), list(product(pages(), keymap.at("everywhere"))), ids=str)
def test_no_page_takes_a_key_that_is_valid_everywhere(page: type[Page], key: keymap.Key) -> None:
    own = {one for place in page.PLACES for mine in keymap.at(place) for one in mine.key.split(",")}
    assert not own & set(key.key.split(","))


def test_what_is_valid_at_the_same_time_is_known_to_who_looks_for_clashes() -> None:
    apart = {("first providers", "first client"), ("keys", "tokens"), ("keys", "marks")}
    for cls in our_classes():
        for one, other in combinations(vars(cls).get("PLACES", ()), 2):
            beside = [places for places in TOGETHER if one in places and other in places]
            assert beside or (one, other) in apart, (cls, one, other)
    for page in pages():
        assert all(any({"everywhere", place} <= set(places) for places in TOGETHER) for place in page.PLACES)
    assert {place for places in TOGETHER for place in places} == PLACES


@pytest.mark.parametrize("cls", list(our_classes()), ids=lambda cls: cls.__name__)
def test_every_bound_action_exists(cls: type[DOMNode]) -> None:
    for binding in own_bindings(cls):
        name = binding.action.partition("(")[0]
        owner: type[DOMNode] = cls
        if name.startswith("app."):
            owner, name = Console, name.removeprefix("app.")
        elif name.startswith("screen."):
            owner, name = Dashboard, name.removeprefix("screen.")
        assert hasattr(owner, f"action_{name}"), binding


def test_a_form_leaves_the_keys_of_text_to_its_fields() -> None:
    typed = {
        one for binding in Input.BINDINGS if isinstance(binding, Binding) for one in binding.key.split(",")
    }
    for form in (cls for cls in our_classes() if issubclass(cls, Form)):
        first = {one for key in keymap.at(*form.PLACES) if key.priority for one in key.key.split(",")}
        assert not first & typed


@pytest.mark.anyio
@pytest.mark.parametrize(
    "keys",
    [
        (),
        ("b",),
        ("K",),
        ("K", "tab"),
        ("enter",),
        ("comma",),
        ("F",),
        ("F", "enter", "enter"),
        ("C",),
        ("l",),
    ],
    ids=[
        "dashboard",
        "budgets",
        "keys",
        "tokens",
        "call",
        "settings",
        "first step",
        "last step",
        "cache",
        "log",
    ],
)
async def test_help_tells_every_key_that_works_here(keys: tuple[str, ...]) -> None:
    async with on_stage(Story(), (120, 60)) as (app, pilot):
        await press(pilot, *keys)
        working = {
            active.binding.id
            for active in app.screen.active_bindings.values()
            if active.binding.id and active.node.__class__.__module__.startswith("console.")
        }
        await press(pilot, "question_mark")
        assert isinstance(app.screen, Help)
        told = {row for row in app.screen.rows if not row.startswith("place ")}
    assert working - {"app.palette"} <= told
    assert "app.help" in told


@pytest.fixture
def own_keys() -> Iterator[None]:
    folder = user_folder()
    folder.mkdir(parents=True)
    lines = '[keys]\n"app.panic" = "f10"\n"app.help" = "f1"\n"dash.freeze" = "f"\n"dash.back" = "%"\n'
    (folder / "keys.toml").write_text(lines, encoding="utf-8")
    yield
    keymap.take({})


@pytest.mark.anyio
@pytest.mark.usefixtures("own_keys")
async def test_ones_own_keys_are_told_wherever_a_key_is_named() -> None:
    story = Story()
    story.thrown = (THROWN,)
    async with on_stage(story) as (app, pilot):
        text = "\n".join(text_of(rows_of(app)))
        assert "f10 PANIC" in text and "f10 lifts it" in text and "! lifts" not in text
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert "PANIC  (f10)" in titles and "freeze  (f)" in titles
        await press(pilot, "f1")
        assert isinstance(app.screen, Help)
        told = {id: line[0][0].strip() for id, line in app.screen.rows.items()}
        assert (told["app.panic"], told["dash.freeze"], told["app.help"]) == ("f10", "f", "f1")
    async with on_stage(Story()) as (app, pilot):
        await press(pilot, "f")
        await sees(app, pilot, "% ] { } travel · f resumes")


@pytest.mark.anyio
async def test_the_palette_offers_the_same_actions() -> None:
    async with on_stage(Story()) as (app, pilot):
        offered = [command.title for command in app.get_system_commands(app.screen)]
        assert any(title.startswith("freeze") for title in offered)
        assert any(title.startswith("budgets") for title in offered)
        command = next(one for one in app.get_system_commands(app.screen) if one.title.startswith("freeze"))
        command.callback()
        await pilot.pause(0.3)
        assert app.desk.feed.tick().frozen_at is not None
    assert issubclass(Console, App)


def test_what_help_says_fits_its_smallest_window() -> None:
    told = [key.help for key in keymap.KEYS] + [words for _, words in GESTURES]
    assert [words for words in told if len(words) > 48] == []
