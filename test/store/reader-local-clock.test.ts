import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLocalClock } from '../../src-main/store/reader/local-clock.ts';

const HOUR_MS = 3_600_000;

describe('local clock', () => {
  it.each([
    ['Asia/Kolkata', '2026-03-03T12:00:00Z', '2026-03-03T18:30:00Z'],
    ['Asia/Kathmandu', '2026-03-03T12:00:00Z', '2026-03-03T18:15:00Z'],
    ['America/Los_Angeles', '2026-03-03T07:59:59Z', '2026-03-03T08:00:00Z'],
    // 23 and 25 hours long
    ['America/Los_Angeles', '2026-03-08T08:00:00Z', '2026-03-09T07:00:00Z'],
    ['America/Los_Angeles', '2026-11-01T07:00:00Z', '2026-11-02T08:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z'],
    // midnight does not exist: the clock goes from 23:59:59 to 01:00
    ['America/Sao_Paulo', '2018-11-03T12:00:00Z', '2018-11-04T03:00:00Z'],
    // midnight comes twice: at 00:00 the clock goes back to 23:00
    ['America/Sao_Paulo', '2018-02-17T12:00:00Z', '2018-02-18T03:00:00Z'],
    // 30 December 2011 was left out
    ['Pacific/Apia', '2011-12-29T12:00:00Z', '2011-12-30T10:00:00Z'],
    [330, '2026-03-03T12:00:00Z', '2026-03-03T18:30:00Z'],
    [-480, '2026-03-03T12:00:00Z', '2026-03-04T08:00:00Z'],
  ])('in %s the day of %s ends at %s', (zone, at, end) => {
    expect(new Date(createLocalClock(zone).nextDayAt(Date.parse(at))).toISOString().replace('.000', '')).toBe(end);
  });

  it('ends a day at the first instant with another date, in every zone and on every day', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const instants = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2035, 0) });
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (zone, at) => {
        const clock = createLocalClock(zone);
        const next = clock.nextDayAt(at);
        expect(next - at).toBeGreaterThan(0);
        expect(next - at).toBeLessThanOrEqual(48 * HOUR_MS);
        expect(clock.dateAt(next - 1)).toBe(clock.dateAt(at));
        expect(clock.dateAt(next) > clock.dateAt(at)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('tells apart the hour that comes twice', () => {
    const clock = createLocalClock('America/New_York');
    expect(clock.minuteAt(Date.parse('2026-11-01T05:00:00Z'))).toBe('2026-11-01T01:00-04:00');
    expect(clock.minuteAt(Date.parse('2026-11-01T06:00:00Z'))).toBe('2026-11-01T01:00-05:00');
    expect(Date.parse(clock.minuteAt(Date.parse('2026-11-01T06:00:00Z')))).toBe(Date.parse('2026-11-01T06:00:00Z'));
  });

  it.each(['Mars/Olympus', '', 'UTC; DROP TABLE calls', 2000])('refuses %s', (zone) => {
    expect(() => createLocalClock(zone)).toThrow(RangeError);
  });
});
