"""Sums by the minute of the rows that are there; what a quarter held besides stands at its first minute."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MINUTE, QUARTER = 60_000_000, 900_000_000
TOKENS = (
    "input_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "reasoning_tokens",
)
MEASURES = (
    *("calls", "hits", "misses", *TOKENS, "cost_nano", "estimated_nano", "unpriced"),
    *("saved_nano", "own_cache_saved_nano", "provider_cache_saved_nano"),
)
ESTIMATED = "iif({0}certainty = 'estimated', {0}cost_nano, 0)"
HIT = "cache IN ('hit', 'semantic')"
SERIES = "coalesce((SELECT series_id FROM labels WHERE call_n = calls.n AND number = 0), calls.series_id)"
TRIED = (
    "coalesce((SELECT series_id FROM labels WHERE call_n = attempts.call_n "
    "AND number = attempts.number), attempts.series_id)"
)
ROWS_FROM = "coalesce((SELECT rows_from FROM compactions ORDER BY n DESC LIMIT 1), 0)"


def facts() -> str:
    """Ended calls, earlier tries and corrections: `at`, `series_id` and the measures of each."""
    tokens = ", ".join(TOKENS)
    return (
        f"SELECT started_at AS at, {SERIES} AS series_id, 1, {HIT}, cache = 'miss', {tokens}, cost_nano, "
        f"{ESTIMATED.format('')}, certainty = 'unpriced', saved_nano, iif({HIT}, saved_nano, 0), "
        "provider_cache_saved_nano FROM calls WHERE outcome IS NOT NULL "
        f"UNION ALL SELECT called_at, {TRIED}, 0, 0, 0, {tokens}, cost_nano, {ESTIMATED.format('')}, "
        "certainty = 'unpriced', 0, 0, 0 FROM attempts "
        f"UNION ALL SELECT word.called_at, {SERIES}, 0, 0, 0, {', '.join('0' * len(TOKENS))}, "
        "word.cost_nano - word.before_cost_nano, "
        f"{ESTIMATED.format('word.')} - iif(word.before_certainty = 'estimated', word.before_cost_nano, 0), "
        "(word.certainty = 'unpriced') - (word.before_certainty = 'unpriced'), 0, 0, 0 "
        "FROM corrections AS word JOIN calls ON calls.n = word.call_n"
    )


def upgrade() -> None:
    names, sums = ", ".join(MEASURES), ", ".join(f"sum({name})" for name in MEASURES)
    into = f"INSERT INTO rollups (span, start, series_id, {names})"
    op.execute(
        f"{into} WITH facts(at, series_id, {names}) AS ({facts()}) "
        f"SELECT {MINUTE}, at / {MINUTE} * {MINUTE} AS start, series_id, {sums} FROM facts "
        "GROUP BY start, series_id"
    )
    less = ", ".join(f"-{name}" for name in MEASURES)
    before = f"start < {ROWS_FROM}"
    # Old rows may outlive a compaction: a later word on them is taken out of their own minutes.
    op.execute(
        f"{into} SELECT {MINUTE}, start, series_id, {sums} FROM ("
        f"SELECT start, series_id, {names} FROM rollups WHERE span = {QUARTER} AND {before} UNION ALL "
        f"SELECT start / {QUARTER} * {QUARTER}, series_id, {less} FROM rollups "
        f"WHERE span = {MINUTE} AND {before}) WHERE true GROUP BY start, series_id "
        "ON CONFLICT DO UPDATE SET " + ", ".join(f"{name} = {name} + excluded.{name}" for name in MEASURES)
    )
