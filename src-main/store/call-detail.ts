import type { Attempt, CallEnd, CallStart } from '../domain/call.ts';
import { readCallTime } from '../domain/call-id.ts';
import type { Loss } from '../domain/conversation.ts';
import type { BlockReader } from './blocks.ts';
import { dialectCodes, endpointCodes, OTHER_CODE } from './codes.ts';
import { StoreError } from './store-error.ts';

/** What the ledger knows of a call beyond the columns of its row: JSON in a compressed block. Absent = null / empty. */
export interface StoredDetail {
  /** Only where it is not the time in the call's id (the clock had stepped back). */
  startedAt?: number;
  /** Words that have no code (the column holds 0), by the name of their field in CallStart. */
  texts?: { endpoint?: string; callerDialect?: string; upstreamDialect?: string };
  traceId?: string;
  parentSpanId?: string;
  servedModel?: string;
  responseId?: string;
  finishReason?: string;
  serviceTier?: string;
  providerCostNanoUsd?: number;
  rawUsage?: unknown;
  losses?: Loss[];
  /** The code is in the row's error_code. */
  error?: { message: string; providerType: string | null; providerCode: string | null };
  attempts?: Attempt[];
}

/** The columns of `calls` that say where its detail lies. */
export interface DetailPlace {
  detail_block: number | null;
  detail_offset: number | null;
  detail_length: number | null;
}

/** An upstream's error text may hold a whole base64 file. */
const MAX_ERROR_CHARS = 8_000;

/** What is known of it at the start. */
export function renderStartDetail(start: CallStart): StoredDetail {
  const detail: StoredDetail = {};
  if (start.startedAt !== readCallTime(start.id)) detail.startedAt = start.startedAt;
  const texts = codelessTexts(start);
  if (Object.keys(texts).length > 0) detail.texts = texts;
  if (start.traceId !== null) detail.traceId = start.traceId;
  if (start.parentSpanId !== null) detail.parentSpanId = start.parentSpanId;
  return detail;
}

/** What the end adds; none of it is said at the start. */
export function renderEndDetail(end: CallEnd): StoredDetail {
  const detail: StoredDetail = {};
  if (end.servedModel !== null) detail.servedModel = end.servedModel;
  if (end.responseId !== null) detail.responseId = end.responseId;
  if (end.finishReason !== null) detail.finishReason = end.finishReason;
  const { usage, error } = end;
  if (usage?.serviceTier != null) detail.serviceTier = usage.serviceTier;
  if (usage?.providerCostNanoUsd != null) detail.providerCostNanoUsd = usage.providerCostNanoUsd;
  if (usage?.raw != null) detail.rawUsage = usage.raw;
  if (end.losses.length > 0) detail.losses = end.losses;
  if (error !== null)
    detail.error = { message: shorten(error.message), providerType: error.providerType, providerCode: error.providerCode };
  if (end.attempts.length > 0) detail.attempts = end.attempts.map(shortenAttempt);
  return detail;
}

/** The detail of a call; empty when it has none. @throws StoreError `corrupt` */
export function readStoredDetail(readBlock: BlockReader, place: DetailPlace): StoredDetail {
  const text = readDetailText(readBlock, place);
  try {
    return text === '' ? {} : (JSON.parse(text) as StoredDetail);
  } catch (cause) {
    throw new StoreError('corrupt', 'the detail of a call cannot be read', { cause });
  }
}

/** JSON; "" when there is none. @throws StoreError `corrupt` */
export function readDetailText(readBlock: BlockReader, place: DetailPlace): string {
  const { detail_block: block, detail_offset: offset, detail_length: length } = place;
  if (block === null || offset === null || length === null) return '';
  return readBlock(block)?.toString('utf8', offset, offset + length) ?? '';
}

function shorten(text: string): string {
  return text.length <= MAX_ERROR_CHARS ? text : `${text.slice(0, MAX_ERROR_CHARS)}… (${text.length} characters)`;
}

function shortenAttempt(attempt: Attempt): Attempt {
  return attempt.error === null ? attempt : { ...attempt, error: shorten(attempt.error) };
}

function codelessTexts(start: CallStart): NonNullable<StoredDetail['texts']> {
  const texts: NonNullable<StoredDetail['texts']> = {};
  const { endpoint, callerDialect, upstreamDialect } = start;
  if (endpointCodes.codeOf(endpoint) === OTHER_CODE) texts.endpoint = endpoint;
  if (dialectCodes.codeOf(callerDialect) === OTHER_CODE) texts.callerDialect = callerDialect;
  if (upstreamDialect !== null && dialectCodes.codeOf(upstreamDialect) === OTHER_CODE) texts.upstreamDialect = upstreamDialect;
  return texts;
}
