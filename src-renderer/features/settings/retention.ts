import type { Settings } from '../../../src-main/contract/entities.ts';

export interface RetentionFields {
  bodyDays: string;
  bodyGigabytes: string;
  callDays: string;
}

export type Retention = Pick<Settings, 'bodiesMaxAgeDays' | 'bodiesMaxBytes' | 'metadataMaxAgeDays'>;
export type RetentionProblems = Partial<Record<keyof RetentionFields, string>>;

const bytesPerGigabyte = 1_000_000_000;
const minBytes = 10_000_000;

export function fillRetention(settings: Retention): RetentionFields {
  return {
    bodyDays: String(settings.bodiesMaxAgeDays),
    bodyGigabytes: String(settings.bodiesMaxBytes / bytesPerGigabyte),
    callDays: String(settings.metadataMaxAgeDays),
  };
}

/** What the gateway would take, or what is wrong at which field. */
export function parseRetention(fields: RetentionFields): { retention: Retention | null; problems: RetentionProblems } {
  const problems: RetentionProblems = {};
  const days = (name: 'bodyDays' | 'callDays', most: number): number => {
    const value = Number(fields[name]);
    if (fields[name].trim() === '' || !Number.isInteger(value) || value < 1 || value > most)
      problems[name] = `A whole number of days from 1 to ${most}.`;
    return value;
  };
  const bodiesMaxAgeDays = days('bodyDays', 3650);
  const metadataMaxAgeDays = days('callDays', 36_500);
  const bodiesMaxBytes = Math.round(Number(fields.bodyGigabytes) * bytesPerGigabyte);
  if (!(bodiesMaxBytes >= minBytes) || !Number.isSafeInteger(bodiesMaxBytes)) problems.bodyGigabytes = 'At least 0.01 GB.';
  const isGood = Object.keys(problems).length === 0;
  return { retention: isGood ? { bodiesMaxAgeDays, bodiesMaxBytes, metadataMaxAgeDays } : null, problems };
}
