"""The film in the README: every scene is in it, one at a time, it is small, and nothing in it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from tests.screens.capture import Rows, text_of
from tests.screens.film import SCENES, SIZE, shoot
from tests.screens.moving import Frame, moving
from tests.screens.shots import FILM, FOLDER
from tests.support.browser import Tab, browser_tab

MOST = 1_000_000
SEEN = """
[...document.querySelectorAll('text')].filter(each => getComputedStyle(each).visibility === 'visible')
  .map(each => each.textContent)
"""
MOVING = "document.getAnimations().forEach(each => {{ each.pause(); each.currentTime = {} }})"


@pytest.fixture(scope="module")
def kept() -> str:
    return (FOLDER / f"{FILM}.svg").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tab(kept: str) -> Iterator[Tab]:
    with browser_tab() as tab:
        tab.open((FOLDER / f"{FILM}.svg").as_uri())
        yield tab


def rows(*lines: str) -> Rows:
    from rich.segment import Segment

    return [[Segment(line)] for line in lines]


def test_it_is_one_small_picture_that_runs_nothing(kept: str) -> None:
    assert 100_000 < len(kept.encode()) < MOST
    kinds = {each.tag.rpartition("}")[2] for each in ElementTree.fromstring(kept).iter()}
    assert kinds <= {"svg", "style", "g", "rect", "circle", "path", "text"}
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|url\(|@import", kept)


@pytest.mark.parametrize("at", range(len(SCENES)))
def test_each_scene_is_seen_alone(tab: Tab, at: int) -> None:
    begins = sum(scene.seconds for scene in SCENES[:at])
    tab.value(MOVING.format((begins + SCENES[at].seconds / 2) * 1_000))
    seen = tab.value(SEEN)
    captions = {scene.caption for scene in SCENES}
    assert [text for text in seen if text in captions] == [SCENES[at].caption]
    assert seen.count("DEMO") == 1
    if SCENES[at].awaits:
        assert set(SCENES[at].awaits.split()) <= set(" ".join(seen).split())


def test_who_asks_for_no_motion_sees_the_first_screen(tab: Tab) -> None:
    still = [{"name": "prefers-reduced-motion", "value": "reduce"}]
    tab.do("Emulation.setEmulatedMedia", features=still)
    assert tab.value("document.getAnimations().length") == 0
    assert SCENES[0].caption in tab.value(SEEN) and SCENES[-1].caption not in tab.value(SEEN)
    tab.do("Emulation.setEmulatedMedia", features=[])


@pytest.mark.anyio
async def test_it_is_made_of_what_the_console_shows() -> None:
    frames, _ = await shoot()
    assert [frame.caption for frame in frames] == [scene.caption for scene in SCENES]
    assert all(len(frame.rows) == SIZE[1] for frame in frames)
    told = ["\n".join(text_of(frame.rows)) for frame in frames]
    assert len(set(told)) == len(told)
    money = [re.search(r"today \$([\d.]+)", text) for text in told[:7]]
    sums = [float(found[1]) for found in money if found]
    assert sums == sorted(sums) and sums[-1] > sums[0] and len(sums) == 7


def test_what_stays_is_drawn_once() -> None:
    frames = [Frame(rows("stays", "one"), "a", 1.0), Frame(rows("stays", "two"), "b", 3.0)]
    drawn = moving(frames, "title", "black")
    assert (drawn.count(">stays<"), drawn.count(">one<"), drawn.count(">two<")) == (1, 1, 1)
    assert "0.000%{visibility:visible}25.000%{visibility:hidden}" in drawn
    assert "0.000%{visibility:hidden}25.000%{visibility:visible}" in drawn
    assert "4.0s step-end infinite" in drawn
