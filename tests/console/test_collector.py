"""The garbage collector: at rest while a start makes what stays, at work once that is set aside."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.support.sources import ROOT

STEPS = """
import gc, json
from console import collector
told = []
def tell(): told.append((gc.isenabled(), gc.get_freeze_count() > 0, gc.get_threshold()[0]))
tell(); collector.rest(); tell(); collector.work(); tell()
print(json.dumps(told))
"""


def test_it_rests_then_works_and_leaves_alone_what_is_there() -> None:
    command = [sys.executable, "-c", STEPS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    before, resting, working = json.loads(done.stdout)
    assert before[:2] == [True, False]
    assert resting[:2] == [False, False]
    assert working[:2] == [True, True]
    assert working[2] > before[2]


GONE = """
import gc, weakref
from textual._styles_cache import StylesCache
from textual.color import Color
from console import collector
collector.rest(); collector.work()
drawn = StylesCache()
drawn.get_inner_outer(Color(1, 2, 3), Color(4, 5, 6))
gone = weakref.ref(drawn)
del drawn
assert gone(), "Textual keeps it no more: console/collector.py need not let go of it"
gc.collect()
assert gone() is None
"""


def test_what_textual_remembers_of_widgets_that_are_gone_is_let_go() -> None:
    subprocess.run([sys.executable, "-c", GONE], cwd=ROOT, check=True)
