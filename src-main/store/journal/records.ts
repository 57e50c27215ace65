import type { CallEnd, CallStart } from '../../domain/call.ts';
import { type TokenUsage, tokenBuckets } from '../../domain/token-usage.ts';
import { renderEndDetail, renderStartDetail, type StoredDetail } from '../call-detail.ts';
import { conversionCodes, costSourceCodes, dialectCodes, endpointCodes, statusCodes, USAGE_REPORTED, usageFlagBits } from '../codes.ts';

// What the journal says of a call is what the ledger thread puts into its tables: values of columns in their order, and the
// detail as the text it is stored as. The request loop knows all of it; field names and a second rendering would cost more
// than the row itself.

export type ColumnValue = number | string | null;

/** Columns of `calls` that a start tells. */
export const startColumns = [
  'id',
  'endpoint',
  'caller_dialect',
  'upstream_dialect',
  'conversion',
  'stream',
  'byok',
  'requested_model',
  'request_bytes',
] as const;

/** Columns of `calls` that an end tells. */
export const endColumns = [
  'status',
  'http_status',
  'duration_ms',
  'first_byte_ms',
  'response_bytes',
  'input_uncached',
  'input_cache_read',
  'input_cache_write_5m',
  'input_cache_write_1h',
  'input_audio',
  'input_image',
  'output_text',
  'output_reasoning',
  'output_audio',
  'web_searches',
  'usage_flags',
  'cost_nano',
  'cost_source',
  'error_code',
] as const;

/** Some bytes of a buffer: JSON of a StoredDetail; none when it is empty. */
export interface DetailBytes {
  bytes: Buffer;
  start: number;
  end: number;
}

export interface StartRecord {
  /** In the order of `startColumns`; the first is the id. */
  columns: ColumnValue[];
  provider: string | null;
  model: string | null;
  callerKeyId: string | null;
  /** JSON of the tags in the order they were sent. */
  tags: string;
  client: string | null;
  /** What the caller calls its conversation. */
  conversationKey: string | null;
  detail: DetailBytes;
}

export interface EndRecord {
  id: number;
  /** In the order of `endColumns`. */
  columns: ColumnValue[];
  /** Code of how it was sent at last, where that is not as the start says. */
  conversion: number | null;
  priceRowId: string | null;
  /** The row itself, where no record before this one in the segment has it. */
  priceRow: object | null;
  detail: DetailBytes;
}

/** One record of the journal, as read back. */
export type JournalRecord = { type: 'start'; start: StartRecord } | { type: 'end'; end: EndRecord };

/** A record as the two texts of its frame. */
export interface RenderedRecord {
  values: string;
  /** JSON of a StoredDetail; "" when it is empty. */
  detail: string;
}

export function renderStart(start: CallStart): RenderedRecord {
  const columns: ColumnValue[] = [
    start.id,
    endpointCodes.codeOf(start.endpoint),
    dialectCodes.codeOf(start.callerDialect),
    start.upstreamDialect === null ? null : dialectCodes.codeOf(start.upstreamDialect),
    conversionCodes.codeOf(start.conversion),
    start.stream ? 1 : 0,
    start.byok ? 1 : 0,
    start.requestedModel === (start.model ?? '') ? null : start.requestedModel,
    start.requestBytes,
  ];
  const { provider, model, callerKeyId, tags, client, conversationId } = start;
  const values = JSON.stringify([columns, provider, model, callerKeyId, JSON.stringify(tags), client, conversationId]);
  return { values, detail: renderDetail(renderStartDetail(start)) };
}

/** @param spelt whether the price row is to be spelt out */
export function renderEnd(end: CallEnd, spelt: boolean): RenderedRecord {
  const { usage, conversion, priceRow } = end;
  const columns: ColumnValue[] = [
    statusCodes.codeOf(end.status),
    end.httpStatus,
    Math.round(end.durationMs),
    end.firstByteMs === null ? null : Math.round(end.firstByteMs),
    end.responseBytes,
  ];
  for (const bucket of tokenBuckets) columns.push(usage === null ? null : usage[bucket]);
  columns.push(readUsageFlags(usage), end.costNanoUsd, costSourceCodes.codeOf(end.costSource), end.error === null ? null : end.error.code);
  const values = JSON.stringify([
    end.id,
    columns,
    conversion === undefined ? null : conversionCodes.codeOf(conversion),
    priceRow === null ? null : priceRow.id,
    spelt ? priceRow : null,
  ]);
  return { values, detail: renderDetail(renderEndDetail(end)) };
}

function readUsageFlags(usage: TokenUsage | null): number {
  return usage === null ? 0 : usage.flags.reduce((bits, flag) => bits | (usageFlagBits[flag] ?? 0), USAGE_REPORTED);
}

function renderDetail(detail: StoredDetail): string {
  let text: string;
  try {
    text = JSON.stringify(detail);
  } catch {
    // Only a provider's own usage object can hold what JSON cannot say (a cycle, a BigInt).
    text = JSON.stringify({ ...detail, rawUsage: 'not recorded: not JSON' });
  }
  return text === '{}' ? '' : text;
}

type StartValues = [
  columns: ColumnValue[],
  provider: string | null,
  model: string | null,
  callerKeyId: string | null,
  tags: string,
  client: string | null,
  conversationKey: string | null,
];
type EndValues = [id: number, columns: ColumnValue[], conversion: number | null, priceRowId: string | null, priceRow: object | null];

/** @param values what `renderStart` made of it, parsed */
export function readStart(values: unknown, detail: DetailBytes): StartRecord {
  const [columns, provider, model, callerKeyId, tags, client, conversationKey] = values as StartValues;
  return { columns, provider, model, callerKeyId, tags, client, conversationKey, detail };
}

/** @param values what `renderEnd` made of it, parsed */
export function readEnd(values: unknown, detail: DetailBytes): EndRecord {
  const [id, columns, conversion, priceRowId, priceRow] = values as EndValues;
  return { id, columns, conversion, priceRowId, priceRow, detail };
}

/** For reading by hand: with names, and the detail as the object it is. */
export function describeRecord(record: JournalRecord): unknown {
  const { columns, detail, ...rest } = record.type === 'start' ? record.start : record.end;
  const names = record.type === 'start' ? startColumns : endColumns;
  const text = detail.bytes.toString('utf8', detail.start, detail.end);
  const named = Object.fromEntries(names.map((name, index) => [name, columns[index]]));
  return { type: record.type, ...named, ...rest, detail: text === '' ? {} : JSON.parse(text) };
}
