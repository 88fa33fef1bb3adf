"""Themes: ours can be read by everybody, and a broken file is told and never wears the console down."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from console.choices import user_folder
from console.theme import MEANINGS, Shelf, ThemeError, load_theme, meanings, shipped
from tests.screens.capture import rows_of, text_of
from tests.screens.stage import on_stage, press
from tests.screens.story import Story

INKS = (
    "text",
    "muted",
    "faint",
    "brand",
    "key",
    "spend",
    "saved",
    "live",
    "held",
    "warn",
    "alert",
    "blocked",
    "routed",
    "vibing",
    "building",
)
GROUNDS = ("ground", "raised", "cursor")
LEAST = 4.5
GOOD = 'name = "mine"\nprimary = "#ff0000"\nbackground = "#000000"\nforeground = "#ffffff"\n'


def ours() -> list[Path]:
    return sorted(shipped().glob("*.toml"))


def coloured() -> list[Path]:
    """Themes whose colours are their own; those of a terminal only the terminal knows."""
    return [path for path in ours() if path.stem != "terminal"]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    low, high = sorted(_luminance(Color.parse(color)) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: Color) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_themes_for_every_eye_are_shipped() -> None:
    themes = {path.stem: load_theme(path) for path in ours()}
    wanted = {"ember", "paper", "mono", "nord", "contrast", "clear-dark", "clear-light", "terminal"}
    assert wanted <= set(themes)
    assert themes["ember"].dark
    assert not themes["paper"].dark
    assert all(Color.parse(color).hsl.s < 0.01 for color in meanings(themes["mono"]).values())


@pytest.mark.parametrize("path", ours(), ids=lambda path: path.stem)
def test_every_meaning_is_given_and_named_as_the_file(path: Path) -> None:
    theme = load_theme(path)
    assert theme.name == path.stem
    assert set(MEANINGS) <= set(theme.variables)


@pytest.mark.parametrize(("path", "ground"), list(product(coloured(), GROUNDS)), ids=str)
def test_text_can_be_read_on_every_ground(path: Path, ground: str) -> None:
    colors = meanings(load_theme(path))
    dim = {ink: contrast(colors[ink], colors[ground]) for ink in INKS}
    assert not {ink: round(ratio, 2) for ink, ratio in dim.items() if ratio < LEAST}


@pytest.mark.parametrize("path", ours(), ids=lambda path: path.stem)
def test_layers_of_a_chart_can_be_told_apart(path: Path) -> None:
    layers = [color for name, color in meanings(load_theme(path)).items() if name.startswith("chart-")]
    assert len(set(layers)) == len(layers) > 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = ", "broken.toml"),
        ('name = "x"\n', "'primary' is missing"),
        (GOOD + 'acent = "#00ff00"\n', "unknown key 'acent'; did you mean 'accent'?"),
        (GOOD + 'accent = "orangish"\n', "'accent'"),
        (GOOD + '[variables]\nchart-1 = "nonsense"\n', "'chart-1'"),
        (GOOD + "accent = 7\n", "must be a colour"),
        (GOOD + 'dark = "yes"\n', "'dark' must be a bool"),
        (GOOD + "about = 3\n", "'about' must be words"),
        (GOOD + "luminosity_spread = inf\n", "'luminosity_spread' must be between 0.0 and 1.0"),
        (GOOD + "text_alpha = nan\n", "'text_alpha' must be between 0.0 and 1.0"),
        (GOOD.replace("mine", " "), "'name' must be letters"),
        (GOOD.replace("mine", r"mi\u001bne"), "'name' must be letters"),
        (GOOD + "[variables]\nname = 3\n", "'name' must be a colour"),
        (GOOD + "[variables]\ndark = true\n", "'dark' must be a colour"),
        (GOOD + "[variables]\nvariables = { a = 1 }\n", "'variables' must be a colour"),
        (GOOD + '[variables]\nlink-style = "bold curly"\n', "'link-style': 'curly' is no style"),
        (GOOD + '[variables]\nlink-style = ""\n', "'link-style'"),
    ],
)
def test_a_broken_file_says_what_and_where(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ThemeError) as caught:
        load_theme(path)
    assert "broken.toml" in str(caught.value)
    assert told in str(caught.value)


def test_a_theme_of_few_words_gets_the_rest_from_its_base_colours(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD + '[variables]\nsaved = "#00aa00"\n', encoding="utf-8")
    theme = load_theme(path)
    assert theme.variables["saved"] == "#00aa00"
    assert Color.parse(theme.variables["brand"]).hsl == pytest.approx(Color.parse("#ff0000").hsl, abs=0.01)
    assert set(MEANINGS) <= set(theme.variables)


@pytest.mark.parametrize("name", sorted(BUILTIN_THEMES))
def test_every_theme_of_textual_has_all_meanings(name: str) -> None:
    found = meanings(BUILTIN_THEMES[name])
    assert set(found) == set(MEANINGS)
    assert all(Color.parse(value) for value in found.values())


def test_a_shelf_tells_once_and_keeps_what_was_good(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    shelf = Shelf((tmp_path,))
    assert shelf.read() == []
    path.write_text(GOOD + 'accent = "oops"\n', encoding="utf-8")
    (problem,) = shelf.read()
    assert "mine.toml" in problem
    assert shelf.read() == []
    assert shelf.themes["mine"].accent is None


@pytest.mark.anyio
async def test_a_theme_is_shown_as_one_moves_and_kept_when_used() -> None:
    async with on_stage(Story()) as (app, pilot):
        after = sorted(app.shelf.themes)[sorted(app.shelf.themes).index("ember") + 1 :]
        await press(pilot, "t", "j", "j")
        assert app.theme == after[1]
        await press(pilot, "escape")
        assert app.theme == "ember"
        await press(pilot, "t", "j", "enter")
        assert app.theme == after[0] == "mono"
    async with on_stage(Story(), theme="") as (again, pilot):
        await pilot.pause(0.2)
        assert again.theme == "mono"


@pytest.mark.anyio
async def test_a_theme_is_told_apart_whatever_letters_it_is_named_with() -> None:
    folder = user_folder() / "themes"
    folder.mkdir(parents=True)
    told = GOOD.replace("mine", "漢字漢字漢字漢字") + r'about = "a\u001b[2Jb"' + "\n"
    (folder / "wide.toml").write_text(told, encoding="utf-8")
    async with on_stage(Story(), themes=(shipped(), folder)) as (app, pilot):
        await press(pilot, "t")
        (row,) = [line for line in text_of(rows_of(app)) if "漢字" in line]
        assert "漢字漢字漢字漢字  dark, a�[2Jb" in row


@pytest.mark.anyio
async def test_a_broken_theme_of_the_users_own_is_told_and_the_look_stays() -> None:
    folder = user_folder() / "themes"
    folder.mkdir(parents=True)
    (folder / "loud.toml").write_text(GOOD + 'accent = "oops"\n', encoding="utf-8")
    async with on_stage(Story(), themes=(shipped(), folder)) as (app, pilot):
        text = "\n".join(text_of(rows_of(app)))
        assert "loud.toml" in text
        assert app.theme == "ember"
        (folder / "loud.toml").write_text(GOOD.replace("mine", "loud"), encoding="utf-8")
        await pilot.pause(1.5)
        assert "loud" in app.available_themes
        app.theme = "loud"
        await pilot.pause(0.3)
        assert Color.parse(app.theme_variables["brand"]).r >= 254


@pytest.mark.anyio
@pytest.mark.parametrize("path", ours(), ids=lambda path: path.stem)
async def test_every_theme_can_be_worn(path: Path) -> None:
    async with on_stage(Story(), theme=path.stem) as (app, _):
        assert app.theme == path.stem
        assert any("$12.79" in line for line in text_of(rows_of(app)))


@pytest.mark.anyio
async def test_a_builtin_theme_without_our_meanings_can_be_worn() -> None:
    async with on_stage(Story(), theme="nord") as (app, pilot):
        await press(pilot, "b", "escape")
        assert any("$12.79" in line for line in text_of(rows_of(app)))
        app.theme = "textual-ansi" if "textual-ansi" in app.available_themes else "ansi-dark"
        await pilot.pause(0.5)
        assert any("$12.79" in line for line in text_of(rows_of(app)))
