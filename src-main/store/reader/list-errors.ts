import type { ErrorReport } from '../../contract/reports.ts';
import { readCallTime, renderCallId } from '../../domain/call-id.ts';
import { STATUS_OK, STATUS_STARTED, statusCodes } from '../codes.ts';
import type { Sqlite } from '../database.ts';
import { readIdRange } from './id-range.ts';
import type { SpendRequest } from './parse-spend-query.ts';
import { readScopeGroups } from './scope-groups.ts';

const MAX_CALLS = 10_000;
const MAX_ITEMS = 50;

interface FailedCall {
  id: number;
  status: number;
  error_code: string | null;
  http_status: number | null;
  scope_id: number;
}

interface ErrorGroup {
  last: FailedCall;
  provider: string | null;
  calls: number;
}

/** The newest calls of a range that ended and not well, counted by status, code, HTTP status and provider. */
export function listErrors(db: Sqlite, request: SpendRequest): ErrorReport {
  const { fromMs, toMs } = request;
  return db.transaction(() => {
    const providerOf = readScopeGroups(db, { ...request, grouping: { by: 'provider' } });
    const failed = db.prepare<[number, number, number], FailedCall>(selectFailed).all(...readIdRange(request), MAX_CALLS);
    const groups = groupCalls(failed, providerOf);
    return {
      from: fromMs ?? 0,
      to: toMs,
      calls: groups.reduce((sum, { calls }) => sum + calls, 0),
      isWhole: failed.length < MAX_CALLS,
      items: groups.slice(0, MAX_ITEMS).map(({ last, provider, calls }) => ({
        status: statusCodes.wordOf(last.status) ?? 'interrupted',
        errorCode: last.error_code,
        httpStatus: last.http_status,
        provider,
        calls,
        lastCallId: renderCallId(last.id),
        lastAt: readCallTime(last.id),
      })),
    };
  })();
}

/** The ids come from the index alone; `status <> 1` is the condition under which it may be used. */
const selectFailed = `
  SELECT c.id, c.status, c.error_code, c.http_status, c.scope_id FROM (
    SELECT id FROM calls INDEXED BY calls_not_ok
    WHERE status <> ${STATUS_OK} AND status > ${STATUS_STARTED} AND id >= ? AND id < ? ORDER BY id DESC LIMIT ?
  ) newest CROSS JOIN calls c ON c.id = newest.id`;

/** Newest first in, most frequent first out. */
function groupCalls(calls: readonly FailedCall[], providerOf: ReadonlyMap<number, string | null>): ErrorGroup[] {
  const groups = new Map<string, ErrorGroup>();
  for (const call of calls) {
    const provider = providerOf.get(call.scope_id);
    if (provider === undefined) continue;
    const key = `${call.status} ${call.http_status} ${provider} ${call.error_code}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { last: call, provider, calls: 1 });
    else group.calls++;
  }
  return [...groups.values()].sort((a, b) => b.calls - a.calls || b.last.id - a.last.id);
}
