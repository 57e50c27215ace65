import type { BookPrice } from './price-book-data.ts';

/** When a price holds, in a form that is compared without parsing dates on each call. */
export interface PriceValidity {
  fromMs: number;
  /** Exclusive. */
  toMs: number;
  /** Minutes of the UTC day, start inclusive, end exclusive; null = all day. */
  hours: readonly [number, number] | null;
  weekdays: readonly number[] | null;
  /** For the row's id: "always", "2026-10-07", "2026-08-17,01:00-04:00". */
  label: string;
}

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 4;

export function createPriceValidity(price: Pick<BookPrice, 'from' | 'hours' | 'weekdays'>, validTo: string | null): PriceValidity {
  const parts = [price.from ?? 'always'];
  if (price.hours !== undefined) parts.push(price.hours.join('-'));
  if (price.weekdays !== undefined) parts.push(`days${price.weekdays.join('')}`);
  return {
    fromMs: price.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(price.from),
    toMs: validTo === null ? Number.POSITIVE_INFINITY : Date.parse(validTo),
    hours: price.hours === undefined ? null : [readMinutes(price.hours[0]), readMinutes(price.hours[1])],
    weekdays: price.weekdays ?? null,
    label: parts.join(','),
  };
}

export function isValidAt(validity: PriceValidity, atMs: number): boolean {
  if (atMs < validity.fromMs || atMs >= validity.toMs) return false;
  const day = Math.floor(atMs / DAY_MS);
  if (validity.weekdays !== null && !validity.weekdays.includes((((day + EPOCH_WEEKDAY) % 7) + 7) % 7)) return false;
  if (validity.hours === null) return true;
  const minute = (atMs - day * DAY_MS) / 60_000;
  const [start, end] = validity.hours;
  return start <= end ? minute >= start && minute < end : minute >= start || minute < end;
}

function readMinutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}
