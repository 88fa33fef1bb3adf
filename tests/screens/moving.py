"""Several screens as one SVG that shows them one after another, by CSS alone; what stays is drawn once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from tests.screens.capture import Rows
from tests.screens.svg import BAR, HIGH, PAD, frame, row

STILL = "@media (prefers-reduced-motion: reduce) { g { animation: none !important } }"
"""Who asks for no motion sees the first frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A screen, what is said in the title bar, and for how long both are shown."""

    rows: Rows
    caption: str
    seconds: float


def moving(frames: Sequence[Frame], title: str, ground: str) -> str:
    """The SVG, over and over. title: beside each caption; ground: the colour around the cells."""
    shown: dict[str, set[int]] = {}
    for at, each in enumerate(frames):
        for drawn in (*_rows(each), _caption(each, title)):
            shown.setdefault(drawn, set()).add(at)
    always = "".join(drawn for drawn, when in shown.items() if len(when) == len(frames))
    groups: dict[tuple[int, ...], str] = {}
    for drawn, when in shown.items():
        if len(when) < len(frames):
            groups[tuple(sorted(when))] = groups.get(tuple(sorted(when)), "") + drawn
    rules = "".join(_rule(f"f{n}", when, frames) for n, when in enumerate(groups))
    parts = "".join(f'<g class="f{n}">{drawn}</g>\n' for n, drawn in enumerate(groups.values()))
    return frame(frames[0].rows, ground, f"<style>{rules}{STILL}</style>\n{always}{parts}")


def _rows(one: Frame) -> list[str]:
    return [row(parts, PAD, BAR + at * HIGH) for at, parts in enumerate(one.rows)]


def _caption(one: Frame, title: str) -> str:
    return (
        f'<text x="78" y="22" fill="#888">{escape(title)}</text>'
        f'<text x="190" y="22" fill="#ffb454">{escape(one.caption)}</text>\n'
    )


def _rule(name: str, when: Sequence[int], frames: Sequence[Frame]) -> str:
    """Shows what is of this class in the given frames, and hides it in the others."""
    whole, steps, begins = sum(each.seconds for each in frames), "", 0.0
    for at, each in enumerate(frames):
        if at == 0 or (at in when) != (at - 1 in when):
            steps += f"{begins / whole:.3%}{{visibility:{_seen(at in when)}}}"
        begins += each.seconds
    first = _seen(0 in when)
    return (
        f"@keyframes {name}{{{steps}}}"
        f".{name}{{visibility:{first};animation:{name} {whole:.1f}s step-end infinite}}\n"
    )


def _seen(visible: bool) -> str:
    return "visible" if visible else "hidden"
