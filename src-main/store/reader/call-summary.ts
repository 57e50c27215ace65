import type { CallSummary } from '../../contract/entities.ts';
import { readCallTime, renderCallId } from '../../domain/call-id.ts';
import type { UsageFlag } from '../../domain/token-usage.ts';
import type { DetailPlace } from '../call-detail.ts';
import { conversionCodes, costSourceCodes, dialectCodes, endpointCodes, statusCodes, usageFlagBits } from '../codes.ts';
import type { Sqlite } from '../database.ts';

/** A row of `calls` with the texts it refers to. */
export interface CallRow extends DetailPlace {
  id: number;
  status: number;
  http_status: number | null;
  endpoint: number;
  caller_dialect: number;
  upstream_dialect: number | null;
  conversion: number;
  stream: number;
  byok: number;
  requested_model: string | null;
  duration_ms: number | null;
  first_byte_ms: number | null;
  request_bytes: number;
  response_bytes: number | null;
  input_uncached: number | null;
  input_cache_read: number | null;
  input_cache_write_5m: number | null;
  input_cache_write_1h: number | null;
  input_audio: number | null;
  input_image: number | null;
  output_text: number | null;
  output_reasoning: number | null;
  output_audio: number | null;
  web_searches: number | null;
  usage_flags: number;
  cost_nano: number | null;
  cost_source: number;
  error_code: string | null;
  provider: string | null;
  model: string | null;
  caller_key_id: string | null;
  client: string | null;
  tags: string | null;
  conversation: string | null;
  price_row: string | null;
}

const SELECT_CALLS = `
  SELECT c.*, t.provider, t.model, k.caller_key_id, p.name AS client, g.canonical AS tags, v.key AS conversation, r.row AS price_row
  FROM json_each(?) AS wanted
  JOIN calls c ON c.id = wanted.value
  LEFT JOIN scopes s ON s.id = c.scope_id
  LEFT JOIN targets t ON t.id = s.target_id
  LEFT JOIN callers k ON k.id = s.caller_id
  LEFT JOIN tag_sets g ON g.id = s.tag_set_id
  LEFT JOIN clients p ON p.id = c.client_id
  LEFT JOIN conversations v ON v.id = c.conversation_id
  LEFT JOIN price_rows r ON r.id = c.price_row_id
  ORDER BY wanted.key`;

/** In the order of the ids; ids that are not there are left out. */
export function readCallRows(db: Sqlite, ids: readonly number[]): CallRow[] {
  return db.prepare<[string], CallRow>(SELECT_CALLS).all(JSON.stringify(ids));
}

export function readCallSummaries(db: Sqlite, ids: readonly number[]): CallSummary[] {
  return readCallRows(db, ids).map(readCallSummary);
}

export function readCallSummary(row: CallRow): CallSummary {
  const provider = row.provider || null;
  const model = row.model || null;
  return {
    id: renderCallId(row.id),
    startedAt: readCallTime(row.id),
    // A code without a word was written by a newer version.
    status: statusCodes.wordOf(row.status) ?? 'interrupted',
    httpStatus: row.http_status,
    endpoint: endpointCodes.wordOf(row.endpoint) ?? 'other',
    provider,
    model,
    requestedModel: row.requested_model ?? model ?? '',
    callerDialect: dialectCodes.wordOf(row.caller_dialect) ?? 'other',
    upstreamDialect: row.upstream_dialect === null ? null : (dialectCodes.wordOf(row.upstream_dialect) ?? 'other'),
    conversion: conversionCodes.wordOf(row.conversion) ?? 'translated',
    stream: row.stream === 1,
    byok: row.byok === 1,
    callerKeyId: row.caller_key_id,
    client: row.client,
    tags: row.tags === null ? {} : (JSON.parse(row.tags) as Record<string, string>),
    conversationId: row.conversation,
    durationMs: row.duration_ms,
    firstByteMs: row.first_byte_ms,
    requestBytes: row.request_bytes,
    responseBytes: row.response_bytes,
    usage: readUsage(row),
    costNanoUsd: row.cost_nano,
    costSource: costSourceCodes.wordOf(row.cost_source) ?? 'unknown',
    errorCode: row.error_code,
  };
}

function readUsage(row: CallRow): CallSummary['usage'] {
  const flags = Object.entries(usageFlagBits) as [UsageFlag, number][];
  return {
    inputUncached: row.input_uncached,
    inputCacheRead: row.input_cache_read,
    inputCacheWrite5m: row.input_cache_write_5m,
    inputCacheWrite1h: row.input_cache_write_1h,
    inputAudio: row.input_audio,
    inputImage: row.input_image,
    outputText: row.output_text,
    outputReasoning: row.output_reasoning,
    outputAudio: row.output_audio,
    webSearches: row.web_searches,
    flags: flags.filter(([, bit]) => (row.usage_flags & bit) !== 0).map(([flag]) => flag),
  };
}
