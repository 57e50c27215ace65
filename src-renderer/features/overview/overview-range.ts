export type RangeName = 'today' | '7d' | '30d';

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
];

export function parseRangeName(text: string | null): RangeName {
  return text === '7d' || text === '30d' ? text : 'today';
}

const days: Record<RangeName, number> = { today: 1, '7d': 7, '30d': 30 };

/** Whole days of the viewer's zone, today the last of them. */
export function resolveRange(name: RangeName, now: Date): SpendRange {
  const from = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days[name] + 1).getTime();
  const to = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime();
  return { from, to, bar: name === 'today' ? 'hour' : 'day' };
}

/** As many days before it; of a day that is not over, only as much of the day before as has passed. */
export function previousRange(range: SpendRange, now: number): { from: number; to: number } {
  const length = range.to - range.from;
  return { from: range.from - length, to: Math.min(range.to, now) - length };
}
