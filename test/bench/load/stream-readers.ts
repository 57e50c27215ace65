/** Counts occurrences of a short text in a body that arrives in slices. */
export interface MarkCounter {
  push(slice: Buffer): void;
  readonly count: number;
  /** `performance.now()` of the first occurrence; 0 = none yet. */
  readonly firstAt: number;
}

export function countMarks(mark: string): MarkCounter {
  const wanted = Buffer.from(mark);
  let tail: Buffer = Buffer.alloc(0);
  let count = 0;
  let firstAt = 0;
  return {
    push(slice) {
      const data = tail.length > 0 ? Buffer.concat([tail, slice]) : slice;
      for (let i = data.indexOf(wanted); i >= 0; i = data.indexOf(wanted, i + wanted.length)) count++;
      if (firstAt === 0 && count > 0) firstAt = performance.now();
      // Copied: the slice is only valid now.
      tail = Buffer.from(data.subarray(Math.max(0, data.length - wanted.length + 1)));
    },
    get count() {
      return count;
    },
    get firstAt() {
      return firstAt;
    },
  };
}

/** Microseconds on CLOCK_MONOTONIC, which all processes of a machine share. */
export function readSharedClockUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

const LONGEST_STAMP = 16;

/** Collects how long each "@<base 36 microseconds>~" in a stream took from its writer to here. */
export function collectStamps(delaysUs: number[]): (slice: Buffer) => void {
  let carry = '';
  return (slice) => {
    const now = readSharedClockUs();
    const text = carry + slice.toString('latin1');
    carry = '';
    for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      const end = text.indexOf('~', at);
      if (end < 0) {
        carry = text.slice(at);
        if (carry.length > LONGEST_STAMP) carry = '';
        return;
      }
      if (end - at < LONGEST_STAMP) delaysUs.push(now - Number.parseInt(text.slice(at + 1, end), 36));
    }
  };
}
