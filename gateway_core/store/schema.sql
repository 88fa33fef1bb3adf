CREATE TABLE alerts (
    n INTEGER NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (n),
    CONSTRAINT alerts_id UNIQUE (id)
)
 STRICT;

CREATE TABLE alerts_told (
    budget TEXT NOT NULL,
    counts TEXT NOT NULL,
    what TEXT NOT NULL,
    window_start INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (budget, counts, what, window_start)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE cache_entries (
    n INTEGER NOT NULL,
    "key" BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    hits INTEGER DEFAULT 0 NOT NULL,
    saved_nano INTEGER DEFAULT 0 NOT NULL,
    pinned INTEGER DEFAULT 0 NOT NULL,
    size INTEGER NOT NULL,
    call_id TEXT NOT NULL,
    format TEXT NOT NULL,
    stream INTEGER NOT NULL,
    token TEXT NOT NULL,
    scope TEXT NOT NULL,
    tags TEXT NOT NULL,
    prompt_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    chunks TEXT NOT NULL,
    gaps TEXT NOT NULL,
    usage TEXT NOT NULL,
    cost_nano INTEGER NOT NULL,
    model TEXT NOT NULL,
    provider TEXT NOT NULL,
    price_id TEXT,
    PRIMARY KEY (n),
    CONSTRAINT cache_entries_key UNIQUE ("key")
)
 STRICT;

CREATE INDEX cache_entries_expiry ON cache_entries (expires_at);

CREATE INDEX cache_entries_use ON cache_entries (pinned, used_at, size);

CREATE TABLE cache_trials (
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    rule TEXT NOT NULL,
    how TEXT NOT NULL,
    call_id TEXT NOT NULL,
    "key" BLOB NOT NULL,
    likeness REAL NOT NULL,
    wrong INTEGER NOT NULL,
    compared TEXT NOT NULL,
    PRIMARY KEY (n)
)
 STRICT;

CREATE INDEX cache_trials_rule ON cache_trials (rule, n);

CREATE TABLE cache_vectors (
    n INTEGER NOT NULL,
    "key" BLOB NOT NULL,
    context BLOB NOT NULL,
    vector BLOB NOT NULL,
    marks TEXT NOT NULL,
    PRIMARY KEY (n),
    CONSTRAINT cache_vectors_key UNIQUE ("key")
)
 STRICT;

CREATE INDEX cache_vectors_context ON cache_vectors (context);

CREATE TABLE client_tokens (
    n INTEGER NOT NULL,
    name TEXT NOT NULL,
    digest BLOB NOT NULL,
    tags TEXT NOT NULL,
    created_at TEXT NOT NULL,
    revoked_at TEXT,
    PRIMARY KEY (n)
)
 STRICT;

CREATE UNIQUE INDEX client_tokens_name ON client_tokens (name) WHERE revoked_at IS NULL;

CREATE TABLE compactions (
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    rows_from INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    cost_nano INTEGER NOT NULL,
    seal INTEGER NOT NULL,
    PRIMARY KEY (n)
)
 STRICT;

CREATE INDEX compactions_seal ON compactions (seal);

CREATE TABLE corrections (
    n INTEGER NOT NULL,
    call_n INTEGER NOT NULL,
    called_at INTEGER NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    before_cost_nano INTEGER NOT NULL,
    before_certainty TEXT NOT NULL,
    cost_nano INTEGER NOT NULL,
    certainty TEXT NOT NULL,
    price_id TEXT,
    seal INTEGER NOT NULL,
    PRIMARY KEY (n)
)
 STRICT;

CREATE INDEX corrections_call ON corrections (call_n);

CREATE INDEX corrections_called ON corrections (called_at);

CREATE INDEX corrections_seal ON corrections (seal);

CREATE TABLE decision_kinds (
    id INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT decision_kinds_text UNIQUE (text)
)
 STRICT;

CREATE TABLE idempotency_keys (
    n INTEGER NOT NULL,
    token TEXT NOT NULL,
    "key" TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    call_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    status INTEGER,
    headers TEXT,
    body BLOB,
    chunks TEXT,
    PRIMARY KEY (n),
    CONSTRAINT idempotency_keys_key UNIQUE (token, "key")
)
 STRICT;

CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

CREATE TABLE kv (
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY ("key")
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE messages (
    call_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    format TEXT NOT NULL,
    stream INTEGER NOT NULL,
    kind TEXT NOT NULL,
    cut INTEGER NOT NULL,
    size INTEGER NOT NULL,
    request BLOB NOT NULL,
    answer BLOB NOT NULL,
    PRIMARY KEY (call_id)
)
 STRICT;

CREATE INDEX messages_expiry ON messages (expires_at);

CREATE TABLE opinions (
    call_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    opinion TEXT NOT NULL,
    target TEXT NOT NULL,
    other TEXT NOT NULL,
    shadow_id TEXT NOT NULL,
    judge_id TEXT,
    gain REAL,
    how TEXT NOT NULL,
    PRIMARY KEY (call_id)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX opinions_at ON opinions (at);

CREATE TABLE outcomes (
    call_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    target TEXT NOT NULL,
    rule REAL NOT NULL,
    features TEXT NOT NULL,
    bad REAL,
    why TEXT,
    PRIMARY KEY (call_id)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX outcomes_at ON outcomes (at);

CREATE TABLE policy_edits (
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    "before" TEXT,
    "after" TEXT NOT NULL,
    undoes INTEGER,
    seal INTEGER,
    PRIMARY KEY (n),
    FOREIGN KEY(undoes) REFERENCES policy_edits (n)
)
 STRICT;

CREATE INDEX policy_edits_seal ON policy_edits (seal);

CREATE TABLE prompts (
    call_n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    conversation TEXT NOT NULL,
    blocks BLOB,
    warm_tokens INTEGER NOT NULL,
    life_ms INTEGER NOT NULL,
    why TEXT NOT NULL,
    before_n INTEGER,
    paused_ms INTEGER,
    block_kind TEXT,
    block_at INTEGER,
    change TEXT,
    block_byte INTEGER,
    block_size INTEGER,
    again_tokens INTEGER NOT NULL,
    again_nano INTEGER NOT NULL,
    across INTEGER NOT NULL,
    read_saved_nano INTEGER NOT NULL,
    write_nano INTEGER NOT NULL,
    marks INTEGER NOT NULL,
    PRIMARY KEY (call_n)
)
 STRICT;

CREATE INDEX prompts_again ON prompts (call_n) WHERE again_tokens > 0;

CREATE INDEX prompts_whole ON prompts (conversation, call_n) WHERE blocks IS NOT NULL;

CREATE TABLE relabels (
    n INTEGER NOT NULL,
    call_n INTEGER NOT NULL,
    called_at INTEGER NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    "before" TEXT,
    mode TEXT,
    seal INTEGER NOT NULL,
    PRIMARY KEY (n)
)
 STRICT;

CREATE INDEX relabels_call ON relabels (call_n);

CREATE INDEX relabels_seal ON relabels (seal);

CREATE TABLE seals (
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    gone INTEGER DEFAULT 0 NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (n)
)
 STRICT;

CREATE TABLE tag_names (
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    PRIMARY KEY ("key", value)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE tag_sets (
    id INTEGER NOT NULL,
    tags TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT tag_sets_tags UNIQUE (tags)
)
 STRICT;

CREATE TABLE alert_deliveries (
    alert_n INTEGER NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER,
    error TEXT,
    PRIMARY KEY (alert_n, channel),
    FOREIGN KEY(alert_n) REFERENCES alerts (n)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX alert_deliveries_waiting ON alert_deliveries (due_at) WHERE state = 'waiting';

CREATE TABLE decisions (
    call_n INTEGER NOT NULL,
    kind_id INTEGER NOT NULL,
    context INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    score REAL,
    more TEXT,
    PRIMARY KEY (call_n),
    FOREIGN KEY(kind_id) REFERENCES decision_kinds (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE series (
    id INTEGER NOT NULL,
    token TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    tag_set_id INTEGER NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT series_of UNIQUE (token, provider, model, tag_set_id),
    FOREIGN KEY(tag_set_id) REFERENCES tag_sets (id)
)
 STRICT;

CREATE INDEX series_tag_set ON series (tag_set_id);

CREATE TABLE tags (
    tag_set_id INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tag_set_id, "key"),
    FOREIGN KEY(tag_set_id) REFERENCES tag_sets (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX tags_value ON tags ("key", value, tag_set_id);

CREATE TABLE attempts (
    call_n INTEGER NOT NULL,
    number INTEGER NOT NULL,
    called_at INTEGER NOT NULL,
    series_id INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    http_status INTEGER,
    error TEXT NOT NULL,
    held_nano INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_input_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    cache_write_1h_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    usage_detail TEXT,
    cost_nano INTEGER NOT NULL,
    certainty TEXT NOT NULL,
    price_id TEXT,
    provider_request_id TEXT,
    seal INTEGER NOT NULL,
    PRIMARY KEY (call_n, number),
    FOREIGN KEY(series_id) REFERENCES series (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX attempts_called ON attempts (called_at, series_id);

CREATE INDEX attempts_seal ON attempts (seal);

CREATE TABLE calls (
    n INTEGER NOT NULL,
    id TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    outcome TEXT,
    series_id INTEGER NOT NULL,
    format TEXT NOT NULL,
    path TEXT NOT NULL,
    asked_model TEXT NOT NULL,
    stream INTEGER NOT NULL,
    held_nano INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_input_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    cache_write_1h_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    usage_detail TEXT,
    cost_nano INTEGER NOT NULL,
    certainty TEXT,
    saved_nano INTEGER NOT NULL,
    provider_cache_saved_nano INTEGER NOT NULL,
    cache TEXT,
    route TEXT,
    route_reason TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    first_byte_ms REAL,
    duration_ms REAL NOT NULL,
    overhead_ms REAL NOT NULL,
    session TEXT,
    price_id TEXT,
    provider_request_id TEXT,
    error TEXT,
    http_status INTEGER NOT NULL,
    excess_nano INTEGER DEFAULT 0 NOT NULL,
    seal INTEGER,
    PRIMARY KEY (n),
    CONSTRAINT calls_id UNIQUE (id),
    FOREIGN KEY(series_id) REFERENCES series (id)
)
 STRICT;

CREATE INDEX calls_open ON calls (n) WHERE outcome IS NULL;

CREATE INDEX calls_started ON calls (started_at, series_id);

CREATE TABLE forgone (
    called_at INTEGER NOT NULL,
    call_n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    target TEXT NOT NULL,
    series_id INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    cache TEXT NOT NULL,
    cost_nano INTEGER,
    would_nano INTEGER,
    place INTEGER NOT NULL,
    agreed INTEGER NOT NULL,
    acts INTEGER NOT NULL,
    PRIMARY KEY (called_at, call_n, kind, name),
    FOREIGN KEY(series_id) REFERENCES series (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE forgone_sums (
    span INTEGER NOT NULL,
    start INTEGER NOT NULL,
    series_id INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    cache TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    target TEXT NOT NULL,
    place INTEGER NOT NULL,
    agreed INTEGER NOT NULL,
    acts INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    saved_nano INTEGER NOT NULL,
    PRIMARY KEY (span, start, series_id, outcome, cache, kind, name, target, place, agreed, acts),
    FOREIGN KEY(series_id) REFERENCES series (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE labels (
    call_n INTEGER NOT NULL,
    number INTEGER NOT NULL,
    series_id INTEGER NOT NULL,
    PRIMARY KEY (call_n, number),
    FOREIGN KEY(series_id) REFERENCES series (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE rollups (
    span INTEGER NOT NULL,
    start INTEGER NOT NULL,
    series_id INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    hits INTEGER NOT NULL,
    misses INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_input_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    cache_write_1h_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cost_nano INTEGER NOT NULL,
    estimated_nano INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    saved_nano INTEGER NOT NULL,
    own_cache_saved_nano INTEGER NOT NULL,
    provider_cache_saved_nano INTEGER NOT NULL,
    PRIMARY KEY (span, start, series_id),
    FOREIGN KEY(series_id) REFERENCES series (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE rollups_by_outcome (
    span INTEGER NOT NULL,
    start INTEGER NOT NULL,
    series_id INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    cache TEXT NOT NULL,
    calls INTEGER NOT NULL,
    hits INTEGER NOT NULL,
    misses INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_input_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    cache_write_1h_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cost_nano INTEGER NOT NULL,
    estimated_nano INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    saved_nano INTEGER NOT NULL,
    own_cache_saved_nano INTEGER NOT NULL,
    provider_cache_saved_nano INTEGER NOT NULL,
    PRIMARY KEY (span, start, series_id, outcome, cache),
    FOREIGN KEY(series_id) REFERENCES series (id)
)
 WITHOUT ROWID,
 STRICT;
