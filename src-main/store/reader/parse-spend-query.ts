import type { SpendQuery } from '../../contract/admin-api.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import { createLocalClock, type TimeZone } from './local-clock.ts';
import { parseScopeFilter, type ScopeFilter } from './scope-filter.ts';

export type SpendGrouping =
  | { by: 'model' | 'target' | 'provider' | 'caller' | 'day' | 'hour' }
  /** By the value of this tag. */
  | { by: 'tag'; key: string };

/** A checked spend query. */
export interface SpendRequest {
  /** As it stood in the query, for the report. */
  groupBy: string;
  grouping: SpendGrouping;
  /** Epoch ms, inclusive; null = from the first call on. */
  fromMs: number | null;
  /** Epoch ms, exclusive. */
  toMs: number;
  scope: ScopeFilter;
  timeZone: TimeZone;
  includeDemo: boolean;
}

/** @throws GatewayError invalid_request naming the parameter */
export function parseSpendQuery(query: SpendQuery, now: number): SpendRequest {
  const groupBy = query.groupBy ?? 'model';
  return {
    groupBy,
    grouping: parseGrouping(groupBy),
    fromMs: query.from ?? null,
    // `to` is exclusive, and a call may have started within this very millisecond.
    toMs: query.to ?? now + 1,
    scope: parseScopeFilter(query),
    timeZone: parseTimeZone(query.timeZone ?? 'UTC'),
    includeDemo: query.includeDemo ?? false,
  };
}

function parseGrouping(groupBy: string): SpendGrouping {
  if (groupBy.startsWith('tag:') && groupBy.length > 'tag:'.length) return { by: 'tag', key: groupBy.slice('tag:'.length) };
  switch (groupBy) {
    case 'model':
    case 'target':
    case 'provider':
    case 'caller':
    case 'day':
    case 'hour':
      return { by: groupBy };
    default:
      throw new GatewayError('invalid_request', 'groupBy is model, target, provider, caller, day, hour or tag:KEY.', { param: 'groupBy' });
  }
}

/** Minutes ahead of UTC, or an IANA name. */
function parseTimeZone(text: string): TimeZone {
  const zone = /^[+-]?\d{1,4}$/.test(text) ? Number(text) : text;
  try {
    createLocalClock(zone);
    return zone;
  } catch (cause) {
    throw new GatewayError('invalid_request', `"${text}" is no time zone: give an IANA name or minutes ahead of UTC.`, {
      param: 'timeZone',
      cause,
    });
  }
}
