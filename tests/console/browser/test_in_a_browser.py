"""The console in a real Chromium: it is drawn, takes keys at once, fits, loads nothing from elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.console.browser.serving import Web
from tests.support.browser import Tab, browser_tab
from tests.support.processes import wait_for

FITS = """
(() => { const box = document.querySelector('.xterm-screen').getBoundingClientRect();
  return box.width > 900 && box.right <= innerWidth && box.bottom <= innerHeight })()
"""
PAINTED = """
(() => { const ink = document.querySelector('canvas.xterm-text-layer');
  const dots = ink.getContext('2d').getImageData(0, 0, ink.width, ink.height).data, seen = new Set();
  for (let at = 0; at < dots.length; at += 4) seen.add(dots[at] << 16 | dots[at + 1] << 8 | dots[at + 2]);
  return seen.size })()
"""
NOT_OURS = ("software WebGL has been deprecated", "using getImageData are faster")
"""What a Chromium without a graphics card says of itself, and of how these tests look at it."""


@pytest.fixture
def tab(web: Web) -> Iterator[Tab]:
    with browser_tab() as tab:
        tab.look(width=1200)
        tab.open(web.address)
        wait_for(lambda: "-first-byte" in classes(tab), what="the console", seconds=60)
        wait_for(lambda: tab.value(PAINTED) > 40, what="a screen full of letters", seconds=60)
        yield tab


def classes(tab: Tab) -> str:
    return str(tab.value("document.body.className"))


def told(tab: Tab, words: str) -> bool:
    """Whether the console has drawn these words; asking the page lets the browser tell what has come."""
    classes(tab)
    return words in "".join(tab.frames)


def picture(tab: Tab) -> bytes:
    return base64.b64decode(tab.do("Page.captureScreenshot")["data"])


def press(tab: Tab, key: str) -> None:
    tab.do("Input.dispatchKeyEvent", type="keyDown", key=key, text=key)
    tab.do("Input.dispatchKeyEvent", type="keyUp", key=key)


def test_it_is_drawn_and_answers_a_key_without_a_click(tab: Tab) -> None:
    wait_for(lambda: tab.value("document.activeElement.tagName") == "TEXTAREA", what="the focus")
    tab.frames.clear()
    press(tab, "?")
    wait_for(lambda: told(tab, "keys · dashboard"), what="the help", seconds=30)
    before = picture(tab)
    press(tab, "q")
    wait_for(lambda: picture(tab) != before, what="another picture", seconds=30)


def test_it_fits_its_window_and_loads_from_nowhere_else(tab: Tab, web: Web) -> None:
    wait_for(lambda: tab.value(FITS), what="a terminal within its window", seconds=30)
    tab.look(width=1000)
    wait_for(lambda: tab.value(FITS), what="a terminal within its smaller window", seconds=30)
    asked = {urlsplit(address).netloc for address in tab.requests if not address.startswith("data:")}
    assert asked == {web.host}
    assert [each for each in tab.complaints if not any(ours in each for ours in NOT_OURS)] == []
    assert tab.value("document.fonts.check('15px \"Roboto Mono\"')")


def test_nothing_secret_is_in_the_address_or_for_scripts_to_read(tab: Tab, web: Web) -> None:
    assert tab.value("location.search + location.hash + document.cookie") == ""
    assert web.address not in tab.value("document.documentElement.outerHTML")


def test_another_page_of_this_browser_gets_no_console(tab: Tab, web: Web) -> None:
    address = tab.value("document.querySelector('#terminal').dataset.sessionWebsocketUrl")
    tab.open("data:text/html,<p>another page")
    tab.do(
        "Runtime.evaluate",
        expression=f"window.told = ''; const wire = new WebSocket('{address}?width=80&height=24');"
        "wire.onopen = () => told = 'open'; wire.onerror = () => told = 'refused'",
    )
    wait_for(lambda: tab.value("told"), what="an answer")
    assert tab.value("told") == "refused"


def test_the_end_of_the_server_is_told_on_the_page(tab: Tab, web: Web) -> None:
    assert web.interrupt() == 0
    wait_for(lambda: "-closed" in classes(tab), what="the end", seconds=30)
    assert "has ended" in tab.value("document.querySelector('.ended').innerText")
