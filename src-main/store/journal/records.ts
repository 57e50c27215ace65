import type { CallEnd, CallStart } from '../../domain/call.ts';
import { type TokenUsage, tokenBuckets } from '../../domain/token-usage.ts';
import { renderEndDetail, renderStartDetail, type StoredDetail } from '../call-detail.ts';
import { conversionCodes, costSourceCodes, dialectCodes, endpointCodes, statusCodes, USAGE_REPORTED, usageFlagBits } from '../codes.ts';

// What the journal says of a call is what the ledger thread puts into its tables: the numbers of its columns, the texts that
// have a table of their own, and the detail as the text it is stored as. The request loop knows all of it; field names and a
// second rendering would cost more than the row itself.

export type ColumnValue = number | string | null;

/** Columns of `calls` that a start tells, all of them numbers. */
export const startColumns = [
  'id',
  'endpoint',
  'caller_dialect',
  'upstream_dialect',
  'conversion',
  'stream',
  'byok',
  'request_bytes',
] as const;

/** Columns of `calls` that an end tells, all of them numbers. */
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
] as const;

/** Some bytes of a buffer: JSON of a StoredDetail; none when it is empty. */
export interface DetailBytes {
  bytes: Buffer;
  start: number;
  end: number;
}

/** Mostly the same for all calls of a program. */
export interface StartTexts {
  provider: string | null;
  model: string | null;
  callerKeyId: string | null;
  tags: Readonly<Record<string, string>>;
  client: string | null;
  /** null when it is the model's. */
  requestedModel: string | null;
  /** What the caller calls its conversation. */
  conversationKey: string | null;
}

/** Mostly the same for all calls of a model. */
export interface EndTexts {
  errorCode: string | null;
  priceRowId: string | null;
  /** The row itself, where no record before this one in the segment has it. */
  priceRow: object | null;
}

export interface StartRecord {
  /** In the order of `startColumns`; the first is the id. */
  columns: (number | null)[];
  texts: StartTexts;
  detail: DetailBytes;
}

export interface EndRecord {
  id: number;
  /** Code of how it was sent at last, where that is not as the start says. */
  conversion: number | null;
  /** In the order of `endColumns`. */
  columns: (number | null)[];
  texts: EndTexts;
  detail: DetailBytes;
}

/** One record of the journal, as read back. */
export type JournalRecord = { type: 'start'; start: StartRecord } | { type: 'end'; end: EndRecord };

/** A record as the parts of its frame. */
export interface RenderedRecord {
  /** Not a number = NULL. */
  numbers: readonly number[];
  /** JSON of the values of StartTexts or EndTexts, in their order. */
  texts: string;
  /** JSON of a StoredDetail; "" when it is empty. */
  detail: string;
}

export function renderStart(start: CallStart): RenderedRecord {
  const { provider, model, callerKeyId, tags, client, requestedModel, conversationId } = start;
  const numbers = [
    start.id,
    endpointCodes.codeOf(start.endpoint),
    dialectCodes.codeOf(start.callerDialect),
    start.upstreamDialect === null ? Number.NaN : dialectCodes.codeOf(start.upstreamDialect),
    conversionCodes.codeOf(start.conversion),
    start.stream ? 1 : 0,
    start.byok ? 1 : 0,
    start.requestBytes,
  ];
  const otherModel = requestedModel === (model ?? '') ? null : requestedModel;
  const texts: StartTextValues = [provider, model, callerKeyId, tags, client, otherModel, conversationId];
  return { numbers, texts: JSON.stringify(texts), detail: renderDetail(renderStartDetail(start)) };
}

/** @param spelt whether the price row is to be spelt out */
export function renderEnd(end: CallEnd, spelt: boolean): RenderedRecord {
  const { usage, conversion, priceRow, error } = end;
  const numbers = [
    end.id,
    conversion === undefined ? Number.NaN : conversionCodes.codeOf(conversion),
    statusCodes.codeOf(end.status),
    end.httpStatus,
    Math.round(end.durationMs),
    end.firstByteMs === null ? Number.NaN : Math.round(end.firstByteMs),
    end.responseBytes,
  ];
  for (const bucket of tokenBuckets) numbers.push(usage?.[bucket] ?? Number.NaN);
  numbers.push(readUsageFlags(usage), end.costNanoUsd ?? Number.NaN, costSourceCodes.codeOf(end.costSource));
  const texts: EndTextValues = [error?.code ?? null, priceRow?.id ?? null, spelt ? priceRow : null];
  return { numbers, texts: JSON.stringify(texts), detail: renderDetail(renderEndDetail(end)) };
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

type StartTextValues = [
  provider: string | null,
  model: string | null,
  callerKeyId: string | null,
  tags: Readonly<Record<string, string>>,
  client: string | null,
  requestedModel: string | null,
  conversationKey: string | null,
];
type EndTextValues = [errorCode: string | null, priceRowId: string | null, priceRow: object | null];

/** @param values what `renderStart` made of them, parsed */
export function readStartTexts(values: unknown): StartTexts {
  const [provider, model, callerKeyId, tags, client, requestedModel, conversationKey] = values as StartTextValues;
  return { provider, model, callerKeyId, tags, client, requestedModel, conversationKey };
}

/** @param values what `renderEnd` made of them, parsed */
export function readEndTexts(values: unknown): EndTexts {
  const [errorCode, priceRowId, priceRow] = values as EndTextValues;
  return { errorCode, priceRowId, priceRow };
}

export function readStart(columns: (number | null)[], texts: StartTexts, detail: DetailBytes): JournalRecord {
  return { type: 'start', start: { columns, texts, detail } };
}

export function readEnd(numbers: (number | null)[], texts: EndTexts, detail: DetailBytes): JournalRecord {
  return { type: 'end', end: { id: numbers[0] ?? 0, conversion: numbers[1] ?? null, columns: numbers.slice(2), texts, detail } };
}

/** For reading by hand: with names, and the detail as the object it is. */
export function describeRecord(record: JournalRecord): unknown {
  const { columns, texts, detail, ...rest } = record.type === 'start' ? record.start : record.end;
  const names = record.type === 'start' ? startColumns : endColumns;
  const text = detail.bytes.toString('utf8', detail.start, detail.end);
  const named = Object.fromEntries(names.map((name, index) => [name, columns[index]]));
  return { type: record.type, ...rest, ...named, ...texts, detail: text === '' ? {} : JSON.parse(text) };
}
