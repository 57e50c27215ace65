const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const plain = new Intl.NumberFormat('en-US');

/** "1.2M", "84K", "960"; null is "–": not reported is not zero. */
export function renderCount(count: number | null): string {
  if (count === null) return '–';
  return Math.abs(count) < 10_000 ? plain.format(count) : compact.format(count);
}

export function renderExactCount(count: number): string {
  return plain.format(count);
}

/** "3.1 KB", "20 MB". */
export function renderBytes(bytes: number | null): string {
  if (bytes === null) return '–';
  if (bytes < 1000) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit] ?? ''}`;
}

/** "640 ms", "4.9 s", "3 min 20 s"; null is "–". */
export function renderDuration(ms: number | null): string {
  if (ms === null) return '–';
  // Rounded before it is divided: 59.96 s is a minute, not 60.0 s.
  const wholeMs = Math.round(ms);
  if (wholeMs < 1000) return `${wholeMs} ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** "71 %"; null when there is nothing to be a part of. */
export function renderShare(part: number, whole: number): string | null {
  return whole === 0 ? null : `${Math.round((part / whole) * 100)} %`;
}
