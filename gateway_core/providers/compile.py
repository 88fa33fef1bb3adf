"""Makes the price table out of genai-prices: `python -m gateway_core.providers.compile FILE`.

A process of its own, because loading genai-prices costs 0.7 s and 100 MB that no gateway should pay.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

import msgspec
from genai_prices import types
from genai_prices.data import providers as sources

from gateway_core.providers.table import FIRST, LAYOUT, Epoch, ModelData, PriceData, ProviderData, TableData

RATES: Mapping[str, str] = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cached_input",
    "cache_write_mtok": "cache_write",
    "cache_write_1h_mtok": "cache_write_1h",
    "input_audio_mtok": "audio_input",
    "output_audio_mtok": "audio_output",
    "input_image_mtok": "image_input",
    "output_image_mtok": "image_output",
    "input_video_mtok": "video_input",
    "output_video_mtok": "video_output",
}
"""Prices by the million tokens and the rate that each becomes."""

FEES: Mapping[str, str] = {
    "web_searches_kcount": "web_search",
    "social_searches_kcount": "x_search",
    "storage_searches_kcount": "file_search",
    "code_executions_kcount": "code_execution",
    "requests_kcount": "request",
}
"""Prices by the thousand uses and the name under which the use is counted."""

LEFT_OUT = {
    "cache_audio_read_mtok",  # cached tokens of any modality cost cached_input
    "cache_image_read_mtok",
    "output_reasoning_mtok",  # reasoning tokens are output
    "output_citation_mtok",
    "audio_hours",  # no usage of ours counts hours, pages or characters
    "input_audio_hours",
    "input_document_kpages",
    "input_annotated_document_kpages",
    "input_mchars",
    "input_text_messages_kcount",
}
"""Prices that our counting of tokens has no place for. One that is not named here makes a model unpriced."""

FREE = {
    ("github-copilot", "gpt-3.5-turbo"),
    ("github-copilot", "gpt-4.1"),
    ("github-copilot", "gpt-4o"),
    ("github-copilot", "gpt-4o-mini"),
    ("google", "gemma-3"),
    ("google", "gemma-3n"),
    ("google", "gemma-4-26b-a4b-it"),
    ("google", "gemma-4-31b-it"),
    ("openai", "moderation"),
}
"""Models without any price that are known to cost nothing; the others without one are unpriced."""

_CLAUSES = {
    types.ClauseEquals: ("=", "equals"),
    types.ClauseStartsWith: ("^", "starts_with"),
    types.ClauseEndsWith: ("$", "ends_with"),
    types.ClauseContains: ("*", "contains"),
}
_SERVICE_KEYS = ("processing", "service_tier", "speed")
_CHECKED = re.compile(
    r"(?:checked|verified|as of|observed)\b[^.;]{0,60}?\b(20\d\d-[01]\d-[0-3]\d)", re.IGNORECASE
)
_BEFORE_ALL = date(2000, 1, 1)


def table(today: date) -> TableData:
    """The whole table of the installed genai-prices."""
    return TableData(
        layout=LAYOUT,
        version=version("genai-prices"),
        dated=_dated(today),
        providers={source.id: _provider(source) for source in sources},
    )


def _provider(source: types.Provider) -> ProviderData:
    models = [_model(source.id, model) for model in source.models]
    return ProviderData(msgspec.Raw(msgspec.json.encode(models)), list(source.fallback_model_providers or ()))


def _model(source: str, model: types.ModelInfo) -> ModelData:
    free = model.id.endswith(":free") or (source, model.id) in FREE
    return ModelData(
        id=model.id,
        match=_clause(model.match),
        epochs=msgspec.Raw(msgspec.json.encode(list(_epochs(model, free)))),
        context_window=model.context_window,
        shown=not model.deprecated and model.id[-1].isalnum(),
    )


def _clause(match: types.MatchLogic) -> object:
    if isinstance(match, types.ClauseOr):
        return ["|", *map(_clause, match.or_)]
    if isinstance(match, types.ClauseAnd):
        return ["&", *map(_clause, match.and_)]
    if isinstance(match, types.ClauseRegex):
        return "~" + match.regex
    sign, attribute = _CLAUSES[type(match)]
    return sign + getattr(match, attribute).lower()


def _epochs(model: types.ModelInfo, free: bool) -> Iterator[Epoch]:
    """Prices from each day on which one of them changes; genai-prices itself says which hold when."""
    limits = list(_limits(model))
    days = sorted({each.start_date for each in limits if isinstance(each, types.StartDateConstraint)})
    seconds = {0}
    for each in limits:
        if isinstance(each, types.TimeOfDateConstraint):
            seconds |= {_second(each.start_time), _second(each.end_time)}
    for start, day in [
        (FIRST, days[0] - timedelta(1) if days else _BEFORE_ALL),
        *((str(d), d) for d in days),
    ]:
        midnight = datetime.combine(day, time(), UTC)
        yield Epoch(start, [(s, _at(model, midnight + timedelta(seconds=s), free)) for s in sorted(seconds)])


def _limits(model: types.ModelInfo) -> Iterable[object]:
    prices = model.prices if isinstance(model.prices, list) else []
    return (each.constraint for each in (*prices, *(model.price_variants or ())) if each.constraint)


def _second(at: time) -> int:
    utc = datetime.combine(_BEFORE_ALL, at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    return utc.hour * 3600 + utc.minute * 60 + utc.second


def _at(model: types.ModelInfo, at: datetime, free: bool) -> PriceData | None:
    standard = model.get_prices(at)
    price = _price(standard, free)
    if price is None:
        return None
    for variant in model.price_variants or ():
        name = _service(variant.when)
        special = model.get_prices(at, variant.when)
        if name and special != standard and (whole := _price(special, free)):
            price.services[name] = whole
    return price


def _service(when: Mapping[str, str]) -> str | None:
    """The service tier that a variant is for; None for those that depend on anything else."""
    key, value = next(iter(when.items()))
    return value if len(when) == 1 and key in _SERVICE_KEYS else None


def _price(prices: types.ModelPrice, free: bool) -> PriceData | None:
    found = {key: value for key, value in prices.__dict__.items() if value is not None}
    if not found and free:
        return PriceData({"input": "0", "output": "0"})
    if found.keys() - RATES.keys() - FEES.keys() - LEFT_OUT or not found.keys() & RATES.keys():
        return None
    rates, tiers = {}, dict[int, dict[str, str]]()
    for key in found.keys() & RATES.keys():
        value = found[key]
        if isinstance(value, types.TieredPrices):
            for tier in value.tiers:
                tiers.setdefault(tier.start, {})[RATES[key]] = _text(tier.price)
            value = value.base
        rates[RATES[key]] = _text(value)
    fees = {FEES[key]: _text(found[key] / 1000) for key in found.keys() & FEES.keys()}
    return PriceData(
        _sorted(rates), [(above, _sorted(tiers[above])) for above in sorted(tiers)], _sorted(fees)
    )


def _sorted(texts: dict[str, str]) -> dict[str, str]:
    return dict(sorted(texts.items()))


def _text(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _dated(today: date) -> str:
    """The newest day, not after today, on which the comments say that a price was checked."""
    comments = [c for s in sources for c in (s.price_comments, *(m.price_comments for m in s.models)) if c]
    days = {day for comment in comments for day in _CHECKED.findall(comment)}
    return max((day for day in days if day <= str(today)), default="")


def write(path: Path, content: bytes) -> None:
    """Puts a file in place whole or not at all, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


if __name__ == "__main__":
    write(Path(sys.argv[1]), msgspec.json.encode(table(datetime.now(UTC).date())))
