"""Another program that has the terminal: it is ended with the console, whenever the signal comes."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

from console.feed import Feed
from console.gateway import GatewayHandle
from console.screens.desk import Desk
from tests.screens.story import Story
from tests.screens.story_clock import clock


def a_desk() -> Desk:
    story: Any = Story()
    return Desk(GatewayHandle("http://127.0.0.1:4141", "secret"), story, Feed(story, clock))


def a_guest() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)


def test_a_guest_that_was_started_in_the_moment_of_the_signal_is_ended() -> None:
    desk = a_desk()
    desk.end()
    with a_guest() as guest:
        desk.host(guest)
    assert guest.returncode != 0 and desk.guest is None


def test_a_signal_ends_the_guest_that_is_there() -> None:
    desk = a_desk()
    with a_guest() as guest:
        hosting = threading.Thread(target=desk.host, args=[guest])
        hosting.start()
        while desk.guest is None:
            pass
        desk.end()
        hosting.join(30)
    assert guest.returncode != 0 and not hosting.is_alive()
