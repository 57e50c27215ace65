import type { AdminEvent } from '../contract/admin-events.ts';

const windowMs = 60_000;
const enough = 5;
const quietMs = 600_000;

/**
 * Notices when calls fail one after the other. A single failure is the caller's matter.
 * @returns the words to show, once in ten minutes at most; else null
 */
export function createErrorBurst(): (event: AdminEvent) => string | null {
  let failures: number[] = [];
  let saidAt = Number.NEGATIVE_INFINITY;
  return (event) => {
    if (event.type !== 'call-finished' || event.call.status !== 'error') return null;
    failures = [...failures.filter((at) => event.at - at < windowMs), event.at];
    if (failures.length < enough || event.at - saidAt < quietMs) return null;
    saidAt = event.at;
    const where = event.call.provider === null ? '' : `, the last from ${event.call.provider}`;
    return `${failures.length} calls failed within a minute${where}${event.call.errorCode === null ? '' : ` (${event.call.errorCode})`}.`;
  };
}
