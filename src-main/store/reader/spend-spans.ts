import { createLocalClock } from './local-clock.ts';
import type { SpendRequest } from './parse-spend-query.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/** A stretch of time that is one group of the report. Epoch ms, `toMs` exclusive. */
export interface Span {
  /** null when the report is not grouped by time. */
  key: string | null;
  fromMs: number;
  toMs: number;
}

/** Cuts a range at the local midnights or at the hours. Hours are those of UTC in every zone; their keys are local. */
export function cutIntoSpans({ grouping, timeZone }: SpendRequest, fromMs: number, toMs: number): Span[] {
  if (grouping.by !== 'day' && grouping.by !== 'hour') return [{ key: null, fromMs, toMs }];
  const clock = createLocalClock(timeZone);
  const isByDay = grouping.by === 'day';
  const spans: Span[] = [];
  for (let at = fromMs; at < toMs; ) {
    const next = Math.min(toMs, isByDay ? clock.nextDayAt(at) : (Math.floor(at / HOUR_MS) + 1) * HOUR_MS);
    spans.push({ key: isByDay ? clock.dateAt(at) : clock.minuteAt(Math.floor(at / HOUR_MS) * HOUR_MS), fromMs: at, toMs: next });
    at = next;
  }
  return spans;
}

/** A part of a span that one table answers: whole UTC days, whole hours (both since 1970), or calls by their time in ms. */
export interface Slice {
  unit: 'day' | 'hour' | 'call';
  first: number;
  end: number;
  /** -1: to be taken away again. */
  sign: 1 | -1;
}

/** Covers a span exactly, with few rows to read. */
export function cutIntoSlices({ fromMs, toMs }: Pick<Span, 'fromMs' | 'toMs'>, hasDays: boolean): Slice[] {
  if (fromMs >= toMs) return [];
  const firstHour = Math.ceil(fromMs / HOUR_MS);
  const endHour = Math.floor(toMs / HOUR_MS);
  if (firstHour > endHour) return cut('call', fromMs, toMs);
  const firstDay = Math.ceil(firstHour / DAY_HOURS);
  const endDay = Math.floor(endHour / DAY_HOURS);
  const whole =
    hasDays && firstDay < endDay
      ? [...cut('hour', firstHour, firstDay * DAY_HOURS), ...cut('day', firstDay, endDay), ...cut('hour', endDay * DAY_HOURS, endHour)]
      : cut('hour', firstHour, endHour);
  return [...cutPartHour(fromMs, firstHour * HOUR_MS), ...whole, ...cutPartHour(endHour * HOUR_MS, toMs)];
}

/**
 * A part that begins or ends with its hour. The smaller side of the cut is read, the larger one is the hour without it.
 * Two days that meet within an hour (India is half an hour off) thus ask for the same calls.
 */
function cutPartHour(fromMs: number, toMs: number): Slice[] {
  if (fromMs >= toMs) return [];
  const hour = Math.floor(fromMs / HOUR_MS);
  const startsWithHour = fromMs === hour * HOUR_MS;
  const lengthMs = toMs - fromMs;
  if (lengthMs < HOUR_MS / 2 || (lengthMs === HOUR_MS / 2 && startsWithHour)) return cut('call', fromMs, toMs);
  const rest = startsWithHour ? cut('call', toMs, (hour + 1) * HOUR_MS, -1) : cut('call', hour * HOUR_MS, fromMs, -1);
  return [...cut('hour', hour, hour + 1), ...rest];
}

function cut(unit: Slice['unit'], first: number, end: number, sign: Slice['sign'] = 1): Slice[] {
  return first < end ? [{ unit, first, end, sign }] : [];
}
