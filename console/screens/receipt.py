"""The receipt of a call as lines and as Markdown: used, cost, saved, and why. Pure."""

from __future__ import annotations

from datetime import tzinfo

from console.panels.words import LIVE, mark, short_model, why_refused
from console.present import NOTHING, clock, is_hit, milliseconds, percent, rate, served, usd_call, usd_exact
from console.shapes import Call, Receipt, ReceiptItem
from console.widgets.ink import EMPTY, Line, fit

WIDTH = 48
"""Cells of the receipt's sheet on a wide screen."""
_NAME = 20
_COUNT = 10
_PRICE, _SUM = 9, 10
_CLASSES = {
    "input, fresh": "input",
    "input, from cache": "cached_input",
    "cache write, 5 min": "cache_write",
    "cache write, 1 h": "cache_write_1h",
    "output": "output",
}
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
    lines: list[Line] = [
        _fact("state", f"{glyph} {state}".strip() + status, f"bold {ink}" if ink != "text" else "bold live"),
        *([_fact("error", why_refused(call.error), "alert")] if call.error else []),
        _fact("time", f"{clock(call.started_at, zone)} – {_end(call, zone)}"),
        _fact("model", served(call.asked_model, call.model), "routed" if call.route else "text"),
        _fact("for", who),
        _fact("first byte", milliseconds(call.first_byte_ms)),
        _fact("whole", _whole(call)),
        _fact("in the gateway", NOTHING if call.status == "open" else milliseconds(call.overhead_ms)),
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


def receipt(call: Call, made: Receipt | None = None) -> list[Line]:
    """Tokens by class and what they cost, the sum, and what was saved. made: the prices, once known."""
    priced = {item.name: item for item in made.items} if made is not None else {}
    heading = fit("", _NAME) + fit("tokens", _COUNT, ">")
    if priced:
        heading += fit("$/M", _PRICE, ">") + fit("$", _SUM, ">")
    lines: list[Line] = [[(heading, "bold brand")]]
    for name, count in items(call):
        if count or name in ALWAYS:
            told = NOTHING if call.status == "open" and not count else f"{count:,}"
            lines.append([*_counted(name, told), *_costing(priced.get(_CLASSES.get(name, "")))])
    width = _NAME + _COUNT + (_PRICE + _SUM if priced else 0)
    lines.append([("─" * width, "line")])
    estimated = call.status == "open" or call.certainty == "estimated"
    if call.certainty == "unpriced":
        lines.append(_sum("cost", "unpriced", "bold warn", width))
    else:
        lines.append(_sum("cost", usd_call(call.cost_usd, estimated=estimated), "bold spend", width))
    if made is not None and made.asked_usd is not None:
        lines.append(_sum(f"on {short_model(call.asked_model)}", usd_call(made.asked_usd), "muted", width))
    if call.status == "open":
        lines.append(_sum("held for it", usd_call(call.held_usd), "held", width))
    if call.saved_usd:
        lines.append(_sum("you saved", usd_call(call.saved_usd), "bold saved", width))
    if call.provider_cache_saved_usd:
        lines.append(_sum("prompt cache saved", usd_call(call.provider_cache_saved_usd), "saved", width))
    return [*lines, EMPTY, *_origin(call)]


def _origin(call: Call) -> list[Line]:
    """How sure the cost is and which price it was counted with, beside each other where there is room."""
    if call.status == "open":
        return [[("an estimate until it has ended", "faint")]]
    sure, price = call.certainty or "estimated", f"price {call.price_id or 'unknown'}"
    told = f"{sure} · {price}"
    return [[(each, "faint")] for each in ([told] if len(told) <= WIDTH else [sure, price])]


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
    reason = call.route_reason or "the model that was asked for"
    if call.route:
        # The reason begins with the route's name.
        when = reason.removeprefix("route ").removeprefix(call.route).removeprefix(": ")
        lines.append([("route ", "muted"), (call.route, "bold routed"), ("  ", ""), (when, "text")])
    else:
        lines.append([(f"as {reason}" if reason.startswith("asked: ") else reason, "text")])
    lines.append(
        [("our cache    ", "muted"), (call.cache or NOTHING, "saved" if is_hit(call.cache) else "text")]
    )
    lines += prompt_cache(call)
    if call.attempts > 1:
        lines.append([("attempts     ", "muted"), (str(call.attempts), "warn")])
    return lines


def prompt_cache(call: Call) -> list[Line]:
    """How much of the prompt the provider had in its cache; nothing where it had nothing."""
    if not call.total_input or not call.cached_input_tokens:
        return []
    share = percent(call.cached_input_tokens / call.total_input)
    return [[("prompt cache ", "muted"), (f"{share} of the input was read from the provider's", "text")]]


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


def _whole(call: Call) -> str:
    """How long it took; its pace where there was one."""
    if call.status == "open":
        return NOTHING
    pace = NOTHING if is_hit(call.cache) else rate(call.output_tokens, call.duration_ms, call.first_byte_ms)
    return milliseconds(call.duration_ms) + (f" · {pace} tok/s" if pace != NOTHING else "")


def _sum(name: str, text: str, ink: str, width: int) -> Line:
    return [(fit(name, _NAME), "text"), (fit(text, width - _NAME, ">"), ink)]


def _counted(name: str, told: str) -> Line:
    ink = "faint" if told in ("0", NOTHING) else "text"
    return [(fit(name, _NAME), "text"), (fit(told, _COUNT, ">"), ink)]


def _costing(item: ReceiptItem | None) -> Line:
    if item is None:
        return EMPTY
    per_million = f"{item.usd_per_million.normalize():f}"
    whole, _, decimals = per_million.partition(".")
    return [
        (fit(f"{whole}.{decimals.ljust(2, '0')}", _PRICE, ">"), "muted"),
        (fit(usd_call(item.usd).lstrip("$"), _SUM, ">"), "spend"),
    ]


def _end(call: Call, zone: tzinfo | None) -> str:
    return clock(call.finished_at, zone) if call.finished_at else "…"
