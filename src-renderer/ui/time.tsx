import { type ReactNode, useEffect, useState } from 'react';

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' });

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Relative while it is fresh, then the clock, then the day; exact on hover. @param at epoch ms */
export function Time({ at }: { at: number }): ReactNode {
  const now = useMinute();
  return (
    <time dateTime={new Date(at).toISOString()} title={exact.format(at)}>
      {renderTime(at, now)}
    </time>
  );
}

function renderTime(at: number, now: number): string {
  const ago = now - at;
  if (ago < 10_000) return 'now';
  if (ago < minuteMs) return relative.format(-Math.round(ago / 1000), 'second');
  if (ago < hourMs) return relative.format(-Math.round(ago / minuteMs), 'minute');
  if (ago < dayMs) return clock.format(at);
  return day.format(at);
}

/** Every half minute, so that "2 min ago" becomes "3 min ago". */
function useMinute(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), minuteMs / 2);
    return () => clearInterval(timer);
  }, []);
  return now;
}
