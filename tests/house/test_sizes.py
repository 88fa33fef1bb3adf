"""The measures of the house: how long a module and a function may be."""

from __future__ import annotations

from statistics import median

from tests.support.sources import Definition, definitions, modules, shown

LONGEST_MODULE = 400


def share_within(lines: int, found: list[Definition]) -> float:
    return sum(one.lines <= lines for one in found) / len(found)


def the_longest(found: list[Definition]) -> str:
    ordered = sorted(found, key=lambda one: one.lines, reverse=True)
    return "\n".join(str(one) for one in ordered[:15])


def test_no_module_is_long() -> None:
    sizes = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    too_long = {name: size for name, size in sizes.items() if size > LONGEST_MODULE}
    assert not too_long


def test_no_test_module_is_long_either() -> None:
    sizes = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules("tests")}
    too_long = {name: size for name, size in sizes.items() if size > LONGEST_MODULE}
    assert not too_long


def test_functions_are_short() -> None:
    found = list(definitions(modules()))
    assert median(one.lines for one in found) <= 9
    assert share_within(30, found) >= 0.90, the_longest(found)
    assert share_within(70, found) >= 0.99, the_longest(found)


def test_the_app_stays_small() -> None:
    app = [path for path in modules("console") if shown(path) == "console/app.py"]
    assert app, "console/app.py has moved; this limit moves with it"
    assert len(app[0].read_text(encoding="utf-8").splitlines()) < 250


def test_every_module_says_what_it_is() -> None:
    silent = [
        shown(path)
        for path in modules()
        if (text := path.read_text(encoding="utf-8")).strip() and not text.lstrip().startswith('"""')
    ]
    assert not silent
