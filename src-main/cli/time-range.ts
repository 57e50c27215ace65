import { CliError } from './cli-error.ts';

const unitMs = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/**
 * Start of a period that ends now, epoch ms: "7d", "24h", "2w" back from now; "today", "month" and "2026-11-01" from that
 * midnight in the local time zone.
 * @throws CliError for anything else
 */
export function parseSince(text: string, now: number): number {
  const span = /^(\d{1,4})([hdw])$/.exec(text);
  if (span?.[1] !== undefined) return now - Number(span[1]) * unitMs[span[2] as keyof typeof unitMs];
  const midnight = new Date(now);
  midnight.setHours(0, 0, 0, 0);
  if (text === 'today') return midnight.getTime();
  if (text === 'month') return midnight.setDate(1);
  const date = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (date !== null) {
    const [year, month, day] = date.slice(1).map(Number) as [number, number, number];
    const start = new Date(year, month - 1, day);
    if (start.getMonth() === month - 1 && start.getDate() === day) return start.getTime();
  }
  throw new CliError(`"${text}" is not a period: use 7d, 24h, today, month or a date such as 2026-11-01.`, 2);
}
