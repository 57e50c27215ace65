import { type Static, Type } from 'typebox';
import { CallStatusSchema } from './entities.ts';
import { count, nullable } from './schema-parts.ts';

const groupKey = nullable(Type.String({ description: 'model, "provider/model", provider, caller key id or tag value; null = without' }));

/** Of successful calls, by rank: half of them took at most `p50`. */
const Percentiles = Type.Object({ p50: Type.Integer(), p95: Type.Integer() });

const latency = {
  calls: count,
  durationMs: nullable(Percentiles),
  /** Streamed calls only: what comes whole has no first token. */
  streamed: count,
  firstTokenMs: nullable(Percentiles),
};

/** How long successful calls took. The newest of the range are looked at, at most 5,000. */
export const LatencyReportSchema = Type.Object({
  groupBy: Type.String(),
  from: Type.Integer(),
  to: Type.Integer(),
  isWhole: Type.Boolean({ description: 'false = the range has more calls than were looked at' }),
  totals: Type.Object(latency),
  groups: Type.Array(Type.Object({ key: groupKey, ...latency })),
});
export type LatencyReport = Static<typeof LatencyReportSchema>;
export type Latency = Omit<LatencyReport['groups'][number], 'key'>;

const saving = {
  /** What cached input cost less than the same tokens uncached, cache writes that cost more taken off; null = no call has known rates. */
  savedNanoUsd: nullable(Type.Integer()),
  calls: Type.Integer({ minimum: 0, description: 'with cached tokens and known rates' }),
  unknown: Type.Integer({ minimum: 0, description: 'with cached tokens and no known rates' }),
};

/** Computed from the price row each call was priced with; calls without cached tokens are not in it. */
export const CacheSavingsSchema = Type.Object({
  groupBy: Type.String(),
  from: Type.Integer(),
  to: Type.Integer(),
  /** Calls before are not counted yet: much was asked for at once. Ask again for more. Equal to `from` when nothing is left. */
  countedFrom: Type.Integer(),
  totals: Type.Object(saving),
  groups: Type.Array(Type.Object({ key: groupKey, ...saving })),
});
export type CacheSavings = Static<typeof CacheSavingsSchema>;
export type CacheSaving = Omit<CacheSavings['groups'][number], 'key'>;

/** Calls that ended otherwise than well, by what they had in common; the most frequent first, at most 50. */
export const ErrorReportSchema = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  /** Calls looked at: the newest that did not end well, at most 10,000. */
  calls: count,
  isWhole: Type.Boolean({ description: 'false = the range has more of them than were looked at' }),
  items: Type.Array(
    Type.Object({
      status: CallStatusSchema,
      errorCode: nullable(Type.String()),
      httpStatus: nullable(Type.Integer()),
      provider: nullable(Type.String()),
      calls: count,
      lastCallId: Type.String(),
      lastAt: Type.Integer(),
    }),
  ),
});
export type ErrorReport = Static<typeof ErrorReportSchema>;

/** Models with calls of unknown cost for which there is no price now. Most calls first. */
export const UnpricedReportSchema = Type.Object({
  items: Type.Array(
    Type.Object({
      provider: Type.String(),
      model: Type.String(),
      calls: Type.Integer({ minimum: 0, description: 'of unknown cost' }),
      /** Of all calls of the model in the range. */
      inputTokens: count,
      outputTokens: count,
    }),
  ),
  /** Calls of unknown cost that a new price would not have changed: the model has one by now, or they reported no tokens. */
  otherCalls: count,
});
export type UnpricedReport = Static<typeof UnpricedReportSchema>;
