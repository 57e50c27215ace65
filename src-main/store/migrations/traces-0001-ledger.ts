/** rowid = call id; text of what the call added to its conversation, and of the reply. Filled later, and made anew when damaged. */
export const callTextTable = `
CREATE VIRTUAL TABLE call_text USING fts5 (text, content='', contentless_delete=1, detail=none, tokenize='unicode61 remove_diacritics 2');`;

/**
 * traces.db: the ledger, its roll-ups, bodies and search. Rows are narrow (integers and references only) because the
 * dashboards scan them; text that repeats is stored once (targets, tag sets, clients, price rows); what is read only in
 * the detail view lies compressed in `blocks`.
 */
export const tracesMigration0001 = `
-- keys: journal_position, text_indexed_through, retention_hold_until (all texts or integers, see their writers)
CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;

-- provider and model are '' where none could be resolved
CREATE TABLE targets (id INTEGER PRIMARY KEY, provider TEXT NOT NULL, model TEXT NOT NULL, UNIQUE (provider, model));
CREATE TABLE callers (id INTEGER PRIMARY KEY, caller_key_id TEXT NOT NULL UNIQUE);
CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
-- canonical: JSON object with sorted keys; one row per distinct combination of tags
CREATE TABLE tag_sets (id INTEGER PRIMARY KEY, canonical TEXT NOT NULL UNIQUE);
CREATE TABLE tag_set_tags (key TEXT NOT NULL, value TEXT NOT NULL, tag_set_id INTEGER NOT NULL, PRIMARY KEY (key, value, tag_set_id)) WITHOUT ROWID;
-- what a call is counted under; few distinct ones, so that calls and sums need one number and one index. caller_id 0 = no caller key
CREATE TABLE scopes (
  id INTEGER PRIMARY KEY, tag_set_id INTEGER NOT NULL, target_id INTEGER NOT NULL, caller_id INTEGER NOT NULL,
  UNIQUE (tag_set_id, target_id, caller_id)
);
CREATE TABLE price_rows (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, row TEXT NOT NULL);
-- one that its caller named, or two and more calls of which each continues the messages of one before; a lone call has none
CREATE TABLE conversations (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, first_call_id INTEGER NOT NULL, last_call_id INTEGER NOT NULL,
  calls INTEGER NOT NULL DEFAULT 0, cost_nano INTEGER NOT NULL DEFAULT 0, unpriced INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX conversations_last ON conversations (last_call_id);
-- a chain of messages, hashed -> the last call that sent exactly these; its conversation goes on when a longer chain comes
CREATE TABLE conversation_prefixes (prefix INTEGER PRIMARY KEY, call_id INTEGER NOT NULL);

-- Words are stored as the integers of store/codes.ts. requested_model is NULL when it equals the target's model.
-- The hour and the start of a call follow from its id (domain/call-id.ts). What has no column is in the call's detail.
CREATE TABLE calls (
  id INTEGER PRIMARY KEY,
  status INTEGER NOT NULL, http_status INTEGER, endpoint INTEGER NOT NULL,
  caller_dialect INTEGER NOT NULL, upstream_dialect INTEGER, conversion INTEGER NOT NULL, stream INTEGER NOT NULL, byok INTEGER NOT NULL,
  scope_id INTEGER NOT NULL, requested_model TEXT, client_id INTEGER, conversation_id INTEGER,
  duration_ms INTEGER, first_byte_ms INTEGER, request_bytes INTEGER NOT NULL, response_bytes INTEGER,
  input_uncached INTEGER, input_cache_read INTEGER, input_cache_write_5m INTEGER, input_cache_write_1h INTEGER, input_audio INTEGER, input_image INTEGER,
  output_text INTEGER, output_reasoning INTEGER, output_audio INTEGER, web_searches INTEGER,
  usage_flags INTEGER NOT NULL DEFAULT 0, cost_nano INTEGER, cost_source INTEGER NOT NULL, price_row_id INTEGER,
  error_code TEXT, detail_block INTEGER, detail_offset INTEGER, detail_length INTEGER
);
-- every index ends with the row id, which is the call id: ORDER BY id needs no column of its own
CREATE INDEX calls_scope ON calls (scope_id);
CREATE INDEX calls_conversation ON calls (conversation_id) WHERE conversation_id IS NOT NULL;
-- used only by queries that say "status <> 1" besides what else they want of the status
CREATE INDEX calls_not_ok ON calls (status) WHERE status <> 1;

-- Sums, added to in the transaction that ends a call. hour and day = hours and days since 1970 UTC; days of a zone are made of hours.
-- calls = ended calls of any status; failed = status other than ok; unpriced = cost unknown although the provider may have charged;
-- input_uncached with audio and images; output with audio, without reasoning
CREATE TABLE spend_hourly (
  hour INTEGER NOT NULL, scope_id INTEGER NOT NULL,
  calls INTEGER NOT NULL, failed INTEGER NOT NULL, unpriced INTEGER NOT NULL, estimated INTEGER NOT NULL,
  input_uncached INTEGER NOT NULL, input_cache_read INTEGER NOT NULL, input_cache_write INTEGER NOT NULL,
  output INTEGER NOT NULL, output_reasoning INTEGER NOT NULL, cost_nano INTEGER NOT NULL, duration_ms INTEGER NOT NULL,
  PRIMARY KEY (hour, scope_id)
) WITHOUT ROWID;
-- in the order of what is chosen: a report over a month is one seek for each scope or target
CREATE TABLE spend_daily (
  day INTEGER NOT NULL, scope_id INTEGER NOT NULL,
  calls INTEGER NOT NULL, failed INTEGER NOT NULL, unpriced INTEGER NOT NULL, estimated INTEGER NOT NULL,
  input_uncached INTEGER NOT NULL, input_cache_read INTEGER NOT NULL, input_cache_write INTEGER NOT NULL,
  output INTEGER NOT NULL, output_reasoning INTEGER NOT NULL, cost_nano INTEGER NOT NULL, duration_ms INTEGER NOT NULL,
  PRIMARY KEY (scope_id, day)
) WITHOUT ROWID;
CREATE TABLE spend_target_hourly (
  hour INTEGER NOT NULL, target_id INTEGER NOT NULL,
  calls INTEGER NOT NULL, failed INTEGER NOT NULL, unpriced INTEGER NOT NULL, estimated INTEGER NOT NULL,
  input_uncached INTEGER NOT NULL, input_cache_read INTEGER NOT NULL, input_cache_write INTEGER NOT NULL,
  output INTEGER NOT NULL, output_reasoning INTEGER NOT NULL, cost_nano INTEGER NOT NULL, duration_ms INTEGER NOT NULL,
  PRIMARY KEY (target_id, hour)
) WITHOUT ROWID;

-- content-addressed bodies: every piece once, by hash; a body is a layout of literals, piece runs and ranges of blocks.
-- blocks.kind says how data is packed (store/blocks.ts); a block holds either call details, pieces, or bodies that come once
CREATE TABLE blocks (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, raw_bytes INTEGER NOT NULL, data BLOB NOT NULL);
-- hash is NULL for pieces that are not looked up again (of long replies); pieces of a block have consecutive ids
CREATE TABLE pieces (id INTEGER PRIMARY KEY, hash BLOB, block_id INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL);
CREATE UNIQUE INDEX pieces_hash ON pieces (hash) WHERE hash IS NOT NULL;
-- layouts: of all bodies of the call, see store/bodies/layout.ts
CREATE TABLE bodies (call_id INTEGER PRIMARY KEY, layouts BLOB NOT NULL);

${callTextTable}
`;
