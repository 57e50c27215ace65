export type RangeName = 'today' | '7d' | '30d' | 'custom';

/** From inclusive to exclusive, epoch ms, and what a bar stands for. */
export interface SpendRange {
  from: number;
  to: number;
  bar: 'hour' | 'day';
}

export const rangeNames: readonly { value: RangeName; label: string }[] = [
  { value: 'today', label: 'Today' },
  { value: '7d', label: '7 days' },
  { value: '30d', label: '30 days' },
  { value: 'custom', label: 'Custom' },
];

const days: Record<Exclude<RangeName, 'custom'>, number> = { today: 1, '7d': 7, '30d': 30 };
/** More bars than this say nothing. */
const maxDays = 366;

export function parseRangeName(text: string | null): RangeName {
  return rangeNames.find(({ value }) => value === text)?.value ?? 'today';
}

/** Whole days of the viewer's zone, today the last of them. */
export function resolveRange(name: Exclude<RangeName, 'custom'>, now: Date): SpendRange {
  return { from: startOfDay(now, 1 - days[name]), to: startOfDay(now, 1), bar: name === 'today' ? 'hour' : 'day' };
}

/** From the first to the last of two days, "2026-11-03", in either order; null when one of them is none, or they are years apart. */
export function resolveCustomRange(first: string | null, last: string | null): SpendRange | null {
  const [a, b] = [parseDay(first), parseDay(last)];
  if (a === null || b === null) return null;
  const [from, until] = a <= b ? [a, b] : [b, a];
  const to = startOfDay(until, 1);
  if (Math.round((to - from.getTime()) / 86_400_000) > maxDays) return null;
  return { from: from.getTime(), to, bar: from.getTime() === until.getTime() ? 'hour' : 'day' };
}

/** As many days of the calendar before it; of a day that is not over, only as much of the day before as has passed by the clock. */
export function previousRange({ from, to }: SpendRange, now: number): { from: number; to: number } {
  // A day more or less of 23 or 25 hours does not change the whole number.
  const back = -Math.round((to - from) / 86_400_000);
  const end = now < to ? addDays(new Date(now), back) : addDays(new Date(to), back);
  return { from: addDays(new Date(from), back), to: end };
}

/** For a date field: "2026-11-03". */
export function renderDay(at: Date): string {
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

export function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** The same time by the clock, some days on. */
function addDays(at: Date, days: number): number {
  const other = new Date(at);
  return other.setDate(at.getDate() + days);
}

function startOfDay(day: Date, add: number): number {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + add).getTime();
}

function parseDay(text: string | null): Date | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? '');
  if (match === null) return null;
  const day = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return renderDay(day) === text ? day : null;
}
