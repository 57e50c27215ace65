/** Passes text on in pieces that are whole characters. */
export interface TextHold {
  push(text: string): string;
  /** What is still held: half a character, if the text ended so. */
  flush(): string;
}

/**
 * Upstreams may cut JSON strings between the two halves of a surrogate pair. A half cannot be written as UTF-8 and
 * breaks clients that join deltas by code point, so it waits for its other half.
 */
export function createTextHold(): TextHold {
  let held = '';
  return {
    push(text) {
      const joined = held + text;
      const last = joined.charCodeAt(joined.length - 1);
      held = last >= 0xd800 && last <= 0xdbff ? joined.slice(-1) : '';
      return held === '' ? joined : joined.slice(0, -1);
    },
    flush() {
      const rest = held;
      held = '';
      return rest;
    },
  };
}
