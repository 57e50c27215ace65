import type { CallDetail } from '../../contract/entities.ts';
import type { BlockReader } from '../blocks.ts';
import { createBodyReader } from '../bodies/read-body.ts';
import { readStoredDetail, type StoredDetail } from '../call-detail.ts';
import type { Sqlite } from '../database.ts';
import { type CallRow, readCallRows, readCallSummary } from './call-summary.ts';

/** Everything known of a call; null when there is no such call. @throws StoreError `corrupt` */
export function readCall(db: Sqlite, readBlock: BlockReader, id: number): CallDetail | null {
  const [row] = readCallRows(db, [id]);
  if (row === undefined) return null;
  const detail = readStoredDetail(readBlock, row);
  const summary = readCallSummary(row);
  const startedAt = detail.startedAt ?? summary.startedAt;
  return {
    ...summary,
    ...detail.texts,
    startedAt,
    servedModel: detail.servedModel ?? null,
    responseId: detail.responseId ?? null,
    finishReason: detail.finishReason ?? null,
    serviceTier: detail.serviceTier ?? null,
    rawUsage: detail.rawUsage ?? null,
    priceRow: row.price_row === null ? null : JSON.parse(row.price_row),
    costLines: [],
    losses: detail.losses ?? [],
    attempts: detail.attempts ?? [],
    error: readError(row, detail),
    traceId: detail.traceId ?? null,
    parentSpanId: detail.parentSpanId ?? null,
    timings: { startedAt, firstByteMs: row.first_byte_ms, durationMs: row.duration_ms },
    bodies: readBodyFlags(db, readBlock, id),
  };
}

function readError(row: CallRow, { error }: StoredDetail): CallDetail['error'] {
  if (row.error_code === null) return null;
  return {
    code: row.error_code,
    message: error?.message ?? '',
    providerType: error?.providerType ?? null,
    providerCode: error?.providerCode ?? null,
  };
}

function readBodyFlags(db: Sqlite, readBlock: BlockReader, id: number): CallDetail['bodies'] {
  const kinds = createBodyReader(db, readBlock).listBodies(id);
  return {
    request: kinds.includes('request'),
    response: kinds.includes('response'),
    upstreamRequest: kinds.includes('upstreamRequest'),
    upstreamResponse: kinds.includes('upstreamResponse'),
  };
}
