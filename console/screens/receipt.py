"""The receipt of a call as lines and as Markdown: used, cost, saved, and why. Pure."""

from __future__ import annotations

from datetime import tzinfo

from console.panels.words import LIVE, mark, why_refused
from console.present import NOTHING, clock, milliseconds, percent, rate, served, usd_call, usd_exact
from console.shapes import Call
from console.widgets.ink import EMPTY, Line, fit

_NAME = 22
_COUNT = 12
WHO = ("user", "team", "project", "mode")
"""Tags that a receipt names by their values alone."""
ALWAYS = frozenset({"input, fresh", "output"})
"""Classes of tokens that a receipt names even where there are none."""


def facts(call: Call, zone: tzinfo | None) -> list[Line]:
    """Who, what, where and how long."""
    glyph, ink = mark(call)
    state = "under way" if glyph == LIVE else call.outcome or ""
    who = " · ".join(filter(None, (call.tags.get(key) for key in WHO))) or "untagged"
    tags = "  ".join(f"{key}={value}" for key, value in sorted(call.tags.items()) if key not in WHO)
    status = f" · {call.http_status}" if call.http_status else ""
    pace = rate(call.output_tokens, call.duration_ms, call.first_byte_ms) if call.cache != "hit" else NOTHING
    lines: list[Line] = [
        _fact("state", f"{glyph} {state}".strip() + status, f"bold {ink}" if ink != "text" else "bold live"),
        *([_fact("error", why_refused(call.error), "alert")] if call.error else []),
        _fact("time", f"{clock(call.started_at, zone)} – {_end(call, zone)}"),
        _fact("model", served(call.asked_model, call.model), "routed" if call.route else "text"),
        _fact("for", who),
        _fact("first byte", milliseconds(call.first_byte_ms)),
        _fact("whole", f"{milliseconds(call.duration_ms)} · {pace} tok/s"),
        _fact("in the gateway", milliseconds(call.overhead_ms)),
        _fact("provider", call.provider),
        _fact("format", f"{call.format} · {'stream' if call.stream else 'one answer'} · {call.path}"),
        _fact("token", call.token),
    ]
    if tags:
        lines.append(_fact("tags", tags))
    if call.session:
        lines.append(_fact("session", call.session))
    if call.provider_request_id:
        lines.append(_fact("their id", call.provider_request_id))
    return lines


def receipt(call: Call) -> list[Line]:
    """Tokens by class, then what they cost and what was saved."""
    lines: list[Line] = [[(fit("", _NAME) + fit("tokens", _COUNT, ">"), "bold brand")]]
    lines += [
        [(fit(name, _NAME), "text"), (fit(f"{count:,}", _COUNT, ">"), "text" if count else "faint")]
        for name, count in items(call)
        if count or name in ALWAYS
    ]
    lines.append([("─" * (_NAME + _COUNT), "line")])
    estimated = call.status == "open" or call.certainty == "estimated"
    if call.certainty == "unpriced":
        lines.append(_sum("cost", "unpriced", "bold warn"))
    else:
        lines.append(_sum("cost", usd_call(call.cost_usd, estimated=estimated), "bold spend"))
    if call.status == "open":
        lines.append(_sum("held for it", usd_call(call.held_usd), "held"))
    if call.saved_usd:
        lines.append(_sum("you saved", usd_call(call.saved_usd), "bold saved"))
    if call.provider_cache_saved_usd:
        lines.append(_sum("prompt cache saved", usd_call(call.provider_cache_saved_usd), "saved"))
    lines += [EMPTY, [(f"{call.certainty or 'estimated'} · price {call.price_id or 'unknown'}", "faint")]]
    return lines


def items(call: Call) -> list[tuple[str, int]]:
    """The classes of tokens, in words; they do not overlap but for what is said to be part of another."""
    return [
        ("input, fresh", call.input_tokens),
        ("input, from cache", call.cached_input_tokens),
        ("cache write, 5 min", call.cache_write_tokens),
        ("cache write, 1 h", call.cache_write_1h_tokens),
        ("output", call.output_tokens),
        ("  of which reasoning", call.reasoning_tokens),
    ]


def reasons(call: Call) -> list[Line]:
    """Why this model answered, or why none did."""
    lines: list[Line] = []
    if call.route:
        lines.append([("route ", "muted"), (call.route, "bold routed")])
    lines.append([(call.route_reason or "the model that was asked for", "text")])
    lines.append(
        [("our cache    ", "muted"), (call.cache or NOTHING, "saved" if call.cache == "hit" else "text")]
    )
    if call.total_input and call.cached_input_tokens:
        share = percent(call.cached_input_tokens / call.total_input)
        lines.append(
            [("prompt cache ", "muted"), (f"{share} of the input was read from the provider's", "text")]
        )
    if call.attempts > 1:
        lines.append([("attempts     ", "muted"), (str(call.attempts), "warn")])
    return lines


def markdown(call: Call) -> str:
    """The receipt to paste into a pull request or a message."""
    rows = "\n".join(f"| {name.strip()} | {count:,} |" for name, count in items(call) if count)
    served = call.model if call.model == call.asked_model else f"{call.model} (asked: {call.asked_model})"
    saved = f"\n\nsaved {usd_exact(call.saved_usd)}" if call.saved_usd else ""
    return (
        f"**{served}** by {call.provider}, {call.started_at}\n\n"
        f"| tokens | |\n|---|---:|\n{rows}\n| **cost** | **{usd_exact(call.cost_usd)}** |{saved}\n"
    )


def _fact(name: str, text: str, ink: str = "text") -> Line:
    return [(fit(name, 15), "muted"), (text, ink)]


def _sum(name: str, text: str, ink: str) -> Line:
    return [(fit(name, _NAME), "text"), (fit(text, _COUNT, ">"), ink)]


def _end(call: Call, zone: tzinfo | None) -> str:
    return clock(call.finished_at, zone) if call.finished_at else "…"
