/** Minutes ahead of UTC, or an IANA name. */
export type TimeZone = number | string;

/** Clock of a zone: what the wall shows there at an instant, daylight saving included. */
interface LocalClock {
  /** "YYYY-MM-DD" there. */
  dateAt(epochMs: number): string;
  /** "YYYY-MM-DDTHH:MM±HH:MM" there: unambiguous when an hour comes twice. */
  minuteAt(epochMs: number): string;
  /** The first instant of the day there after the one that holds `epochMs`. Days of 23 and 25 hours, and days that do not begin at 00:00, are as they are. */
  nextDayAt(epochMs: number): number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** No zone is or was further from UTC. */
const MAX_OFFSET_MINUTES = 18 * 60;

/** @throws RangeError when there is no such zone */
export function createLocalClock(zone: TimeZone): LocalClock {
  const offsetAt = typeof zone === 'number' ? fixedOffset(zone) : createOffsetReader(zone);
  const localIso = (epochMs: number) => new Date(epochMs + offsetAt(epochMs)).toISOString();
  const dateAt = (epochMs: number) => localIso(epochMs).slice(0, 10);

  function nextDayAt(epochMs: number): number {
    const date = dateAt(epochMs);
    const isLater = (instant: number) => dateAt(instant) > date;
    const localMidnight = Math.floor((epochMs + offsetAt(epochMs)) / DAY_MS) * DAY_MS + DAY_MS;
    // The offset at midnight may be another than now's.
    const guess = localMidnight - offsetAt(localMidnight - offsetAt(epochMs));
    if (isLater(guess) && !isLater(guess - 1)) return guess;
    // Midnight itself is skipped or comes twice there.
    return findFirst(isLater, epochMs, epochMs + 2 * DAY_MS);
  }

  return {
    dateAt,
    minuteAt: (epochMs) => localIso(epochMs).slice(0, 16) + renderOffset(offsetAt(epochMs)),
    nextDayAt,
  };
}

function fixedOffset(minutes: number): () => number {
  if (Math.abs(minutes) > MAX_OFFSET_MINUTES) throw new RangeError(`no zone is ${minutes} minutes from UTC`);
  return () => minutes * MINUTE_MS;
}

function createOffsetReader(zone: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (epochMs) => {
    const fields: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(epochMs)) fields[type] = Number(value);
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(epochMs / 1000) * 1000;
  };
}

/** The smallest instant in (low, high] for which the condition holds; it must hold for `high` and for all that follow the first. */
function findFirst(holds: (instant: number) => boolean, low: number, high: number): number {
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function renderOffset(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / MINUTE_MS;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}
