import type { CallsQuery, GroupQuery, RangeQuery, SpendQuery } from '../contract/admin-api.ts';
import type { CallDetail, CallSummary, ConversationSummary, SpendReport, SpendTotals } from '../contract/entities.ts';
import type { CacheSavings, ErrorReport, LatencyReport } from '../contract/reports.ts';

/** Reads of the ledger. All run in another thread; the request loop never waits for a query. */
export interface LedgerReader {
  /** Newest first. `cursor` is opaque. @throws GatewayError invalid_request on a bad cursor or filter */
  listCalls(query: CallsQuery): Promise<Page<CallSummary>>;
  /** null when there is no such call. `costLines` is left empty: the admin API computes it from `priceRow`. */
  readCall(id: number): Promise<CallDetail | null>;
  /** `CallBodies` as JSON in UTF-8, for an answer as it is; null when there is no such call. */
  renderBodies(id: number): Promise<Uint8Array<ArrayBuffer> | null>;
  readSpend(query: SpendQuery, now: number): Promise<SpendReport>;
  readLatency(query: GroupQuery, now: number): Promise<LatencyReport>;
  readCacheSavings(query: GroupQuery, now: number): Promise<CacheSavings>;
  listErrors(query: RangeQuery, now: number): Promise<ErrorReport>;
  /** Totals since `fromMs`, without demo calls: the tray's number. */
  readTotals(fromMs: number): Promise<SpendTotals>;
  /** Every tag key with its most used values. */
  listTags(): Promise<{ key: string; values: string[] }[]>;
  listConversations(query: { limit?: number; cursor?: string }): Promise<Page<ConversationSummary>>;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
